"""盘活存量土地: the land brought back into use, the 380 亩 of the 2017 report."""

import geopandas as gpd
import pandas as pd

from gis import area, units
from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Rule, Style, Topology
from gis.text import Text, same
from layers._shared import LAND, NOTE, REPORT_2017, SOURCE

TARGET_MU = 350


def _total_mu(frames: Frames) -> Reading:
    parcels = frames["revitalised_parcels"]
    return units.mu(area.areas(parcels.geometry).sum()), parcels.index


def _of_target(frames: Frames) -> Reading:
    total_mu, features = _total_mu(frames)
    return total_mu / TARGET_MU * 100, features


def _scheme_without_code(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[frame["use_scheme"].notna() & frame["use_code"].isna()]


LAYER = Layer(
    key="revitalised_parcels",
    title=Text("盘活存量土地", "Revitalised land"),
    about=Text("2017 年盘活的存量土地地块", "Parcels of stock land brought back into use in 2017"),
    group=LAND,
    order=20,
    geometry="polygon",
    id="parcel_id",
    name="name",
    source=REPORT_2017,
    fields=(
        Field(key="parcel_id", label=Text("地块编号", "Parcel no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(
            key="kind",
            label=Text("类别", "Kind"),
            required=True,
            choices={
                "idle": Text("闲置土地", "Idle land"),
                "inefficient": Text("低效用地", "Inefficient use"),
                "factory": Text("存量厂房", "Disused factory"),
                "approved_unsupplied": Text("批而未供", "Approved, not supplied"),
                "supplied_unused": Text("供而未用", "Supplied, not used"),
                "pending": Text("待认定", "To be determined"),
            },
        ),
        Field(
            key="use_scheme",
            label=Text("地类标准", "Land-use scheme"),
            choices={
                "GB/T 21010-2017": same("GB/T 21010-2017"),
                "自然资发〔2023〕234号": Text("用地用海分类(2023)", "Land and sea use classes (2023)"),
            },
        ),
        Field(key="use_code", label=Text("地类编码", "Land-use code")),
        Field(
            key="counted_year",
            label=Text("计入年度", "Year counted"),
            kind="integer",
            required=True,
            lowest=2000,
            highest=2100,
        ),
        SOURCE,
        NOTE,
    ),
    style=Style(
        paint=Paint(colour="#4D4D4D", fill="#DDDDDD"),
        by="kind",
        classes={
            "idle": Paint(colour="#8A5A00", fill="#F0B840", fill_opacity=0.65),
            "inefficient": Paint(colour="#7B3F66", fill="#CF8FD0", fill_opacity=0.65, hatch="/"),
            "factory": Paint(colour="#00523C", fill="#2FA684", fill_opacity=0.6, hatch="\\"),
            "approved_unsupplied": Paint(colour="#8C3B00", fill="#E07B4A", fill_opacity=0.6, hatch="x"),
            "supplied_unused": Paint(colour="#6B6410", fill="#E9E07A", fill_opacity=0.6, hatch="-"),
            "pending": Paint(colour="#4D4D4D", fill="#C8C8C8", fill_opacity=0.6, hatch="."),
        },
        label="name",
    ),
    figures=(
        Figure(
            key="revitalised_mu",
            headline=1,
            label=Text("盘活存量土地", "Revitalised land"),
            unit="mu",
            rule=Text("各地块椭球面积之和 × 3 ÷ 2000", "Sum of the parcels' ellipsoidal areas × 3 / 2000"),
            of=_total_mu,
            reported=Reported(value=380, says=Text("380 亩", "380 mu"), source=REPORT_2017),
        ),
        Figure(
            key="target_percent",
            headline=2,
            label=Text("完成指标(350 亩)", "Share of the 350 mu target"),
            unit="percent",
            rule=Text("盘活面积 ÷ 350 亩", "Revitalised area / 350 mu"),
            of=_of_target,
            reported=Reported(value=108.6, decimals=1, says=same("108.6%"), source=REPORT_2017),
        ),
    ),
    rules=(
        Rule(
            key="scheme_without_code",
            title=Text("地类不全", "Land use incomplete"),
            says=Text("写了地类标准,没有地类编码。", "A land-use scheme is given, but no code."),
            reason=Text(
                "同一编码在两套标准中含义不同,标准和编码须同时填写。",
                "The same digits differ between the two schemes; scheme and code belong together.",
            ),
            source=same("GB/T 21010-2017; 自然资发〔2023〕234号"),
            broken=_scheme_without_code,
        ),
    ),
    topology=Topology(gap_m=0.5),
)
