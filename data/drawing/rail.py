"""Line 1 under 晋陵北路, its station boxes and the nine entrances. Only the stations' positions are mapped facts."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import substring

from data.drawing import study_area
from data.drawing.plane import beside, curve, longest

OSM = "站点位置 © OpenStreetMap contributors(ODbL 1.0);轮廓示意"
BOX_M = (200.0, 22.0)
BEYOND_M = 70.0

THROUGH = (
    (170, 196),
    (263, 463),
    (430, 848),
    (640, 1012),
    (827, 1144),
    (990, 1256),
    (1074, 1420),
    (1118, 1727),
    (1158, 2087),
    (1198, 2304),
    (1222, 2540),
    (1282, 2880),
    (1296, 3002),
    (1292, 3160),
    (1228, 3380),
    (1080, 3600),
    (900, 3800),
    (776, 3990),
    (722, 4130),
    (712, 4222),
    (706, 4400),
)
STATIONS = (
    ("RS-01", "环球港", None, None, (712, 4222)),
    ("RS-02", "新区公园", "新区公园站", "新区公园站", (1296, 3002)),
    ("RS-03", "河海", "河海大学站", "河海大学站;河海大学", (1158, 2087)),
    ("RS-04", "奥体中心", None, "奥体中心站", (827, 1144)),
)
# Station, number, metres along the line from its middle, metres to the left of the line (west, going north), state.
ENTRANCES = (
    ("河海", 1, 62, 31, "built"),
    ("河海", 2, 66, -34, "built"),
    ("河海", 3, -58, -33, "built"),
    ("河海", 4, -64, 32, "building"),
    ("河海", 5, 98, -34, "built"),
    ("新区公园", 1, 84, 30, "built"),
    ("新区公园", 2, 80, -46, "built"),
    ("新区公园", 3, -88, -33, "built"),
    ("新区公园", 4, -82, 33, "building"),
)


@lru_cache
def line() -> LineString:
    """Return the line's axis, south to north."""
    drawn = curve(THROUGH, 20.0).intersection(study_area.shape().buffer(BEYOND_M))
    return longest(drawn)


@lru_cache
def boxes() -> dict[str, Polygon]:
    """Return each station's box by its name as opened: straight, along the line."""
    return {name: _box(Point(where)) for _, name, _, _, where in STATIONS}


def _box(where: Point) -> Polygon:
    middle = line().project(where)
    tangent = substring(line(), middle - BOX_M[0] / 2, middle + BOX_M[0] / 2)
    chord = LineString([tangent.coords[0], tangent.coords[-1]])
    shift = shapely.get_coordinates(line().interpolate(middle))[0] - shapely.get_coordinates(chord.centroid)[0]
    axis = shapely.transform(chord, lambda xy: xy + shift)
    return axis.buffer(BOX_M[1] / 2, cap_style="flat")


def entrance_points() -> list[Point]:
    """Return the entrances' positions, in the order of `ENTRANCES`."""
    middle = {name: line().project(Point(where)) for _, name, _, _, where in STATIONS}
    return [Point(beside(line(), middle[name] + along, aside)[0]) for name, _, along, aside, _ in ENTRANCES]


def line_features() -> list[dict[str, object]]:
    """Return the one row of the layer `rail_lines`."""
    return [
        {
            "line_id": "RL-01",
            "name": "轨道交通1号线",
            "form": "underground",
            "width_m": 17,
            "source": OSM,
            "note": "区间隧道走向示意;2019-09-21 开通",
            "geometry": line(),
        }
    ]


def station_features() -> list[dict[str, object]]:
    """Return the rows of the layer `rail_stations`."""
    return [
        {
            "station_id": number,
            "name": name,
            "planned_name": planned,
            "aliases": aliases,
            "form": "underground",
            "source": OSM,
            "note": "主体结构轮廓示意,约 200 × 22 米",
            "geometry": boxes()[name],
        }
        for number, name, planned, aliases, _ in STATIONS
    ]


def entrance_features() -> list[dict[str, object]]:
    """Return the nine rows of the layer `rail_entrances`."""
    planned = {"河海": "河海大学站", "新区公园": "新区公园站"}
    aliases = {"河海": "河海大学站;河海站", "新区公园": "新区公园站;新区公园"}
    return [
        {
            "entrance_id": f"EN-{order:02d}",
            "name": f"{planned[name]}{number}号口",
            "station": planned[name],
            "station_opened": name,
            "aliases": aliases[name],
            "status": status,
            "split_basis": "unknown",
            "source": "河海街道 2017 年工作报告(9 个出入口);位置示意",
            "note": "两站各有几个出入口报告未说明,此处为示意分配",
            "geometry": point,
        }
        for order, ((name, number, _, _, status), point) in enumerate(zip(ENTRANCES, entrance_points(), strict=True), 1)
    ]
