"""水面: the water between the bank edges, from which the management zone is counted."""

from dataclasses import replace

from gis.layer import Field, Layer, Paint, Style, Topology
from gis.text import Text
from layers._shared import ALIASES, BASE, DRAWN, LEVEL, NOTE, SOURCE

LAYER = Layer(
    key="water",
    title=Text("水面", "Water"),
    about=Text("河口线之间的水面,示意", "The water between the bank edges, drawn as a scheme"),
    group=BASE,
    order=70,
    geometry="polygon",
    id="water_id",
    name="name",
    aliases="aliases",
    source=DRAWN,
    fields=(
        Field(key="water_id", label=Text("水面编号", "Water no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        ALIASES,
        replace(LEVEL, choices={**LEVEL.choices, "none": Text("非河道", "not a river")}),
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#7FB2D9", fill="#BFDDF2", weight=1, fill_opacity=1)),
    topology=Topology(overlap_m2=None),
)
