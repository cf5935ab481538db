"""What the screens say, in both languages."""

from gis.text import Text

OFFICE = Text("河海街道挂图室", "Hehai Subdistrict map room")
PRODUCT = Text("挂图", "Guatu")

OVERVIEW = Text("总览", "Overview")
LAND = Text("土地", "Land")
RIVERS = Text("河道", "Rivers")
OVERLAPS = Text("占压清单", "Overlaps")
CHECKS = Text("检查", "Checks")

OTHER_LANGUAGE = Text("English", "中文")
REPORTED = Text("上报 {value}", "reported {value}")
SCHEMATIC = Text("示意数据 非实测", "Schematic, not surveyed")
SCHEMATIC_LONG = Text(
    "图中形状为示意绘制,非实测;范围线不是法定界线。车站位置 © OpenStreetMap contributors。",
    "Shapes are drawn as a scheme, not surveyed; the area's outline is no official boundary. "
    "Station positions © OpenStreetMap contributors.",
)
VERSION = Text("数据版本 {snapshot}", "Data version {snapshot}")

BASIS = Text("指标依据:算法、要素与上报数", "Behind the figures: rules, features, reported values")
EXPORT = Text("导出", "Export")
AS_XLSX = Text("表格 XLSX", "Table (XLSX)")
AS_GEOJSON = Text("图层 GeoJSON", "Layers (GeoJSON)")
AS_PAGE = Text("离线地图 HTML", "Offline map (HTML)")

LAYER = Text("图层", "Layer")
FILTER = Text("筛选", "Filter")
SHOWN = Text("显示 {n:,} / {all:,} 个,合计 {total}", "{n:,} of {all:,} shown, {total} in all")
SHOWN_ONLY = Text("显示 {n:,} / {all:,} 个", "{n:,} of {all:,} shown")
FIND = Text("在全部 {n:,} 行中查找编号或名称", "Find a number or name in all {n:,} rows")
NOT_FOUND = Text("没有找到“{words}”。请换一个编号或名称。", "“{words}” isn't there. Try another number or name.")
ROWS = Text("第 {first:,}–{last:,} 行,共 {n:,} 行", "rows {first:,}–{last:,} of {n:,}")
NOTHING_HERE = Text("没有符合条件的要素。放宽筛选条件后再看。", "Nothing matches. Widen the filter.")
EMPTY_LAYER = Text("图层“{title}”没有要素。", "Layer “{title}” has no features.")
NO_FIGURES = Text("没有可显示的指标:相关图层没有数据。", "No figures: their layers have no data.")
UNREADABLE = Text("{n} 个图层未能载入:{titles}", "{n} layers couldn't be loaded: {titles}")

LEFT = Text("要素", "Features of")
RIGHT = Text("与之重叠", "overlapped by")
PAIRS = Text("{n:,} 对重叠", "{n:,} overlapping pairs")
SUM = Text("逐对合计", "Sum of the pairs")
FIGURES = Text("指标", "Figures")
UNION = Text("并集(不重复计)", "Union, counted once")
TOUCHED = Text("涉及要素", "Features touched")
NO_OVERLAP = Text("两者没有重叠。仅边界相接不算重叠。", "They don't overlap. Sharing only an edge is no overlap.")
SAME_SIDES = Text(
    "两侧为同一图层:列出图层内部的相互重叠。",
    "Both sides are the same layer: its features are compared with each other.",
)
CLAUSE = Text("条款与来源", "Clause and source")
DISTANCE = Text("距离 (米)", "Distance (m)")
SURE = {
    "confirmed": Text("已核", "confirmed"),
    "unconfirmed": Text("待核", "to be confirmed"),
}
APPROXIMATE = Text("以点为基础,范围为近似", "Based on a point: approximate")

FINDINGS = Text("{n} 项问题", "{n} findings")
NO_FINDINGS = Text("没有发现问题。", "Nothing is wrong.")
SO_FAR = Text("(尚未查完)", "so far")
CHECKING = Text("正在检查:已完成 {n} / {all} 个图层", "Checking: {n} of {all} layers done")
SECONDS = Text("{n} 秒", "{n} s")
STOP_CHECKS = Text("停止检查", "Stop")
RESUME_CHECKS = Text("继续检查", "Go on checking")
STOPPED = Text("检查已停止,以下图层没有查完:{titles}。", "The checks were stopped; not checked: {titles}.")
CHECK_FAILED = Text("图层“{title}”没有查完:{why}", "The check of “{title}” didn't finish: {why}")
NOT_CHECKED = Text("以下图层尚未查完:{titles}", "Not checked yet: {titles}")
BY_LAYER = Text("按图层", "By layer")
TYPE = Text("规则", "Rule")

BROKEN = Text("无法显示这一屏", "This screen can't be shown")
BUG = Text(
    "程序出错,数据未受影响。请刷新页面;若仍出现,请把下面一行告知维护人员。",
    "The program failed; no data is affected. Reload the page; if it happens again, report the line below.",
)
