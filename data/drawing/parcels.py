"""盘活存量土地: the parcels, street by street, that add up to the report's 380 mu."""

# ruff: noqa: E501  one parcel a line
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from data.drawing.lots import Outline, Place, ell, rectangle, trapezium
from data.drawing.noding import noded
from data.drawing.tuning import area_m2, root

TOTAL_MU = 380
TOTAL_M2 = TOTAL_MU * 2000 / 3
GB, SEA = "GB/T 21010-2017", "自然资发〔2023〕234号"
NAMED = "河海街道 2017 年工作报告(名称);图形示意"
UNNAMED = "河海街道 2017 年工作报告(380 亩总量);名称和图形示意"


@dataclass(frozen=True)
class Parcel:
    """One parcel: what it is, and where; with a courtyard that isn't part of it, or a second part elsewhere."""

    name: str
    kind: str
    scheme: str
    code: str
    place: Place
    note: str | None = None
    hole: Outline | None = None
    second: Place | None = None

    def shape(self) -> BaseGeometry:
        """Return the parcel on the map."""
        shape: BaseGeometry = self.place.shape()
        if self.hole is not None:
            shape = shape.difference(self.place.within(self.hole))
        return shape if self.second is None else shapely.MultiPolygon([shape, self.second.shape()])


SEED = "名称见 2017 年报告,类别、地类和图形示意"
IN_REPORT = {
    "爱尔威国际人工智能孵化器",
    "农用激素研发楼",
    "鑫海大厦",
    "河海中车创享天地",
    "K12少儿之家",
    "蓝色港湾四期",
}
# fmt: off
PARCELS = (
    # 黄河路 south side, 通江路 to 次干路一: two factories and a store in a row, a fourth lot on the bank of 汇丰河
    Parcel("黄河路南侧厂房A", "factory", GB, "0601", Place("黄河路", "south", "通江路", 46, rectangle(100, 88, "start"))),
    Parcel("黄河路南侧厂房B", "factory", GB, "0601", Place("黄河路", "south", "通江路", 146, rectangle(88, 88))),
    Parcel("黄河路南侧仓库", "inefficient", GB, "0604", Place("黄河路", "south", "通江路", 234, ell(92, 88, 38, 38))),
    Parcel("汇丰河北岸厂房A", "factory", GB, "0601", Place("规划次干路一", "west", "黄河路", -250, rectangle(110, 86), bank="汇丰河", bank_gap=2.5)),
    # 黄河路 south side, 次干路二 to 晋陵北路: over the tunnel
    Parcel("黄河路南侧厂房C", "inefficient", GB, "0601", Place("黄河路", "south", "规划次干路二", 40, rectangle(84, 96, "start"))),
    Parcel("黄河路南侧地块A", "approved_unsupplied", SEA, "0901", Place("黄河路", "south", "晋陵北路", -236, rectangle(96, 84))),
    Parcel("黄河路南侧地块B", "approved_unsupplied", SEA, "0901", Place("黄河路", "south", "晋陵北路", -140, rectangle(96, 84, "end"))),
    # 黄河路 south side, 晋陵北路 to 次干路三: back to 汇丰河
    Parcel("黄河路南侧厂房D", "factory", GB, "0601", Place("黄河路", "south", "晋陵北路", 44, rectangle(66, 220, "start"), bank="汇丰河", bank_gap=2.5)),
    Parcel("黄河路南侧厂房E", "factory", GB, "0601", Place("黄河路", "south", "晋陵北路", 110, rectangle(62, 220), bank="汇丰河", bank_gap=2.5)),
    # 晋陵北路 east side, 珠江路 to 新区公园 station
    Parcel("爱尔威国际人工智能孵化器", "inefficient", GB, "0601", Place("晋陵北路", "east", "珠江路", 34, rectangle(92, 78, "start")), SEED),
    Parcel("晋陵北路东侧商办楼", "inefficient", GB, "0505", Place("晋陵北路", "east", "珠江路", 126, rectangle(78, 78))),
    Parcel("晋陵北路东侧地块", "supplied_unused", SEA, "0901", Place("晋陵北路", "east", "珠江路", 284, rectangle(111, 72))),
    # 珠江路 south side, 晋陵北路 to 次干路三: a row, and a lot behind it on the bank of 柴支浜
    Parcel("农用激素研发楼", "supplied_unused", SEA, "0802", Place("珠江路", "south", "晋陵北路", 42, rectangle(88, 84, "start")), SEED),
    Parcel("珠江路南侧厂房A", "factory", GB, "0601", Place("珠江路", "south", "晋陵北路", 130, rectangle(76, 84))),
    Parcel("珠江路南侧厂房B", "factory", GB, "0601", Place("珠江路", "south", "晋陵北路", 206, trapezium(70, 84, 66))),
    Parcel("柴支浜北岸厂房", "factory", GB, "0601", Place("规划次干路三", "west", "珠江路", -176, rectangle(132, 80), bank="柴支浜")),
    # 河海路 north side, 晋陵北路 to 次干路三
    Parcel("鑫海大厦", "supplied_unused", GB, "0505", Place("河海路", "north", "晋陵北路", 46, rectangle(78, 84)), SEED),
    Parcel("河海中车创享天地", "factory", GB, "0601", Place("河海路", "north", "晋陵北路", 124, rectangle(80, 220), bank="柴支浜"), SEED),
    Parcel("河海路北侧厂房A", "factory", GB, "0601", Place("河海路", "north", "晋陵北路", 204, ell(88, 92, 34, 36))),
    # 河海路 south side, 晋陵北路 to 次干路三
    Parcel("河海路南侧厂房A", "factory", GB, "0601", Place("河海路", "south", "晋陵北路", 44, rectangle(96, 80, "start"))),
    Parcel("河海路南侧厂房B", "inefficient", GB, "0604", Place("河海路", "south", "晋陵北路", 140, rectangle(92, 80))),
    # 晋陵北路 west side, 支路一 to 河海路
    Parcel("晋陵北路西侧厂房A", "factory", GB, "0601", Place("晋陵北路", "west", "规划支路一", 26, rectangle(104, 86, "start")),
           "院内配电房用地不在盘活范围,扣除", hole=((58, 46), (80, 46), (80, 66), (58, 66))),
    Parcel("晋陵北路西侧厂房B", "factory", GB, "0601", Place("晋陵北路", "west", "规划支路一", 130, rectangle(86, 86))),
    # 支路一: one parcel on both sides of the street
    Parcel("规划支路一两侧仓库", "inefficient", GB, "0604", Place("规划支路一", "north", "规划次干路一", 34, rectangle(84, 58)),
           "支路两侧各一块,同一宗地", second=Place("规划支路一", "south", "规划次干路一", 34, rectangle(84, 46))),
    # 南支, 庐山路, 通江路
    Parcel("柴支浜南支东岸地块", "idle", GB, "1201", Place("规划次干路二", "west", "河海路", -160, rectangle(66, 200), setback=66, bank="柴支浜南支", bank_gap=3.0)),
    Parcel("K12少儿之家", "inefficient", GB, "0501", Place("庐山路", "north", "规划支路十一", 26, rectangle(88, 78)), SEED),
    Parcel("通江路东侧商业楼A", "inefficient", GB, "0501", Place("通江路", "east", "河海路", 42, rectangle(84, 71, "start"))),
    Parcel("通江路东侧商业楼B", "inefficient", GB, "0502", Place("通江路", "east", "河海路", 126, rectangle(78, 71))),
    # 珠江路 north side, 次干路三 to 支路五
    Parcel("珠江路北侧厂房A", "factory", GB, "0601", Place("珠江路", "north", "规划次干路三", 34, rectangle(96, 86, "start"))),
    Parcel("珠江路北侧厂房B", "idle", SEA, "100101", Place("珠江路", "north", "规划次干路三", 130, ell(92, 86, 36, 38))),
    # 藻江河, 太湖路
    Parcel("蓝色港湾四期", "idle", GB, "0701", Place("规划支路六", "east", "规划支路四", -122, rectangle(91, 300), bank="藻江河", bank_gap=14.0),
           "报告列为 2018 年拟盘活的闲置土地;此处计入 380 亩为示意"),
    Parcel("太湖路北侧地块", "pending", SEA, "100101", Place("太湖路", "north", "规划次干路三", 42, rectangle(88, 86, "start"))),
)
# fmt: on
"""The parcels in the order of their numbers."""

TUNED = "黄河路南侧厂房C"
"""The parcel, without neighbours, whose depth is what makes the sum come out."""


@lru_cache
def shapes() -> tuple[BaseGeometry, ...]:
    """Return the parcels' shapes in the order of `PARCELS`, 380.00 mu in all."""
    fixed = noded([parcel.shape() for parcel in PARCELS if parcel.name != TUNED])
    missing_m2 = TOTAL_M2 - area_m2(fixed)
    tuned = next(parcel for parcel in PARCELS if parcel.name == TUNED).place
    front = tuned.outline[2][0]

    def lot(deep_m: float) -> BaseGeometry:
        return tuned.with_outline(rectangle(front, deep_m, "start")).shape()

    deep_m = root(lambda deep: area_m2([lot(deep)]) - missing_m2, 20, 300)
    rest = iter(fixed)
    return tuple(lot(deep_m) if parcel.name == TUNED else next(rest) for parcel in PARCELS)


def by_name() -> dict[str, BaseGeometry]:
    """Return each parcel's shape by its name."""
    return dict(zip((parcel.name for parcel in PARCELS), shapes(), strict=True))


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `revitalised_parcels`."""
    return [
        {
            "parcel_id": f"HH-{number:03d}",
            "name": parcel.name,
            "kind": parcel.kind,
            "use_scheme": parcel.scheme,
            "use_code": parcel.code,
            "counted_year": 2017,
            "source": NAMED if parcel.name in IN_REPORT else UNNAMED,
            "note": parcel.note,
            "geometry": shape,
        }
        for number, (parcel, shape) in enumerate(zip(PARCELS, shapes(), strict=True), 1)
    ]
