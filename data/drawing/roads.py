"""Streets: those whose course is known run near the reference points, the rest fill in a plausible town."""

# ruff: noqa: E501  one street a line
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from data.drawing import study_area
from data.drawing.plane import Points, curve, longest

BEYOND_M = 70.0
READ = "参照公开步行轨迹判读的参考点示意绘制"
GUESSED = "示意绘制;路名真实,走向为估计"
INVENTED = "示意绘制;虚构道路,仅使图面完整"


@dataclass(frozen=True)
class Road:
    """A street: its centre line runs south to north or west to east."""

    name: str
    rank: str
    width_m: float
    through: Points
    basis: str = INVENTED

    @property
    def line(self) -> LineString:
        """The centre line, ending a little outside the study area."""
        return _line(self.through)

    def crossing(self, other: Road) -> float:
        """Return how far along this street the other one crosses or meets it."""
        meeting = shapely.shortest_line(self.line, other.line)
        return float(self.line.project(Point(meeting.coords[0])))


@lru_cache
def _line(through: Points) -> LineString:
    drawn = curve(through, 20.0).intersection(study_area.shape().buffer(BEYOND_M))
    return longest(longest(drawn).simplify(0.1))


# fmt: off
ROADS = (
    Road("通江路", "arterial", 50, ((-276, 250), (-268, 1200), (-264, 2150), (-262, 3000), (-270, 3600), (-268, 4500)), GUESSED),
    Road(
        "晋陵北路", "arterial", 44,
        ((207, 219), (263, 463), (425, 851), (628, 1006), (832, 1128), (1002, 1250), (1078, 1416), (1116, 1727),
         (1163, 2082), (1201, 2304), (1214, 2525), (1296, 2958), (1328, 3220), (1338, 3500), (1330, 3960), (1352, 4500)),
        READ,
    ),
    Road("太湖路", "arterial", 44, ((-600, 1330), (-100, 1284), (500, 1236), (930, 1182), (1608, 1046), (2300, 1030), (3300, 1004)), GUESSED),
    Road(
        "河海路", "arterial", 40,
        ((-600, 2180), (-200, 2160), (300, 2128), (800, 2102), (1162, 2078), (1700, 2008), (2150, 1884), (2400, 1827)),
        READ,
    ),
    Road("河海东路", "arterial", 40, ((2400, 1827), (2555, 1815), (2744, 1813), (2943, 1793), (3300, 1768)), READ),
    Road("黄河路", "arterial", 50, ((-600, 3536), (-200, 3516), (700, 3488), (1338, 3504), (2100, 3532), (2700, 3498), (3300, 3470)), GUESSED),
    Road("庐山路", "collector", 32, ((-600, 2652), (-263, 2622), (250, 2606), (860, 2570), (1059, 2538), (1214, 2522)), READ),
    Road("珠江路", "collector", 32, ((1214, 2522), (1428, 2492), (1731, 2414), (2072, 2359), (2375, 2314)), READ),
    Road("龙业路", "collector", 28, ((2555, 1815), (2555, 1893), (2470, 2170), (2375, 2314)), READ),
    Road("龙沧路", "collector", 30, ((2953, 917), (2956, 1180), (2953, 1450), (2943, 1793)), READ),
    Road("规划次干路一", "collector", 24, ((266, 1254), (254, 1680), (246, 2131), (252, 2606), (240, 3020), (238, 3502), (230, 3960), (222, 4500))),
    Road(
        "规划次干路二", "collector", 24,
        ((806, 1198), (794, 1650), (770, 2104), (728, 2577), (702, 3020), (698, 3488), (706, 3960), (712, 4222), (706, 4500)),
    ),
    Road("规划次干路三", "collector", 26, ((1758, 1040), (1772, 1640), (1764, 1994), (1748, 2411), (1786, 3000), (1806, 3524), (1812, 3960), (1830, 4500))),
    Road("规划支路一", "local", 16, ((-267, 1690), (254, 1672), (794, 1656), (1106, 1642))),
    Road("规划支路二", "local", 16, ((1106, 1642), (1440, 1636), (1772, 1600), (2040, 1500), (2324, 1424))),
    Road("规划支路三", "local", 18, ((240, 3034), (702, 3026), (1302, 3030))),
    Road("规划支路四", "local", 18, ((1302, 3030), (1786, 3000), (2250, 2966), (2526, 2950))),
    Road("规划支路五", "local", 16, ((2240, 2337), (2238, 2640), (2250, 2966), (2266, 3531))),
    Road("规划支路六", "local", 18, ((2375, 2314), (2462, 2520), (2522, 2740), (2526, 2950), (2500, 3230), (2482, 3518))),
    Road("规划支路七", "local", 18, ((-269, 3990), (230, 3972), (706, 3962), (1330, 3966), (1812, 3962), (2250, 3930))),
    Road("规划支路八", "local", 16, ((2266, 3531), (2262, 3700), (2250, 3930), (2256, 4500))),
    Road("规划支路九", "local", 16, ((2330, 1030), (2322, 1300), (2336, 1560), (2400, 1827))),
    Road("规划支路十", "local", 16, ((2943, 1793), (2960, 2250), (2996, 2760), (2990, 3482))),
    Road("规划支路十一", "local", 14, ((450, 2594), (474, 2800), (470, 3030), (462, 3494))),
    Road("规划支路十二", "local", 14, ((1440, 1636), (1452, 1850), (1462, 2044))),
)
# fmt: on
BY_NAME = {road.name: road for road in ROADS}


@lru_cache
def surface() -> BaseGeometry:
    """Return the ground inside the streets' widths."""
    return shapely.union_all([road.line.buffer(road.width_m / 2, cap_style="flat") for road in ROADS])


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `roads`."""
    return [
        {
            "road_id": f"RD-{number:02d}",
            "name": road.name,
            "rank": road.rank,
            "width_m": road.width_m,
            "source": road.basis,
            "note": None,
            "geometry": road.line,
        }
        for number, road in enumerate(ROADS, 1)
    ]
