"""Water surfaces: the rivers between their banks, and the pond of 新北中心公园."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from data.drawing.noding import noded
from data.drawing.plane import shore
from data.drawing.rivers import BY_KEY, RIVERS

POND = ((880, 2770), (950, 2712), (1030, 2730), (1080, 2784), (1052, 2852), (984, 2868), (950, 2838), (900, 2850))


def pond() -> Polygon:
    """Return the pond."""
    return shore(POND)


@lru_cache
def surface() -> BaseGeometry:
    """Return all water."""
    return shapely.union_all([*(river.water for river in RIVERS), pond()])


@lru_cache
def beyond(key: str, gap_m: float) -> Polygon:
    """Return a river's water and `gap_m` of each bank: what a lot on the bank leaves free."""
    return BY_KEY[key].water.buffer(gap_m, join_style="mitre").simplify(0.25)


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `water`."""
    names = [(river.key, river.aliases, river.level, river.note) for river in RIVERS]
    rows = [*names, ("新北中心公园水面", None, "none", "公园池塘,位置示意")]
    shapes = noded([*(river.water for river in RIVERS), pond()])
    return [
        {
            "water_id": f"WA-{number:02d}",
            "name": name,
            "aliases": aliases,
            "level": level,
            "source": "示意绘制",
            "note": note,
            "geometry": shape,
        }
        for number, ((name, aliases, level, note), shape) in enumerate(zip(rows, shapes, strict=True), 1)
    ]
