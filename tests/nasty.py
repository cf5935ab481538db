"""Pairs and layers that an overlap engine is likely to get wrong, drawn from a seed.

A kind draws `count` pairs about the origin, within 200 m of it; `placed` gives each pair a cell of its own on a
Gauss-Krüger plane, so that two layers hold as many independent cases as they have rows.
"""

from collections.abc import Callable
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon

Rng = np.random.Generator
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Pairs = tuple[Shapes, Shapes]

MIDDLE = MappingProxyType({4549: 500_000.0, 4528: 40_500_000.0})
NORTH = 3_520_000.0
CELL_M = 500.0


def placed(pairs: Pairs, code: int, rng: Rng, *, on_mm: bool = False) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Return two layers, pair k in cell k; the second one shuffled, so that no answer comes in order by luck."""
    left, right = pairs
    columns = int(np.ceil(np.sqrt(len(left))))
    cell = np.arange(len(left))
    corner = np.c_[cell % columns - columns / 2, cell // columns - columns / 2] * CELL_M
    corner += rng.uniform(-20, 20, (len(left), 2))
    corner += [MIDDLE[code], NORTH]
    order = rng.permutation(len(right))
    sides = _at(left, corner, on_mm), _at(right, corner, on_mm)[order]
    return (
        gpd.GeoSeries(sides[0], crs=code, index=[f"L{k}" for k in cell]),
        gpd.GeoSeries(sides[1], crs=code, index=[f"R{k}" for k in order]),
    )


def _at(shapes: Shapes, corner: Floats, on_mm: bool) -> Shapes:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    moved = xy + corner[owner]
    return shapely.set_coordinates(shapes.copy(), np.round(moved, 3) if on_mm else moved)


def moved(shapes: Shapes, by: Floats) -> Shapes:
    """Return each shape moved by its own step."""
    return _at(shapes, by, on_mm=False)


def turned(rings: Floats, angle: Floats) -> Floats:
    """Return rings (n, k, 2), each turned about the origin by its own angle."""
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y = rings[..., 0], rings[..., 1]
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def star_rings(rng: Rng, count: int, corners: int, reach_m: float = 80, off_m: float = 50) -> Floats:
    """Return rings (count, corners, 2) that are star-shaped about a point up to `off_m` from the origin."""
    angle = (np.arange(corners) + rng.uniform(0, 0.95, (count, corners))) / corners * 2 * np.pi
    radius = reach_m * rng.uniform(0.05, 1, (count, corners))
    around = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * radius[..., None]
    return around + rng.uniform(-off_m, off_m, (count, 1, 2))


def stars(rng: Rng, count: int) -> Pairs:
    """Random concave polygons of 3 to 40 corners."""
    sizes = (3, 4, 5, 8, 13, 40)
    return _mixed(rng, count, [lambda r, n, k=k: _polygons(star_rings(r, n, k)) for k in sizes])


def slivers(rng: Rng, count: int) -> Pairs:
    """Strips of a millimetre to a decimetre by 100 m, against a strip at any angle or a star."""
    left = _strips(rng, count, np.zeros(count))
    thin = _strips(rng, count, 10.0 ** rng.uniform(-6, 0.2, count))
    right = np.where(rng.random(count) < 0.5, thin, _polygons(star_rings(rng, count, 7)))
    angle = rng.uniform(0, 2 * np.pi, count)
    return _turned(left, angle), _turned(right, angle)


def _strips(rng: Rng, count: int, angle: Floats) -> Shapes:
    length, width = rng.uniform(50, 100, count), 10.0 ** rng.uniform(-3, -1, count)
    ring = np.stack([np.c_[x * length, y * width] for x, y in ((-1, -0.5), (1, -0.5), (1, 0.5), (-1, 0.5))], axis=1)
    return _polygons(turned(ring, angle))


def shared_edges(rng: Rng, count: int) -> Pairs:
    """Neighbours along a broken line, corner on corner: no overlap but what rounding makes of it."""
    return _neighbours(rng, count, np.zeros(count))


def nearly_shared_edges(rng: Rng, count: int) -> Pairs:
    """Neighbours along a broken line, 1e-9 to 1e-3 m into each other or apart."""
    return _neighbours(rng, count, 10.0 ** rng.uniform(-9, -3, count) * rng.choice([-1, 1], count))


def _neighbours(rng: Rng, count: int, into_m: Floats) -> Pairs:
    corners = int(rng.integers(2, 9))
    line = np.stack([np.linspace(-80, 80, corners) * np.ones((count, 1)), rng.uniform(-30, 30, (count, corners))], -1)
    over = line[:, ::-1] * [1, 0] + np.c_[np.zeros(corners), rng.uniform(40, 90, corners)]
    under = line[:, ::-1] * [1, 0] - np.c_[np.zeros(corners), rng.uniform(40, 90, corners)]
    raised = line + np.stack([np.zeros(count), into_m], -1)[:, None]
    angle = rng.choice([0, np.pi / 2, 0.3, 1.2345], count)
    return (
        _polygons(turned(np.concatenate([raised, over], axis=1), angle)),
        _polygons(turned(np.concatenate([line, under], axis=1), angle)),
    )


def nearly_parallel(rng: Rng, count: int) -> Pairs:
    """Two long edges that cross at an angle of 1e-9 to 1e-2."""
    tilt = 10.0 ** rng.uniform(-9, -2, count)
    off = rng.uniform(-1, 1, count) * tilt * 100
    low = np.stack([np.c_[x * np.ones(count), y * np.ones(count)] for x, y in _BASE], axis=1)
    high = np.stack([np.c_[x * np.ones(count), x * tilt * (y == 0) + y + off] for x, y in _ROOF], axis=1)
    angle = np.choose(rng.integers(0, 3, count), [np.zeros(count), np.pi / 2, rng.uniform(0, 2 * np.pi, count)])
    return _polygons(turned(low, angle)), _polygons(turned(high, angle))


_BASE = ((-100, -50), (100, -50), (100, 0), (-100, 0))
_ROOF = ((-90, 0), (110, 0), (110, 60), (-90, 60))


def holes(rng: Rng, count: int) -> Pairs:
    """A ring-shaped polygon against another, against what fills its hole, or against its own shell."""
    shell = star_rings(rng, count, 9)
    centre = shell.mean(axis=1, keepdims=True)
    hole = centre + (shell - centre) * rng.uniform(0.2, 0.6, (count, 1, 1))
    left = _with_holes(shell, hole)
    other = star_rings(rng, count, 6)
    right = [_with_holes(other, other.mean(axis=1, keepdims=True) / 2 + other / 2), _polygons(hole), _polygons(shell)]
    return _valid(left), _valid(np.choose(rng.integers(0, 3, count), right))


def islands(rng: Rng, count: int) -> Pairs:
    """A ring with an island in its hole, against the same shrunk a little, the island alone, or a star."""
    angle = np.linspace(0, 2 * np.pi, 7)[:-1]
    radius = rng.uniform(70, 90, (count, 6, 1))
    shell = np.stack([np.cos(angle), np.sin(angle)], -1) * radius
    sizes = rng.uniform([0.5, 0.2], [0.7, 0.4], (count, 2))
    left = np.array([_ringed(*each) for each in zip(shell, sizes, strict=True)], dtype=object)
    shrunk = np.array([_ringed(ring * 0.93, size) for ring, size in zip(shell, sizes, strict=True)], dtype=object)
    alone = _polygons(shell * sizes[:, 1, None, None])
    return left, np.choose(rng.integers(0, 3, count), [shrunk, alone, _polygons(star_rings(rng, count, 8))])


def _ringed(shell: Floats, size: Floats) -> MultiPolygon:
    return MultiPolygon([(shell, [shell * size[0]]), (shell * size[1], [])])


def parts(rng: Rng, count: int) -> Pairs:
    """Several strewn parts on both sides; parts of one side never overlap."""
    return _strewn(rng, count), _strewn(rng, count)


def _strewn(rng: Rng, count: int) -> Shapes:
    cells = np.array([(x, y) for x in (-60, 0, 60) for y in (-60, 0, 60)], dtype=float)
    ring = star_rings(rng, count * 9, 5, reach_m=28, off_m=1).reshape(count, 9, 5, 2) + cells[:, None] + 3
    taken = [rng.choice(9, rng.integers(2, 8), replace=False) for _ in range(count)]
    return np.array([shapely.multipolygons(_polygons(one[at])) for one, at in zip(ring, taken, strict=True)])


def polyominoes(rng: Rng, count: int) -> Pairs:
    """Cells of one chequered board on both sides: every edge shared, horizontal or vertical; holes that touch."""
    return _board(rng, count), _board(rng, count)


def _board(rng: Rng, count: int, side: int = 5, cell: float = 10.0) -> Shapes:
    west, south = (each.ravel() * cell for each in np.meshgrid(np.arange(side) - 2, np.arange(side) - 2))
    cells = shapely.box(west, south, west + cell, south + cell)
    filled = rng.random((count, side * side)) < 0.5
    filled[:, 0] = True
    return np.array([shapely.union_all(cells[each]) for each in filled], dtype=object)


def boxes(rng: Rng, count: int) -> Pairs:
    """Boxes on a grid of nine lines: equal, inside, sharing edges, corners or nothing."""
    return _boxes(rng, count), _boxes(rng, count)


def _boxes(rng: Rng, count: int) -> Shapes:
    low, size = rng.integers(-4, 4, (count, 2)) * 10.0, rng.integers(1, 5, (count, 2)) * 10.0
    return shapely.box(low[:, 0], low[:, 1], *(low + size).T, ccw=bool(rng.integers(2)))


def with_more_points(rng: Rng, count: int) -> Pairs:
    """Boxes with points along their edges, some twice, and rings that start anywhere."""
    return _dotted(rng, count), _dotted(rng, count)


def _dotted(rng: Rng, count: int) -> Shapes:
    ring = shapely.get_coordinates(_boxes(rng, count)).reshape(count, 5, 2)
    at = np.sort(rng.choice([0, 0.25, 0.5, 0.5, 1], (count, 4, 3)), axis=-1)[..., None]
    dotted = ring[:, :-1, None] + (ring[:, 1:, None] - ring[:, :-1, None]) * at
    dotted = np.concatenate([ring[:, :-1, None], dotted], axis=2).reshape(count, 16, 2)
    return _polygons(np.roll(dotted, int(rng.integers(16)), axis=1))


def duplicates(rng: Rng, count: int) -> Pairs:
    """The same polygon again: as it is, from another start, the other way round, with each point twice."""
    ring = star_rings(rng, count, 7)
    again = [ring, np.roll(ring, 3, axis=1), ring[:, ::-1], np.repeat(ring, 2, axis=1)]
    split = np.array_split(np.arange(count), len(again))
    right = [_polygons(each[at]) for each, at in zip(again, split, strict=True)]
    return _polygons(ring), np.concatenate(right)


def touching(rng: Rng, count: int) -> Pairs:
    """A corner of one on a corner or on the middle of an edge of the other."""
    left, right = star_rings(rng, count, 6, off_m=0), star_rings(rng, count, 5, off_m=0)
    east = left[np.arange(count), left[..., 0].argmax(axis=1)]
    west = right[np.arange(count), right[..., 0].argmin(axis=1)]
    middle = (left[:, 0] + left[:, 1]) / 2
    to = np.where(rng.random((count, 1)) < 0.7, east, middle)
    return _polygons(left), _polygons(right + (to - west)[:, None])


def spikes(rng: Rng, count: int) -> Pairs:
    """Stars with needles of 150 m and a millimetre wide."""
    return _spiked(rng, count), _spiked(rng, count)


def _spiked(rng: Rng, count: int) -> Shapes:
    corners = 12
    angle = (np.arange(corners) + rng.uniform(0, 0.5, (count, corners))) / corners * 2 * np.pi
    angle[:, 1::3] = angle[:, ::3] + 1e-5
    radius = np.where(np.arange(corners) % 3 == 1, 150.0, rng.uniform(0.01, 60, (count, corners)))
    return _polygons(np.stack([np.cos(angle), np.sin(angle)], -1) * radius[..., None])


def tiny(rng: Rng, count: int) -> Pairs:
    """Squares of 0.1 to 10 mm, many with the millimetre that counts as an overlap, at a corner or in the middle."""
    big = star_rings(rng, count, 5)
    side = np.where(rng.random(count) < 0.3, 1e-3, 10.0 ** rng.uniform(-4, -2, count))[:, None, None]
    at = np.where(rng.random((count, 1)) < 0.5, big[:, 0], big.mean(axis=1))[:, None]
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) - rng.choice([0, 0.5, 1], (count, 1, 2))
    return _polygons(big), _polygons(at + unit * side)


def combs(rng: Rng, count: int) -> Pairs:
    """Two combs of 5 to 20 teeth across each other, square or askew: up to 400 crossings."""
    teeth = int(rng.integers(5, 21))
    ring = np.repeat(_comb(teeth)[None], count, axis=0) * rng.uniform(0.7, 1, (count, 1, 1))
    askew = np.where(rng.random(count) < 0.5, np.pi / 2, rng.uniform(0, 2 * np.pi, count))
    return _polygons(ring), _polygons(turned(ring, askew))


def _comb(teeth: int) -> Floats:
    x = np.repeat(np.linspace(-80, 80, 2 * teeth), 2)[1:-1]
    y = np.tile([70.0, 70.0, -70.0, -70.0], teeth)[: len(x)]
    y[0] = y[-1] = 70.0
    return np.concatenate([np.c_[x, y], [(80, -80), (-80, -80)]])[::-1] if teeth else np.zeros((0, 2))


def spirals(rng: Rng, count: int) -> Pairs:
    """Two spiral bands of three turns wound into each other."""
    turn = np.linspace(0.5, 6 * np.pi, 60)
    band = np.concatenate([_polar(turn, 4 * turn), _polar(turn[::-1], 4 * turn[::-1] + 6)])
    ring = np.repeat(band[None], count, axis=0) + rng.uniform(-1e-3, 1e-3, (count, 120, 2))
    return _polygons(ring), _polygons(
        turned(ring, rng.uniform(0, 2 * np.pi, count)) + rng.uniform(-9, 9, (count, 1, 2))
    )


def _polar(angle: Floats, radius: Floats) -> Floats:
    return np.c_[radius * np.cos(angle), radius * np.sin(angle)]


def within(rng: Rng, count: int) -> Pairs:
    """One inside the other, often with a corner or an edge in common."""
    outer = star_rings(rng, count, 8)
    held = outer[np.arange(count), rng.integers(0, 8, count)][:, None]
    inner = held + (outer - held) * rng.choice([0.5, 0.25, 0.999999, 1 - 1e-9], (count, 1, 1))
    return _polygons(outer), _valid(_polygons(inner))


def staircases(rng: Rng, count: int) -> Pairs:
    """Flights of steps whose treads and risers lie on each other in part."""
    return _stairs(rng, count), _stairs(rng, count)


def _stairs(rng: Rng, count: int) -> Shapes:
    steps = 6
    x = np.repeat(np.arange(steps + 1) * 10.0, 2)[1:-1] - 30
    y = np.repeat(rng.integers(-3, 4, (count, steps)) * 10.0, 2, axis=1)
    floor = np.full((count, 1), -40.0)
    ring = np.stack([np.c_[np.tile(x, (count, 1)), x[-1] + 0 * floor, x[0] + 0 * floor], np.c_[y, floor, floor]], -1)
    return _polygons(np.where(rng.random((count, 1, 1)) < 0.5, ring, ring[..., ::-1]))


def invalid(rng: Rng, count: int) -> Pairs:
    """Rings that cross, touch or retrace themselves, parts that overlap, holes outside: measured on mended copies."""
    crossing = rng.uniform(-60, 60, (count, 6, 2))
    retracing = rng.integers(-3, 4, (count, 6, 2)) * 10.0
    first, second = (_polygons(star_rings(rng, count, 6)) for _ in range(2))
    stacked = [shapely.multipolygons(list(pair)) for pair in zip(first, second, strict=True)]
    pierced = [Polygon(one.exterior, [other.exterior]) for one, other in zip(first, second, strict=True)]
    left = [_polygons(crossing), _polygons(retracing), np.array(stacked), np.array(pierced)]
    return np.choose(rng.integers(0, 4, count), left), _polygons(star_rings(rng, count, 6))


KINDS: MappingProxyType[str, Callable[[Rng, int], Pairs]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            stars, slivers, shared_edges, nearly_shared_edges, nearly_parallel, holes, islands, parts, polyominoes,
            boxes, with_more_points, duplicates, touching, spikes, tiny, combs, spirals, within, staircases, invalid,
        )
    }
)  # fmt: skip


def odds_and_ends() -> list[object]:
    """What a layer may also hold and what shares no area: nothing, points, lines, collapsed and empty polygons."""
    x, y = MIDDLE[4549], NORTH
    return [
        None,
        Polygon(),
        MultiPolygon(),
        GeometryCollection(),
        Point(x, y),
        MultiPoint([(x, y), (x + 1, y)]),
        LineString([(x - 50, y), (x + 50, y)]),
        Polygon([(x, y), (x + 40, y), (x, y)]),
        GeometryCollection([Point(x, y), LineString([(x, y), (x + 9, y)])]),
    ]


def mesh(rng: Rng, columns: int, rows: int, side_m: float = 40.0) -> Shapes:
    """Return quadrilaterals that share edges and corners with all their neighbours and overlap none."""
    at = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), -1) * side_m
    at += rng.uniform(-0.3, 0.3, at.shape) * side_m
    ring = np.stack([at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:]], axis=2)
    return _polygons(ring.reshape(-1, 4, 2))


def zigzag_river(vertices: int, length_m: float, width_m: float, swing_m: float) -> Polygon:
    """A river whose banks turn at every point."""
    x = np.linspace(0, length_m, vertices // 2)
    y = np.where(np.arange(len(x)) % 2, swing_m, -swing_m)
    return Polygon(np.r_[np.c_[x, y], np.c_[x, y + width_m][::-1]])


def meandering_river(vertices: int, length_m: float, width_m: float, swing_m: float) -> Polygon:
    """A river in smooth bends, each of dozens of points."""
    x = np.linspace(0, length_m, vertices // 2)
    y = swing_m * np.sin(x / swing_m) + 0.3 * swing_m * np.sin(x / (7 * swing_m))
    return Polygon(np.r_[np.c_[x, y], np.c_[x, y + width_m][::-1]])


def ragged_disc(rng: Rng, vertices: int, radius_m: float) -> Polygon:
    """A disc whose every second corner is drawn in by up to a twentieth."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    return Polygon(_polar(angle, radius_m * (1 - rng.uniform(0, 0.05, vertices) * (np.arange(vertices) % 2))))


def _mixed(rng: Rng, count: int, draws: list[Callable[[Rng, int], Shapes]]) -> Pairs:
    sizes = [len(each) for each in np.array_split(np.arange(count), len(draws))]
    left = np.concatenate([draw(rng, size) for draw, size in zip(draws, sizes, strict=True)])
    right = np.concatenate([draw(rng, size) for draw, size in zip(draws[::-1], sizes, strict=True)])
    return left, right


def _polygons(rings: Floats) -> Shapes:
    return np.asarray(shapely.polygons(rings), dtype=object)


def _turned(shapes: Shapes, angle: Floats) -> Shapes:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    return shapely.set_coordinates(shapes.copy(), turned(xy[:, None], angle[owner])[:, 0])


def _with_holes(shells: Floats, inner: Floats) -> Shapes:
    return np.array([Polygon(shell, [hole]) for shell, hole in zip(shells, inner, strict=True)], dtype=object)


def _valid(shapes: Shapes) -> Shapes:
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)
