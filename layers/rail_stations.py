"""轨道车站: the station boxes, under both of their names."""

from gis.layer import Field, Layer, Paint, Style, Topology
from gis.text import Text
from layers._shared import ALIASES, NOTE, RAIL, SOURCE

LAYER = Layer(
    key="rail_stations",
    title=Text("轨道车站", "Rail stations"),
    about=Text(
        "车站主体结构示意轮廓;站点位置 © OpenStreetMap contributors",
        "Station boxes as a scheme; positions © OpenStreetMap contributors",
    ),
    group=RAIL,
    order=15,
    geometry="polygon",
    id="station_id",
    name="name",
    aliases="aliases",
    source=Text("站点位置 © OpenStreetMap contributors(ODbL 1.0)", "Positions © OpenStreetMap contributors (ODbL 1.0)"),
    fields=(
        Field(key="station_id", label=Text("车站编号", "Station no."), required=True),
        Field(key="name", label=Text("开通名", "Name as opened"), required=True),
        Field(key="planned_name", label=Text("规划名", "Name as planned")),
        ALIASES,
        Field(
            key="form",
            label=Text("敷设方式", "Form"),
            required=True,
            choices={"underground": Text("地下", "underground"), "elevated": Text("高架", "elevated")},
        ),
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#4B2E83", fill="#B9A7DB", weight=2, fill_opacity=0.7), label="name", label_zoom=13),
    topology=Topology(),
)
