"""拟收储: land queued for government acquisition, and how far each item has come."""

import geopandas as gpd
import pandas as pd

from gis import area, overlap, units
from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Rule, Style, Topology
from gis.text import Text
from layers._shared import LAND, NOTE, REPORT_2017, SOURCE

STAGES = {
    "0": Text("0 摸排", "0 surveyed"),
    "1": Text("1 拟收储", "1 queued"),
    "2": Text("2 评估谈判", "2 valued, negotiating"),
    "3": Text("3 已签约", "3 signed"),
    "4": Text("4 腾空搬迁", "4 moving out"),
    "5": Text("5 已拆除(净地)", "5 cleared"),
    "6": Text("6 注销权证/土壤调查", "6 title cancelled, soil surveyed"),
    "7": Text("7 入库", "7 in reserve"),
    "8": Text("8 前期开发/管护", "8 site works, upkeep"),
    "9": Text("9 供应(出让/划拨)", "9 supplied"),
    "X": Text("X 终止", "X ended"),
}


def _shared(frames: Frames) -> pd.DataFrame:
    queue, parcels = frames["acquisition_queue"], frames["revitalised_parcels"]
    return overlap.overlaps(queue.geometry, parcels.geometry)


def _queued_mu(frames: Frames) -> Reading:
    queue, parcels = frames["acquisition_queue"], frames["revitalised_parcels"]
    covered_m2 = overlap.cover(parcels.geometry, queue.geometry).sum()
    return units.mu(covered_m2), _shared(frames)["left"].unique()


def _queued_percent(frames: Frames) -> Reading:
    queue, parcels = frames["acquisition_queue"], frames["revitalised_parcels"]
    cover_m2 = overlap.cover(parcels.geometry, queue.geometry)
    whole_m2 = area.areas(parcels.geometry).sum()
    return (cover_m2.sum() / whole_m2 * 100 if whole_m2 else 0.0), _shared(frames)["left"].unique()


def _households_without_count(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[(frame["kind"] == "households") & frame["households"].isna()]


def _signed_without_document(frame: gpd.GeoDataFrame, _: Frames) -> pd.Index:
    return frame.index[frame["stage"].isin(list("3456789")) & frame["document"].isna()]


LAYER = Layer(
    key="acquisition_queue",
    title=Text("拟收储地块", "Acquisition queue"),
    about=Text("拟由政府收储的企业用地和动迁片区", "Company land and housing areas queued for acquisition"),
    group=LAND,
    order=10,
    geometry="polygon",
    id="item_id",
    name="name",
    source=REPORT_2017,
    fields=(
        Field(key="item_id", label=Text("收储编号", "Item no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(
            key="kind",
            label=Text("对象", "Subject"),
            required=True,
            choices={
                "company": Text("企业用地", "Company land"),
                "households": Text("动迁片区", "Housing to be moved"),
            },
        ),
        Field(key="stage", label=Text("收储阶段", "Stage"), required=True, choices=STAGES),
        Field(
            key="households", label=Text("户数", "Households"), kind="integer", unit="household", lowest=1, highest=5000
        ),
        Field(key="planned_year", label=Text("计划年度", "Year planned"), kind="integer", lowest=2000, highest=2100),
        Field(key="document", label=Text("文号", "Document no.")),
        SOURCE,
        NOTE,
    ),
    style=Style(
        paint=Paint(colour="#4D4D4D", fill="#FFFFFF"),
        by="stage",
        classes={
            "0": Paint(colour="#4D4D4D", fill="#FFFFFF", weight=2.5, fill_opacity=0.05, dash="2 5"),
            "1": Paint(colour="#003A70", fill="#0072B2", weight=2.5, fill_opacity=0.12, dash="7 4", hatch="/"),
            "2": Paint(colour="#003A70", fill="#0072B2", weight=3, fill_opacity=0.22, dash="12 3", hatch="x"),
            "3": Paint(colour="#003A70", fill="#0072B2", weight=3.5, fill_opacity=0.32, hatch="\\"),
            "4": Paint(colour="#5C1F00", fill="#D55E00", weight=3.5, fill_opacity=0.25, hatch="-"),
        },
        label="name",
    ),
    figures=(
        Figure(
            key="queued_mu",
            headline=3,
            label=Text("其中拟收储", "of it queued"),
            unit="mu",
            needs=("revitalised_parcels",),
            rule=Text(
                "拟收储地块的并集与盘活地块的重叠椭球面积 × 3 ÷ 2000",
                "Ellipsoidal area shared by the parcels and the union of the queue × 3 / 2000",
            ),
            of=_queued_mu,
            reported=Reported(
                value=209,
                tolerance=0.0095,
                says=Text("约 209 亩(380 × 55%)", "about 209 mu (55% of 380)"),
                source=REPORT_2017,
            ),
        ),
        Figure(
            key="queued_percent",
            headline=4,
            label=Text("拟收储占比", "Share queued"),
            unit="percent",
            needs=("revitalised_parcels",),
            rule=Text("拟收储重叠面积 ÷ 盘活存量土地面积", "Queued area shared / revitalised area"),
            of=_queued_percent,
            reported=Reported(value=55, says=Text("约 55%", "about 55%"), source=REPORT_2017),
        ),
    ),
    rules=(
        Rule(
            key="households_missing",
            title=Text("缺户数", "Households missing"),
            says=Text("动迁片区没有户数。", "A housing area states no number of households."),
            reason=Text("动迁进度按户统计。", "Progress is counted by household."),
            source=REPORT_2017,
            broken=_households_without_count,
        ),
        Rule(
            key="document_missing",
            title=Text("缺文号", "Document missing"),
            says=Text("已到“{stage}”,没有协议或批文文号。", "It has reached “{stage}” without a document number."),
            reason=Text("签约及以后的阶段须有文件依据。", "From signing on, each stage rests on a document."),
            source=Text("土地储备管理办法(国土资规〔2017〕17号)", "Land reserve rules, 2017 no. 17"),
            broken=_signed_without_document,
        ),
    ),
    topology=Topology(),
)
