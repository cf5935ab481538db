"""The four layers that lie on the ground: queue, rivers, rail and zones."""

from __future__ import annotations

import numpy as np
import shapely

from benchmarks import blocks
from benchmarks.blocks import UNIT, Floats, Plan, Shapes, polygons

QUEUE_EVERY = 20  # one polygon of the queue for so many parcels
QUEUE_KINDS = {"copy": 0.40, "blob": 0.38, "big": 0.22}
RIVER_A_PARCEL_M, RAIL_A_PARCEL_M = 0.88, 0.15
ZONE_PITCH_M, ZONE_SHARE = 4_400.0, 0.25


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
    return polygons(np.insert(xy, first + size, xy[first], axis=0), size + 1)


def queue(plan: Plan, seed: int) -> Shapes:
    return np.concatenate([_queue_unit(plan, unit, seed) for unit in range(-(-plan.n // UNIT))])


def _queue_unit(plan: Plan, unit: int, seed: int) -> Shapes:
    """Return copies of parcels, blobs and big blobs, one at each 20th parcel of a unit."""
    random = np.random.default_rng([seed, 1, unit])
    count = UNIT // QUEUE_EVERY
    home = np.arange(count) * QUEUE_EVERY + random.integers(0, QUEUE_EVERY, count)
    kind = random.choice(list(QUEUE_KINDS), count, p=list(QUEUE_KINDS.values()))
    shapes = blocks.unit(plan, unit, seed)[home]
    centre = shapely.get_coordinates(shapely.centroid(shapes)) + random.uniform(-20, 20, (count, 2))
    for name, least_m, most_m, rough_m in (("blob", 20, 70, 2.0), ("big", 80, 250, 4.0)):
        these = kind == name
        radius_m = random.uniform(least_m, most_m, these.sum())
        shapes[these] = _stars(random, centre[these], radius_m, step_m=8.0, rough_m=rough_m, lobes=5)
    here = min(UNIT, plan.n - unit * UNIT)
    kept: Shapes = shapes[: max(1, here // QUEUE_EVERY)]
    return kept


def rivers(plan: Plan, seed: int) -> Shapes:
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


def rail(plan: Plan, seed: int) -> Shapes:
    """Return smooth lines from west to east, each as its special zone of 10 m and its control zone of 50 m."""
    random = np.random.default_rng([seed, 3])
    starts, length_m = _courses(random, plan, RAIL_A_PARCEL_M)
    east_m = np.linspace(0, length_m, max(2, int(length_m / 25)))
    phase = random.uniform(0, 2 * np.pi, (len(starts), 1))
    lines = np.stack([starts[:, :1] + east_m, starts[:, 1:] + 300 * np.sin(east_m / 1_500 + phase)], axis=-1)
    return np.concatenate([shapely.buffer(shapely.linestrings(lines), metres) for metres in (10, 50)])


def _courses(random: np.random.Generator, plan: Plan, a_parcel_m: float) -> tuple[Floats, float]:
    """Return where lines start in the west and how long they are, so that their length for each parcel is given."""
    width_m, height_m = plan.size_m
    total_m = a_parcel_m * plan.n
    count = max(1, int(np.ceil(total_m / width_m)))
    length_m = total_m / count
    south_m = (np.arange(count) + random.uniform(0.3, 0.7, count)) * height_m / count
    west_m = random.uniform(0, width_m - length_m, count)
    return np.stack([west_m, south_m], axis=-1) + plan.corner_m, length_m


def zones(plan: Plan, seed: int) -> Shapes:
    """Return large ragged zones, one in each square of the ground, that cover about a quarter of it."""
    random = np.random.default_rng([seed, 4])
    size_m = np.array(plan.size_m)
    count = np.maximum(1, np.round(size_m / ZONE_PITCH_M)).astype(int)
    square = np.stack(np.meshgrid(*map(np.arange, count)), axis=-1).reshape(-1, 2)
    pitch_m = size_m / count
    centre = plan.corner_m + (square + 0.5 + random.uniform(-0.1, 0.1, square.shape)) * pitch_m
    radius_m = np.sqrt(ZONE_SHARE * pitch_m.prod() / np.pi) * random.uniform(0.8, 1.2, len(square))
    return _stars(random, centre, radius_m, step_m=5.0, rough_m=2.0, lobes=24)
