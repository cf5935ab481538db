"""河长制河段: which stretch of which river answers to which chief. Roles only, never a person's name."""

import geopandas as gpd
import pandas as pd

from gis import area
from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Rule, Style
from gis.text import Text
from layers._shared import ALIASES, BRANCH, LEVEL, NOTE, REPORT_2017, RIVER, RIVERS, SOURCE

WATER_BUREAU = Text("常州市水利局 2018-09-28《柴支浜整治记》", "Changzhou Water Bureau, 2018-09-28")
LENGTH_TOLERANCE = 0.01


def _rivers(frames: Frames) -> Reading:
    segments = frames["river_segments"]
    return segments["river"].nunique(), segments.index


def _chaizhi_km(frames: Frames) -> Reading:
    segments, rivers = frames["river_segments"], frames["rivers"]
    stem = rivers[(rivers["name"] == "柴支浜") & (rivers["branch"] == "stem")]
    behind = segments.index[(segments["river"] == "柴支浜") & (segments["branch"] == "stem")]
    return area.lengths(stem.geometry).sum() / 1000, behind


def _reversed_chainage(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[frame["to_m"] <= frame["from_m"]]


def _length_differs(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    stated_m = frame["to_m"] - frame["from_m"]
    drawn_m = area.lengths(frame.geometry)
    return frame.index[(drawn_m - stated_m).abs() > LENGTH_TOLERANCE * stated_m.abs() + 2]


def _no_street_chief(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[frame["chief_street"].isna()]


def _chief(key: str, zh: str, en: str) -> Field:
    return Field(key=key, label=Text(zh, en))


LAYER = Layer(
    key="river_segments",
    title=Text("河长制河段", "River-chief segments"),
    about=Text(
        "按责任划分的河段及各级河长(仅列职务)", "Rivers cut where responsibility changes, with each level's chief"
    ),
    group=RIVERS,
    order=30,
    geometry="line",
    id="segment_id",
    name="name",
    aliases="aliases",
    source=REPORT_2017,
    fields=(
        Field(key="segment_id", label=Text("河段编号", "Segment no."), required=True),
        Field(key="name", label=Text("河段", "Segment"), required=True),
        RIVER,
        BRANCH,
        ALIASES,
        Field(
            key="bank",
            label=Text("岸别", "Bank"),
            required=True,
            choices={
                "both": Text("两岸", "both banks"),
                "left": Text("左岸", "left bank"),
                "right": Text("右岸", "right bank"),
            },
        ),
        Field(key="from_m", label=Text("起点桩号", "From chainage"), kind="number", unit="m", required=True, lowest=0),
        Field(key="to_m", label=Text("终点桩号", "To chainage"), kind="number", unit="m", required=True, lowest=0),
        Field(key="width_m", label=Text("河宽", "Width"), kind="number", unit="m", lowest=1, highest=500),
        LEVEL,
        _chief("chief_city", "市级河长", "City chief"),
        _chief("chief_district", "区级河长", "District chief"),
        _chief("chief_street", "街道河长", "Subdistrict chief"),
        _chief("chief_community", "社区河长(段长)", "Community chief"),
        SOURCE,
        NOTE,
    ),
    style=Style(
        paint=Paint(colour="#0072B2", weight=5),
        by="river",
        classes={
            "汇丰河": Paint(colour="#3B97D3", weight=5),
            "柴支浜": Paint(colour="#08519C", weight=5),
            "藻江河": Paint(colour="#0B2F5B", weight=6),
        },
        label="name",
        label_zoom=15,
    ),
    figures=(
        Figure(
            key="rivers",
            headline=5,
            label=Text("河长制河道", "Rivers with a chief"),
            unit="river",
            rule=Text("河段表中不同河道的条数", "Number of different rivers among the segments"),
            of=_rivers,
            reported=Reported(
                value=3, says=Text("汇丰河、柴支浜河、藻江河", "Huifeng, Chaizhi, Zaojiang"), source=REPORT_2017
            ),
        ),
        Figure(
            key="chaizhi_km",
            headline=6,
            label=Text("柴支浜长度", "Length of Chaizhi Creek"),
            unit="km",
            needs=("rivers",),
            rule=Text(
                "柴支浜干流中心线的椭球长度,不含南支",
                "Ellipsoidal length of the stem's centre line, south branch not counted",
            ),
            of=_chaizhi_km,
            reported=Reported(
                value=4.16, decimals=2, tolerance=0.01, says=Text("4.16 公里", "4.16 km"), source=WATER_BUREAU
            ),
        ),
    ),
    rules=(
        Rule(
            key="chainage_reversed",
            title=Text("桩号颠倒", "Chainage reversed"),
            says=Text("起点桩号 {from_m} 不小于终点桩号 {to_m}。", "It starts at {from_m} m and ends at {to_m} m."),
            reason=Text("桩号从上游向下游增加。", "Chainage grows downstream."),
            source=Text("河长制河段划分惯例", "Practice of the river-chief system"),
            broken=_reversed_chainage,
            level="error",
        ),
        Rule(
            key="length_differs",
            title=Text("长度与桩号不符", "Length and chainage differ"),
            says=Text(
                "桩号 {from_m} 至 {to_m} 的差与图上长度相差超过 1%。",
                "Chainage {from_m} to {to_m} differs from the drawn length by more than 1 %.",
            ),
            reason=Text(
                "责任长度按桩号计,图形须与之相符。", "Responsibility is counted by chainage; the shape must agree."
            ),
            source=Text("河长制河段划分惯例", "Practice of the river-chief system"),
            broken=_length_differs,
        ),
        Rule(
            key="no_street_chief",
            title=Text("缺街道河长", "No subdistrict chief"),
            says=Text("河段没有街道级河长。", "The segment has no subdistrict chief."),
            reason=Text("每一河段在每一级有且只有一位责任河长。", "Each segment has exactly one chief at each level."),
            source=Text("江苏省河道管理条例", "Jiangsu river management ordinance"),
            broken=_no_street_chief,
            level="error",
        ),
    ),
)
