"""河道中心线: the centre line of each river, the measure of its length."""

from gis.layer import Field, Layer, Paint, Style
from gis.text import Text
from layers._shared import ALIASES, BRANCH, DRAWN, LEVEL, NOTE, RIVERS, SOURCE

LAYER = Layer(
    key="rivers",
    title=Text("河道中心线", "River centre lines"),
    about=Text("河道中心线,从上游向下游绘制", "Centre lines, drawn downstream"),
    group=RIVERS,
    order=60,
    geometry="line",
    id="river_id",
    name="name",
    aliases="aliases",
    source=DRAWN,
    fields=(
        Field(key="river_id", label=Text("河道编号", "River no."), required=True),
        Field(key="name", label=Text("河名", "River"), required=True),
        ALIASES,
        BRANCH,
        LEVEL,
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#5B8DB8", weight=1, dash="8 3 2 3"), label="name", label_zoom=13),
)
