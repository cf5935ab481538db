"""轨道线路: the tunnel of line 1 under 晋陵北路, from whose edge the control zone is counted."""

from gis.layer import Field, Layer, Paint, Style
from gis.text import Text
from layers._shared import DRAWN, NOTE, RAIL, SOURCE

LAYER = Layer(
    key="rail_lines",
    title=Text("轨道线路", "Rail line"),
    about=Text("1 号线区间隧道示意中心线", "Centre line of the tunnels of line 1, drawn as a scheme"),
    group=RAIL,
    order=65,
    geometry="line",
    id="line_id",
    name="name",
    source=DRAWN,
    fields=(
        Field(key="line_id", label=Text("编号", "No."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(
            key="form",
            label=Text("敷设方式", "Form"),
            required=True,
            choices={"underground": Text("地下", "underground"), "elevated": Text("高架", "elevated")},
        ),
        Field(
            key="width_m",
            label=Text("结构宽度", "Width of the structure"),
            kind="number",
            unit="m",
            lowest=3,
            highest=60,
        ),
        SOURCE,
        NOTE,
    ),
    style=Style(paint=Paint(colour="#4B2E83", weight=2.5, dash="9 5")),
)
