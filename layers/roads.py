"""道路: the streets that make the map readable without a basemap."""

from gis.layer import Field, Layer, Paint, Style
from gis.text import Text
from layers._shared import BASE, DRAWN, NOTE, SOURCE

LAYER = Layer(
    key="roads",
    title=Text("道路", "Roads"),
    about=Text("主要道路示意中心线", "Centre lines of the main roads, drawn as a scheme"),
    group=BASE,
    order=80,
    geometry="line",
    id="road_id",
    name="name",
    source=DRAWN,
    fields=(
        Field(key="road_id", label=Text("编号", "No."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(
            key="rank",
            label=Text("等级", "Rank"),
            required=True,
            choices={
                "arterial": Text("主干路", "arterial"),
                "collector": Text("次干路", "collector"),
                "local": Text("支路", "local"),
            },
        ),
        Field(key="width_m", label=Text("红线宽度", "Width"), kind="number", unit="m", lowest=3, highest=120),
        SOURCE,
        NOTE,
    ),
    style=Style(
        paint=Paint(colour="#C9C4B8", weight=4),
        by="rank",
        classes={
            "arterial": Paint(colour="#C4BDAC", weight=7),
            "collector": Paint(colour="#D0CABC", weight=4.5),
            "local": Paint(colour="#DCD7CC", weight=2.5),
        },
        label="name",
        label_zoom=14,
    ),
)
