"""清淤河段: what was dredged in 2017, 40 000 m³ in all, over 30 000 m³ of it from 柴支浜."""

from __future__ import annotations

from dataclasses import dataclass

from data.drawing.rivers import BY_KEY
from data.drawing.segments import chainage, cut

SOURCE = "河海街道 2017 年工作报告(约 40000 方);分段和尺寸为示意"
TWICE = "与相邻清淤河段有意重叠 15 米桩号,供检查演示"


@dataclass(frozen=True)
class Stretch:
    """A dredged stretch; `end_m` None is the river's end."""

    river: str
    start_m: float
    end_m: float | None
    width_m: float
    thickness_m: float
    silt_m3: int
    method: str
    name: str | None = None
    note: str | None = None


STRETCHES = (
    Stretch("柴支浜", 0, 1040, 11.5, 0.58, 6_900, "hydraulic"),
    Stretch("柴支浜", 1040, 2080, 12.0, 0.60, 7_500, "hydraulic"),
    Stretch("柴支浜", 2080, 3120, 12.5, 0.58, 7_500, "hydraulic"),
    Stretch("柴支浜", 3120, None, 13.0, 0.56, 7_600, "suction"),
    Stretch("柴支浜南支", 180, 900, 6.0, 0.39, 1_700, "dry", "柴支浜南支兰翔新村段"),
    Stretch("汇丰河", 0, 1050, 7.0, 0.40, 2_950, "dry", note=TWICE),
    Stretch("汇丰河", 1035, 2100, 7.0, 0.40, 3_000, "dry", note=TWICE),
    Stretch("汇丰河", 2100, None, 7.2, 0.38, 2_850, "hydraulic"),
)


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `dredged_stretches`."""
    return [{"stretch_id": f"QY-{number:02d}", **_row(stretch)} for number, stretch in enumerate(STRETCHES, 1)]


def _row(stretch: Stretch) -> dict[str, object]:
    river = BY_KEY[stretch.river]
    end_m = round(river.length, 1) if stretch.end_m is None else stretch.end_m
    return {
        "name": stretch.name or f"{river.key} {chainage(stretch.start_m)}–{chainage(end_m)} 清淤段",
        "river": river.name,
        "branch": river.branch,
        "from_m": stretch.start_m,
        "to_m": end_m,
        "width_m": stretch.width_m,
        "thickness_m": stretch.thickness_m,
        "silt_m3": stretch.silt_m3,
        "year": 2017,
        "method": stretch.method,
        "source": SOURCE,
        "note": stretch.note,
        "geometry": cut(river, stretch.start_m, end_m),
    }
