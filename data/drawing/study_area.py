"""The study area: drawn by hand, so that nobody takes it for a boundary."""

from __future__ import annotations

from functools import lru_cache

from shapely import Polygon

OUTLINE = (
    (-440, 470),
    (-60, 380),
    (420, 420),
    (900, 610),
    (1420, 800),
    (1980, 740),
    (2560, 720),
    (3060, 800),
    (3150, 1240),
    (3110, 1760),
    (3170, 2380),
    (3120, 2960),
    (3170, 3540),
    (2960, 3960),
    (2800, 4290),
    (2180, 4330),
    (1500, 4280),
    (820, 4340),
    (160, 4290),
    (-430, 4220),
    (-490, 3560),
    (-450, 2900),
    (-500, 2200),
    (-460, 1500),
    (-480, 900),
)


@lru_cache
def shape() -> Polygon:
    """Return the outline."""
    return Polygon(OUTLINE)


def features() -> list[dict[str, object]]:
    """Return the one row of the layer `study_area`."""
    return [
        {
            "area_id": "SA-01",
            "name": "河海街道示意范围",
            "source": "示意绘制",
            "note": "手绘示意,非法定行政区域界线",
            "geometry": shape(),
        }
    ]
