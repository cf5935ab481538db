"""The yardstick: an invented ground of parcels in street blocks, and the four layers that lie on it.

Everything is drawn in units of 10 000 parcels, each from random numbers of its own, so that any stretch of the
ground can be made alone and is the same as in the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

SEED = 20171231
PLANE = 4549
CHANGZHOU_M = 497_160.0, 3_521_893.0  # 31.82 N 119.97 E on the plane
COLUMNS, ROWS, CELL_M, ROAD_M = 10, 5, 40.0, 12.0
BLOCK = COLUMNS * ROWS
UNIT_BLOCKS = 200
UNIT = UNIT_BLOCKS * BLOCK
EDGE_MOST = 14  # vertices between two corners: 4 + 4 * 14 = 60 a parcel at most
CORNER_M, WIGGLE_M = 2.0, 2.5  # a road stays open between two blocks: 2 * (2.0 + 2.5) < 12
QUEUE_EVERY = 20  # one polygon of the queue for so many parcels
QUEUE_KINDS = {"copy": 0.40, "blob": 0.38, "big": 0.22}
RIVER_A_PARCEL_M, RAIL_A_PARCEL_M = 0.88, 0.15
ZONE_PITCH_M, ZONE_SHARE = 4_400.0, 0.25

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Ground:
    """Parcels and the layers against them, all on EPSG:4549 and valid."""

    parcels: gpd.GeoSeries
    layers: dict[str, gpd.GeoSeries]


@dataclass(frozen=True)
class _Plan:
    """Where the blocks of a ground of `n` parcels stand: rows of blocks, about as wide as high."""

    n: int

    @property
    def blocks(self) -> int:
        return -(-self.n // BLOCK)

    @property
    def block_m(self) -> tuple[float, float]:
        return COLUMNS * CELL_M + ROAD_M, ROWS * CELL_M + ROAD_M

    @property
    def wide(self) -> int:
        across, up = self.block_m
        return max(1, round(np.sqrt(self.blocks * up / across)))

    @property
    def size_m(self) -> tuple[float, float]:
        return self.wide * self.block_m[0], -(-self.blocks // self.wide) * self.block_m[1]

    @property
    def corner_m(self) -> tuple[float, float]:
        return CHANGZHOU_M[0] - self.size_m[0] / 2, CHANGZHOU_M[1] - self.size_m[1] / 2

    def origins(self, block: Counts) -> Floats:
        at = np.stack([block % self.wide, block // self.wide], axis=-1)
        return self.corner_m + at * self.block_m


def yardstick(n: int, seed: int = SEED) -> Ground:
    """Return the ground of `n` parcels with its layers queue, rivers, rail and zones."""
    return Ground(parcels(n, seed), layers(n, seed))


def parcels(n: int, seed: int = SEED, start: int = 0, stop: int | None = None) -> gpd.GeoSeries:
    """Return the parcels from `start` to before `stop` of a ground of `n`, labelled by their place in the whole."""
    stop = n if stop is None else min(stop, n)
    units = range(start // UNIT, -(-stop // UNIT))
    drawn = [_unit(_Plan(n), unit, seed) for unit in units]
    shapes = np.concatenate(drawn)[start - units.start * UNIT : stop - units.start * UNIT]
    return gpd.GeoSeries(shapes, index=range(start, stop), crs=PLANE)


def chunks(n: int, size: int, seed: int = SEED) -> Iterator[gpd.GeoSeries]:
    """Yield the parcels of a ground of `n` in stretches of `size`, never more than one of them in memory."""
    for start in range(0, n, size):
        yield parcels(n, seed, start, start + size)


def layers(n: int, seed: int = SEED) -> dict[str, gpd.GeoSeries]:
    """Return the four layers of a ground of `n` parcels."""
    plan = _Plan(n)
    drawn = {"queue": _queue, "rivers": _rivers, "rail": _rail, "zones": _zones}
    return {name: gpd.GeoSeries(draw(plan, seed), crs=PLANE) for name, draw in drawn.items()}


def flawed(land: gpd.GeoSeries, seed: int = SEED) -> gpd.GeoSeries:
    """Return parcels with the faults of a real layer: one in 200 stands twice, one in 200 is shifted by 0.3 m."""
    random = np.random.default_rng([seed, 9])
    again, shifted = random.permutation(len(land))[: 2 * (len(land) // 200)].reshape(2, -1)
    shapes = np.array(land.array, dtype=object)
    shapes[shifted] = shapely.transform(shapes[shifted], partial(np.add, (0.3, 0.2)))
    return gpd.GeoSeries(np.concatenate([shapes, shapes[again]]), crs=land.crs)


def _unit(plan: _Plan, unit: int, seed: int) -> Shapes:
    """Return the parcels of 200 blocks; a corner or an edge between two parcels is drawn once and used by both."""
    random = np.random.default_rng([seed, 0, unit])
    lattice = np.stack(np.meshgrid(np.arange(COLUMNS + 1), np.arange(ROWS + 1)), axis=-1) * CELL_M
    corner = lattice + random.uniform(-CORNER_M, CORNER_M, (UNIT_BLOCKS, *lattice.shape))
    corner += plan.origins(unit * UNIT_BLOCKS + np.arange(UNIT_BLOCKS))[:, None, None]
    ragged = random.beta(0.81, 2.0, (UNIT_BLOCKS, 1, 1))
    across = _edges(random, ragged, corner[:, :, :-1], corner[:, :, 1:])
    up = _edges(random, ragged, corner[:, :-1], corner[:, 1:])
    south, north = across[:, :-1], across[:, 1:, :, ::-1]
    west, east = up[:, :, :-1, ::-1], up[:, :, 1:]
    sw, se, ne, nw = corner[:, :-1, :-1], corner[:, :-1, 1:], corner[:, 1:, 1:], corner[:, 1:, :-1]
    one = np.s_[:, :, :, None]
    ring = np.concatenate([sw[one], south, se[one], east, ne[one], north, nw[one], west, sw[one]], axis=3)
    there = ~np.isnan(ring[..., 0])
    return _polygons(ring[there], there.sum(axis=-1).ravel())


def _edges(random: np.random.Generator, ragged: Floats, start: Floats, end: Floats) -> Floats:
    """Return up to 14 points between start and end, NaN where there is none, never further off than 0.3 of the way.

    So an edge stays within 17° of its chord at both ends, where the next one leaves at a right angle: none cross.
    """
    count = 1 + random.binomial(EDGE_MOST - 1, np.broadcast_to(ragged, start.shape[:-1]))[..., None]
    slot = np.arange(EDGE_MOST)
    along = (slot + 1 + random.uniform(-0.35, 0.35, (*start.shape[:-1], EDGE_MOST))) / (count + 1)
    chord = (end - start)[..., None, :]
    length_m = np.hypot(chord[..., 0], chord[..., 1])
    off_m = np.minimum(WIGGLE_M, 0.3 * length_m * np.minimum(along, 1 - along)) * random.uniform(-1, 1, along.shape)
    normal = np.stack([-chord[..., 1], chord[..., 0]], axis=-1) / length_m[..., None]
    points = start[..., None, :] + along[..., None] * chord + off_m[..., None] * normal
    return np.where((slot < count)[..., None], points, np.nan)


def _polygons(xy: Floats, sizes: Counts) -> Shapes:
    rings = np.concatenate([[0], np.cumsum(sizes)])
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, (rings, np.arange(len(rings))))


def _stars(
    random: np.random.Generator, centre: Floats, radius_m: Floats, *, step_m: float, rough_m: float, lobes: int
) -> Shapes:
    """Return lobed, ragged polygons that are star-shaped about their centre, a vertex about every `step_m`."""
    lobe = np.arange(2, lobes + 1)
    depth = random.uniform(0, 0.5, (len(radius_m), len(lobe))) / lobe
    turn = random.uniform(0, 2 * np.pi, depth.shape)
    longer = np.sqrt(1 + np.sum((lobe * depth) ** 2, axis=1) / 2)
    size = np.maximum(8, 2 * np.pi * radius_m * longer / step_m).astype(np.intp)
    first = np.cumsum(size) - size
    owner = np.repeat(np.arange(len(size)), size)
    angle = 2 * np.pi * (np.arange(len(owner)) - first[owner] + random.uniform(0, 0.7, len(owner))) / size[owner]
    reach = 1 + np.sum(depth[owner] * np.cos(lobe * angle[:, None] + turn[owner]), axis=1)
    reach_m = radius_m[owner] * np.maximum(reach, 0.2) + random.uniform(-rough_m, rough_m, len(owner))
    xy = centre[owner] + reach_m[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return _polygons(np.insert(xy, first + size, xy[first], axis=0), size + 1)


def _queue(plan: _Plan, seed: int) -> Shapes:
    return np.concatenate([_queue_unit(plan, unit, seed) for unit in range(-(-plan.n // UNIT))])


def _queue_unit(plan: _Plan, unit: int, seed: int) -> Shapes:
    """Return copies of parcels, blobs and big blobs, one at each 20th parcel of a unit."""
    random = np.random.default_rng([seed, 1, unit])
    count = UNIT // QUEUE_EVERY
    home = np.arange(count) * QUEUE_EVERY + random.integers(0, QUEUE_EVERY, count)
    kind = random.choice(list(QUEUE_KINDS), count, p=list(QUEUE_KINDS.values()))
    shapes = _unit(plan, unit, seed)[home]
    centre = shapely.get_coordinates(shapely.centroid(shapes)) + random.uniform(-20, 20, (count, 2))
    for name, least_m, most_m, rough_m in (("blob", 20, 70, 2.0), ("big", 80, 250, 4.0)):
        these = kind == name
        radius_m = random.uniform(least_m, most_m, these.sum())
        shapes[these] = _stars(random, centre[these], radius_m, step_m=8.0, rough_m=rough_m, lobes=5)
    here = min(UNIT, plan.n - unit * UNIT)
    return shapes[: max(1, here // QUEUE_EVERY)]


def _rivers(plan: _Plan, seed: int) -> Shapes:
    """Return meandering strips from west to east: the heading swings as a sine of the way gone (Langbein, Leopold)."""
    random = np.random.default_rng([seed, 2])
    starts, length_m = _courses(random, plan, RIVER_A_PARCEL_M)
    swing, wave_m, phase, half_m = (
        random.uniform(least, most, len(starts))
        for least, most in ((0.9, 1.3), (900.0, 1_600.0), (0.0, 2 * np.pi), (45.0, 75.0))
    )
    gone_m = np.arange(0, length_m * 2.2, 8.0)
    heading = swing[:, None] * np.sin(2 * np.pi * gone_m / wave_m[:, None] + phase[:, None])
    heading += random.normal(0, 0.25, heading.shape)  # a bank is never smooth
    steps = 8.0 * np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    lines = starts[:, None] + np.cumsum(steps, axis=1)
    reached = [line[line[:, 0] - start[0] <= length_m] for line, start in zip(lines, starts, strict=True)]
    return shapely.buffer([shapely.LineString(line) for line in reached], half_m, quad_segs=16)


def _rail(plan: _Plan, seed: int) -> Shapes:
    """Return smooth lines from west to east, each as its special zone of 10 m and its control zone of 50 m."""
    random = np.random.default_rng([seed, 3])
    starts, length_m = _courses(random, plan, RAIL_A_PARCEL_M)
    east_m = np.linspace(0, length_m, max(2, int(length_m / 25)))
    phase = random.uniform(0, 2 * np.pi, (len(starts), 1))
    lines = np.stack([starts[:, :1] + east_m, starts[:, 1:] + 300 * np.sin(east_m / 1_500 + phase)], axis=-1)
    return np.concatenate([shapely.buffer(shapely.linestrings(lines), metres) for metres in (10, 50)])


def _courses(random: np.random.Generator, plan: _Plan, a_parcel_m: float) -> tuple[Floats, float]:
    """Return where lines start in the west and how long they are, so that their length for each parcel is given."""
    width_m, height_m = plan.size_m
    total_m = a_parcel_m * plan.n
    count = max(1, int(np.ceil(total_m / width_m)))
    length_m = total_m / count
    south_m = (np.arange(count) + random.uniform(0.3, 0.7, count)) * height_m / count
    west_m = random.uniform(0, width_m - length_m, count)
    return np.stack([west_m, south_m], axis=-1) + plan.corner_m, length_m


def _zones(plan: _Plan, seed: int) -> Shapes:
    """Return large ragged zones, one in each square of the ground, that cover about a quarter of it."""
    random = np.random.default_rng([seed, 4])
    size_m = np.array(plan.size_m)
    count = np.maximum(1, np.round(size_m / ZONE_PITCH_M)).astype(int)
    square = np.stack(np.meshgrid(*map(np.arange, count)), axis=-1).reshape(-1, 2)
    pitch_m = size_m / count
    centre = plan.corner_m + (square + 0.5 + random.uniform(-0.1, 0.1, square.shape)) * pitch_m
    radius_m = np.sqrt(ZONE_SHARE * pitch_m.prod() / np.pi) * random.uniform(0.8, 1.2, len(square))
    return _stars(random, centre, radius_m, step_m=5.0, rough_m=2.0, lobes=24)
