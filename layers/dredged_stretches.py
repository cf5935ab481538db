"""清淤河段: what was dredged where, by chainage, in cubic metres in place (水下自然方)."""

import geopandas as gpd
import pandas as pd

from gis import area
from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Rule, Style
from gis.text import Text
from layers._shared import BRANCH, NOTE, REPORT_2017, RIVER, RIVERS, SOURCE

VOLUME_TOLERANCE = 0.1
THINNEST_M, THICKEST_M = 0.05, 1.5
PRACTICE = Text("城镇河道清淤常用范围", "Usual range for town streams")


def _silt_m3(frames: Frames) -> Reading:
    stretches = frames["dredged_stretches"]
    return stretches["silt_m3"].sum(), stretches.index


def _chaizhi_silt_m3(frames: Frames) -> Reading:
    stretches = frames["dredged_stretches"]
    chaizhi = stretches[stretches["river"] == "柴支浜"]
    return chaizhi["silt_m3"].sum(), chaizhi.index


def _volume_differs(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    expected_m3 = (frame["to_m"] - frame["from_m"]) * frame["width_m"] * frame["thickness_m"]
    return frame.index[(frame["silt_m3"] - expected_m3).abs() > VOLUME_TOLERANCE * expected_m3]


def _implausible_thickness(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[~frame["thickness_m"].between(THINNEST_M, THICKEST_M) & frame["thickness_m"].notna()]


def _length_differs(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    stated_m = frame["to_m"] - frame["from_m"]
    return frame.index[(area.lengths(frame.geometry) - stated_m).abs() > 0.01 * stated_m.abs() + 2]


def _dredged_twice(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    place = ["river", "branch", "year"]
    spans = frame.dropna(subset=place).sort_values([*place, "from_m"])
    reach_m = spans.groupby(place)["to_m"].transform(lambda ends: ends.cummax().shift())
    return spans.index[spans["from_m"] < reach_m - 0.5]


LAYER = Layer(
    key="dredged_stretches",
    title=Text("清淤河段", "Dredged stretches"),
    about=Text("2017 年清淤的河段和方量(水下自然方)", "Stretches dredged in 2017, in cubic metres in place"),
    group=RIVERS,
    order=40,
    geometry="line",
    id="stretch_id",
    name="name",
    source=REPORT_2017,
    fields=(
        Field(key="stretch_id", label=Text("清淤编号", "Stretch no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        RIVER,
        BRANCH,
        Field(key="from_m", label=Text("起点桩号", "From chainage"), kind="number", unit="m", required=True, lowest=0),
        Field(key="to_m", label=Text("终点桩号", "To chainage"), kind="number", unit="m", required=True, lowest=0),
        Field(
            key="width_m",
            label=Text("平均清淤宽度", "Mean width"),
            kind="number",
            unit="m",
            required=True,
            lowest=0.5,
            highest=200,
        ),
        Field(
            key="thickness_m",
            label=Text("平均清淤厚度", "Mean thickness"),
            kind="number",
            unit="m",
            required=True,
            lowest=0,
            highest=10,
        ),
        Field(key="silt_m3", label=Text("清淤方量", "Silt"), kind="number", unit="m3", required=True, lowest=0),
        Field(key="year", label=Text("年度", "Year"), kind="integer", required=True, lowest=2000, highest=2100),
        Field(
            key="method",
            label=Text("方法", "Method"),
            choices={
                "dry": Text("干挖", "dry digging"),
                "hydraulic": Text("水力冲挖", "hydraulic"),
                "suction": Text("绞吸", "cutter suction"),
            },
        ),
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#D55E00", weight=11, opacity=0.6), label="silt_m3"),
    figures=(
        Figure(
            key="silt_m3",
            headline=7,
            label=Text("清淤方量", "Silt dredged"),
            unit="m3",
            rule=Text("各清淤河段方量之和(水下自然方)", "Sum of the stretches' volumes, in place"),
            of=_silt_m3,
            reported=Reported(
                value=40_000, tolerance=0.05, says=Text("约 40000 方", "about 40 000 m³"), source=REPORT_2017
            ),
        ),
        Figure(
            key="chaizhi_silt_m3",
            label=Text("其中柴支浜", "of it Chaizhi Creek"),
            unit="m3",
            rule=Text("柴支浜(含南支)各清淤河段方量之和", "Sum of the volumes on Chaizhi Creek, south branch counted"),
            of=_chaizhi_silt_m3,
            headline=None,
        ),
    ),
    rules=(
        Rule(
            key="volume_differs",
            title=Text("方量与尺寸不符", "Volume and size differ"),
            says=Text(
                "方量 {silt_m3} 方与 长 × 宽 {width_m} × 厚 {thickness_m} 相差超过 10%。",
                "{silt_m3} m³ differs from length × width {width_m} × thickness {thickness_m} by more than 10 %.",
            ),
            reason=Text("方量应与长、宽、厚之积相当。", "The volume should be length × width × thickness."),
            source=PRACTICE,
            broken=_volume_differs,
        ),
        Rule(
            key="thickness_implausible",
            title=Text("厚度异常", "Implausible thickness"),
            says=Text(
                "平均清淤厚度 {thickness_m} 米,不在 0.05 至 1.5 米之间。",
                "A mean thickness of {thickness_m} m is outside 0.05 to 1.5 m.",
            ),
            reason=Text(
                "城镇河道平均淤积很少超过 1.5 米。", "Town streams seldom hold more than 1.5 m of silt on average."
            ),
            source=PRACTICE,
            broken=_implausible_thickness,
        ),
        Rule(
            key="length_differs",
            title=Text("长度与桩号不符", "Length and chainage differ"),
            says=Text(
                "桩号 {from_m} 至 {to_m} 与图上长度相差超过 1%。",
                "Chainage {from_m} to {to_m} differs from the drawn length by more than 1 %.",
            ),
            reason=Text("方量按桩号长度计算。", "Volumes are computed by chainage."),
            source=PRACTICE,
            broken=_length_differs,
        ),
        Rule(
            key="dredged_twice",
            title=Text("重复清淤", "Dredged twice"),
            says=Text(
                "与同年同河的另一清淤河段桩号重叠,可能重复计方。",
                "It overlaps another stretch of the same river and year; silt may be counted twice.",
            ),
            reason=Text("同一年同一段河只计一次方量。", "A year counts each metre of river once."),
            source=PRACTICE,
            broken=_dredged_twice,
            level="error",
        ),
    ),
)
