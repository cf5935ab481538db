"""地下管网: a sixth layer, as an office would add it."""

from gis import area
from gis.figure import Figure, Frames, Reading, Reported
from gis.layer import Field, Layer, Paint, Style
from gis.text import Text

REPORT = Text("河海街道 2017 年工作报告", "Work report of 2017")


def _km(frames: Frames) -> Reading:
    drains = frames["drains"]
    return area.lengths(drains.geometry).sum() / 1000, drains.index


LAYER = Layer(
    key="drains",
    title=Text("地下管网", "Drains"),
    about=Text("老安置小区地下管网疏通", "Drains cleared in older housing"),
    group=Text("管网", "Drains"),
    geometry="line",
    id="drain_id",
    name="name",
    source=REPORT,
    fields=(
        Field(key="drain_id", label=Text("管段编号", "Drain no."), required=True),
        Field(key="name", label=Text("名称", "Name"), required=True),
        Field(key="state", label=Text("状态", "State"), choices={"cleared": Text("已疏通", "cleared")}),
    ),
    style=Style(paint=Paint(colour="#7A4B00", weight=3, dash="4 2")),
    figures=(
        Figure(
            key="drains_km",
            label=Text("疏通管网", "Drains cleared"),
            unit="km",
            rule=Text("管段椭球长度之和", "Sum of the ellipsoidal lengths"),
            of=_km,
            reported=Reported(value=50, says=Text("约 50000 米", "about 50 000 m"), source=REPORT),
        ),
    ),
)
