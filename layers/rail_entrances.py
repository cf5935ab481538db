"""轨道交通出入口: the nine entrances of the two stations, and which are built."""

from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Style
from gis.text import Text
from layers._shared import ALIASES, NOTE, RAIL, REPORT_2017, SOURCE


def _entrances(frames: Frames) -> Reading:
    entrances = frames["rail_entrances"]
    return len(entrances), entrances.index


LAYER = Layer(
    key="rail_entrances",
    title=Text("轨道交通出入口", "Rail-station entrances"),
    about=Text(
        "河海大学站(开通名:河海)和新区公园站的 9 个出入口;两站各有几个,报告未说明",
        "Nine entrances of Hohai University (opened as Hehai) and Xinqu Park; how they divide isn't reported",
    ),
    group=RAIL,
    order=5,
    geometry="point",
    id="entrance_id",
    name="name",
    aliases="aliases",
    source=REPORT_2017,
    fields=(
        Field(key="entrance_id", label=Text("出入口编号", "Entrance no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(key="station", label=Text("车站(规划名)", "Station, as planned"), required=True),
        Field(key="station_opened", label=Text("车站(开通名)", "Station, as opened"), required=True),
        ALIASES,
        Field(
            key="status",
            label=Text("建设状态", "State"),
            required=True,
            choices={
                "built": Text("已建成", "built"),
                "building": Text("在建", "under construction"),
                "planned": Text("规划", "planned"),
            },
        ),
        Field(
            key="split_basis",
            label=Text("两站划分依据", "How it was given to a station"),
            required=True,
            choices={
                "unknown": Text("报告未说明,示意分配", "not in the report, assigned as a scheme"),
                "confirmed": Text("已核实", "confirmed"),
            },
        ),
        SOURCE,
        NOTE,
    ),
    style=Style(
        paint=Paint(colour="#4D4D4D", fill="#FFFFFF"),
        by="status",
        classes={
            "built": Paint(colour="#FFFFFF", fill="#4B2E83", weight=2, fill_opacity=1, radius=8),
            "building": Paint(colour="#4B2E83", fill="#FFFFFF", weight=3, fill_opacity=1, radius=7),
            "planned": Paint(colour="#4B2E83", fill="#FFFFFF", weight=2, fill_opacity=1, radius=6, dash="2 3"),
        },
        label="name",
        label_zoom=17,
    ),
    figures=(
        Figure(
            key="entrances",
            headline=8,
            label=Text("轨交出入口", "Rail entrances"),
            unit="entrance",
            rule=Text("出入口图层的要素个数", "Number of features in the layer"),
            of=_entrances,
            reported=Reported(value=9, says=Text("9 个出入口", "9 entrances"), source=REPORT_2017),
        ),
    ),
)
