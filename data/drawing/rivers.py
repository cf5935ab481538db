"""Rivers: centre lines drawn downstream, and how wide the water is along them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.ops import substring

from data.drawing import study_area
from data.drawing.plane import Array, Points, beside, curve, longest, ribbon, spaced

BEYOND_M = 40.0
SPACING_M = 24.0


@dataclass(frozen=True)
class River:
    """A river or branch.

    `through` leads from the source downstream, past the centre of the river named by `joins`. Where `length_m` is
    known the source is put so that the line is that long. `sway_m` is how far it wanders off its general course.
    """

    name: str
    branch: str
    level: str
    width_m: float
    through: Points
    aliases: str | None = None
    joins: str | None = None
    length_m: float | None = None
    sway_m: float = 5.0
    note: str | None = None

    @property
    def key(self) -> str:
        """The name, with the branch where it isn't the stem."""
        return self.name if self.branch == "stem" else f"{self.name}南支"

    @property
    def line(self) -> LineString:
        """The centre line, from the source to the bank of the river it joins."""
        return _line(self.key)

    @property
    def water(self) -> Polygon:
        """The water between its banks, up to the bank of the river it joins."""
        return _water(self.key)

    @property
    def length(self) -> float:
        """Metres of centre line; off the ellipsoid by less than a millimetre, so near to the central meridian."""
        return float(self.line.length)

    def half_width(self, along_m: Array) -> Array:
        """Return half the width of the water at distances from the source; no river keeps one width."""
        return self.width_m / 2 * (1 + 0.07 * np.sin(along_m / 83) + 0.05 * np.sin(along_m / 31 + 1))


RIVERS = (
    River(
        "汇丰河",
        "stem",
        "street",
        10,
        (
            (-430, 3372),
            (-230, 3330),
            (0, 3262),
            (230, 3268),
            (450, 3326),
            (690, 3318),
            (900, 3256),
            (1120, 3242),
            (1330, 3286),
            (1540, 3330),
            (1760, 3300),
            (1960, 3222),
            (2180, 3206),
            (2400, 3262),
            (2600, 3240),
            (2720, 3218),
        ),
        joins="藻江河",
        sway_m=4,
    ),
    River(
        "柴支浜",
        "stem",
        "district",
        15,
        (
            (-640, 3080),
            (-420, 2960),
            (-230, 2880),
            (-30, 2822),
            (160, 2846),
            (330, 2776),
            (388, 2620),
            (400, 2480),
            (520, 2372),
            (690, 2312),
            (900, 2330),
            (1070, 2366),
            (1208, 2352),
            (1380, 2264),
            (1580, 2222),
            (1780, 2252),
            (1940, 2218),
            (2030, 2090),
            (2050, 1920),
            (2086, 1740),
            (2200, 1600),
            (2360, 1546),
            (2540, 1560),
            (2800, 1500),
        ),
        aliases="柴支浜河",
        joins="藻江河",
        length_m=4160.0,
        sway_m=6,
        note="长度 4.16 公里见常州市水利局 2018-09-28《柴支浜整治记》;走向示意",
    ),
    River(
        "柴支浜",
        "south",
        "street",
        9,
        (
            (566, 1320),
            (590, 1440),
            (556, 1580),
            (520, 1720),
            (560, 1870),
            (600, 2000),
            (590, 2120),
            (620, 2230),
            (690, 2330),
        ),
        aliases="柴支浜河;柴支浜南支",
        joins="柴支浜",
        sway_m=3,
        note="兰翔新村段所在支流",
    ),
    River(
        "藻江河",
        "stem",
        "city",
        32,
        (
            (2540, 4420),
            (2560, 4150),
            (2622, 3880),
            (2660, 3600),
            (2640, 3300),
            (2690, 3040),
            (2752, 2780),
            (2766, 2480),
            (2730, 2200),
            (2742, 1920),
            (2776, 1660),
            (2750, 1400),
            (2690, 1160),
            (2700, 960),
            (2716, 780),
        ),
        aliases="澡港河;老藻江河",
        joins="北塘河",
        sway_m=5,
        note="水利部门公开文件又写作澡港河;走向示意",
    ),
    River(
        "北塘河",
        "stem",
        "district",
        28,
        (
            (-560, 640),
            (-200, 616),
            (140, 640),
            (480, 690),
            (860, 800),
            (1240, 905),
            (1600, 930),
            (1921, 888),
            (2119, 766),
            (2328, 846),
            (2564, 802),
            (2801, 858),
            (3000, 868),
            (3300, 820),
        ),
        sway_m=3,
        note="背景河道;不在 2017 年报告的三条河之列",
    ),
)
BY_KEY = {river.key: river for river in RIVERS}


@lru_cache
def _course(key: str) -> LineString:
    """Return the line from the source to the middle of the river it joins."""
    river = BY_KEY[key]
    line = curve(river.through, SPACING_M)
    if river.length_m is None:
        line = longest(line.intersection(study_area.shape().buffer(BEYOND_M)))
    line = _swayed(line, river.sway_m)
    return line if river.joins is None else longest(line.difference(_course(river.joins)))


def _swayed(line: LineString, sway_m: float) -> LineString:
    """Return the line with the small bends that a hand-drawn course lacks; its ends stay."""
    along = np.linspace(0, line.length, int(line.length / SPACING_M) + 1)
    ends = np.clip(np.minimum(along, line.length - along) / 120, 0, 1)
    phase = line.length / 50
    sway = sway_m * ends * (np.sin(along / 61 + phase) + 0.55 * np.sin(along / 27 + 2 * phase))
    return spaced(curve([tuple(point) for point in beside(line, along, sway)], 4.0), SPACING_M)


@lru_cache
def _line(key: str) -> LineString:
    river, course = BY_KEY[key], _course(key)
    line = course if river.joins is None else longest(course.difference(_water(river.joins)))
    excess_m = 0.0 if river.length_m is None else line.length - river.length_m
    if excess_m < 0:
        raise ValueError(f"{key} is drawn {-excess_m:.0f} m too short")
    return longest(substring(line, excess_m, line.length))


@lru_cache
def _water(key: str) -> Polygon:
    river, course = BY_KEY[key], _course(key)
    start = course.project(_line(key).interpolate(0)) if river.length_m else 0.0
    course = spaced(longest(substring(course, start, course.length)), SPACING_M / 2)
    along = np.linspace(0, course.length, len(course.coords))
    band = ribbon(course, river.half_width(along))
    if river.joins is None:
        return band
    return max(shapely.get_parts(band.difference(_water(river.joins))), key=lambda part: part.area)


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `rivers`."""
    return [
        {
            "river_id": f"RV-{number:02d}",
            "name": river.name,
            "aliases": river.aliases,
            "branch": river.branch,
            "level": river.level,
            "source": "示意绘制",
            "note": river.note,
            "geometry": river.line,
        }
        for number, river in enumerate(RIVERS, 1)
    ]
