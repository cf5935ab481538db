"""拟收储地块: what of the 380 mu is queued for acquisition, and the three areas of 2018 outside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from data.drawing import parcels
from data.drawing.lots import Outline, Place
from data.drawing.noding import noded
from data.drawing.plane import Points
from data.drawing.tuning import area_m2, root

QUEUED_MU = 209
SOURCE = "河海街道 2017 年工作报告(约占盘活存量土地的 55%);图形示意"
PLAN_2018 = "河海街道 2017 年工作报告(2018 年计划);图形示意"
DEEP_M = 400.0


@dataclass(frozen=True)
class Item:
    """One item inside the 380 mu: whole parcels; or the first `part` metres of one; or one and land beside it."""

    name: str
    covers: tuple[str, ...]
    stage: str
    year: int | None = None
    part: float | None = None
    beside: Outline | None = None
    note: str | None = None

    def shape(self) -> BaseGeometry:
        """Return the item on the map."""
        shape = shapely.union_all([parcels.by_name()[name] for name in self.covers])
        place = next(parcel.place for parcel in parcels.PARCELS if parcel.name == self.covers[0])
        if self.part is not None:
            return shape.intersection(place.within(((0, -9), (self.part, -9), (self.part, DEEP_M), (0, DEEP_M))))
        return shape if self.beside is None else shape.union(place.within(self.beside))


@dataclass(frozen=True)
class Area:
    """One item outside the 380 mu."""

    name: str
    kind: str
    stage: str
    shape: Polygon
    households: int | None = None
    note: str | None = None


TUNED = "黄河路南侧地块A(西段)"
"""The item whose frontage is what makes 209 mu come out."""

ITEMS = (
    Item("黄河路南侧厂房A、B", ("黄河路南侧厂房A", "黄河路南侧厂房B"), "3", note="一份协议,两个相邻地块"),
    Item("汇丰河北岸厂房A", ("汇丰河北岸厂房A",), "4"),
    Item(
        "黄河路南侧厂房C及东侧空地",
        ("黄河路南侧厂房C",),
        "2",
        beside=((80, 0), (132, 0), (132, 58), (80, 58)),
        note="收储范围大于盘活地块",
    ),
    Item(TUNED, ("黄河路南侧地块A",), "1", part=80, note="只收储地块西段"),
    Item("黄河路南侧厂房D、E", ("黄河路南侧厂房D", "黄河路南侧厂房E"), "3", note="一份协议,两个相邻地块"),
    Item("珠江路南侧厂房A", ("珠江路南侧厂房A",), "3"),
    Item("柴支浜北岸厂房", ("柴支浜北岸厂房",), "2"),
    Item("河海路北侧厂房A", ("河海路北侧厂房A",), "4"),
    Item("河海路南侧厂房A", ("河海路南侧厂房A",), "2"),
    Item("河海路南侧厂房B", ("河海路南侧厂房B",), "1"),
    Item("晋陵北路西侧厂房A", ("晋陵北路西侧厂房A",), "3"),
    Item("晋陵北路西侧厂房B", ("晋陵北路西侧厂房B",), "3"),
    Item("珠江路北侧厂房A(西段)", ("珠江路北侧厂房A",), "1", part=66, note="只收储地块西段"),
    Item("太湖路北侧地块", ("太湖路北侧地块",), "1"),
    Item("蓝色港湾四期", ("蓝色港湾四期",), "1", year=2018, note="报告:2018 年盘活闲置土地,做好前期引导"),
)

HUAGUAN = Place(
    "黄河路",
    "north",
    "晋陵北路",
    52,
    ((0, 10), (10, 0), (212, 0), (214, 168), (158, 171), (158, 214), (52, 216), (48, 186), (0, 184)),
)
WANGJIA: Points = (
    (1872, 3604),
    (1934, 3596),
    (2016, 3602),
    (2102, 3594),
    (2106, 3640),
    (2109, 3697),
    (2090, 3742),
    (2031, 3766),
    (1962, 3752),
    (1914, 3760),
    (1876, 3716),
    (1866, 3652),
)
# Its west side runs 1 to 3 metres inside 王家新村: the one overlap of the layer, put there to be found.
WANJIATANG: Points = (
    (2100.4, 3602),
    (2150, 3596),
    (2176, 3612),
    (2180, 3660),
    (2154, 3690),
    (2107, 3686),
    (2103.6, 3640),
)

OUTSIDE = (
    Area("江苏华冠电器集团有限公司", "company", "2", HUAGUAN.shape(), note="报告:2018 年完成收储协议签订和搬迁"),
    Area("王家新村", "households", "2", Polygon(WANGJIA), 106, "报告:动迁 106 户。与万家塘有意重叠一窄条,供检查演示"),
    Area("万家塘", "households", "2", Polygon(WANJIATANG), 14, "报告:动迁 14 户。与王家新村有意重叠一窄条,供检查演示"),
)


@lru_cache
def _inside() -> tuple[BaseGeometry, ...]:
    """Return the shapes of `ITEMS`, which cover 209.00 mu of the parcels."""
    shapes = [item.shape() for item in ITEMS]
    tuned = [item.name for item in ITEMS].index(TUNED)
    land = shapely.union_all(parcels.shapes())
    counted = [shape.intersection(land) for shape in shapes[:tuned] + shapes[tuned + 1 :]]
    missing_m2 = QUEUED_MU * 2000 / 3 - area_m2(counted)
    item = ITEMS[tuned]

    def part(front_m: float) -> BaseGeometry:
        return replace(item, part=front_m).shape()

    shapes[tuned] = part(root(lambda front: area_m2([part(front)]) - missing_m2, 5, 96))
    return tuple(noded(shapes))


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `acquisition_queue`."""
    rows = [
        {
            "name": item.name,
            "kind": "company",
            "stage": item.stage,
            "households": None,
            "planned_year": item.year,
            "document": None,
            "source": SOURCE,
            "note": item.note,
            "geometry": shape,
        }
        for item, shape in zip(ITEMS, _inside(), strict=True)
    ]
    signed = [row for row in rows if str(row["stage"]) in "3456789"]
    for number, row in enumerate(signed, 1):
        row["document"] = f"示意〔2017〕{number}号"
    rows += [
        {
            "name": area.name,
            "kind": area.kind,
            "stage": area.stage,
            "households": area.households,
            "planned_year": 2018,
            "document": None,
            "source": PLAN_2018,
            "note": area.note,
            "geometry": area.shape,
        }
        for area in OUTSIDE
    ]
    return [{"item_id": f"SC-{number:02d}", **row} for number, row in enumerate(rows, 1)]
