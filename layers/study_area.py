"""示意范围: the area drawn by hand around the subdistrict; not an official boundary."""

from gis.layer import Field, Layer, Paint, Style
from gis.text import Text
from layers._shared import BASE, DRAWN, NOTE, SOURCE

LAYER = Layer(
    key="study_area",
    title=Text("示意范围(非法定界线)", "Study area (not an official boundary)"),
    about=Text("手绘示意范围,不是行政区域界线", "Drawn by hand; not an administrative boundary"),
    group=BASE,
    order=90,
    geometry="polygon",
    id="area_id",
    name="name",
    source=DRAWN,
    fields=(
        Field(key="area_id", label=Text("编号", "No."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#6B6B6B", fill="#FFFFFF", weight=2, fill_opacity=0.55, dash="10 5 2 5")),
)
