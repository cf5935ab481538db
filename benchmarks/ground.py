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

from benchmarks import blocks
from benchmarks.blocks import UNIT, Plan
from benchmarks.layers import queue, rail, rivers, zones

SEED = 20171231
PLANE = 4549


@dataclass(frozen=True)
class Ground:
    """Parcels and the layers against them, all on EPSG:4549 and valid."""

    parcels: gpd.GeoSeries
    layers: dict[str, gpd.GeoSeries]


def yardstick(n: int, seed: int = SEED) -> Ground:
    """Return the ground of `n` parcels with its layers queue, rivers, rail and zones."""
    return Ground(parcels(n, seed), layers(n, seed))


def parcels(n: int, seed: int = SEED, start: int = 0, stop: int | None = None) -> gpd.GeoSeries:
    """Return the parcels from `start` to before `stop` of a ground of `n`, labelled by their place in the whole."""
    stop = n if stop is None else min(stop, n)
    plan = Plan(n)
    units = range(start // UNIT, -(-stop // UNIT))
    drawn = [blocks.unit(plan, unit, seed) for unit in units]
    shapes = np.concatenate(drawn)[start - units.start * UNIT : stop - units.start * UNIT]
    return gpd.GeoSeries(shapes, index=range(start, stop), crs=PLANE)


def chunks(n: int, size: int, seed: int = SEED) -> Iterator[gpd.GeoSeries]:
    """Yield the parcels of a ground of `n` in stretches of `size`, never more than one of them in memory."""
    for start in range(0, n, size):
        yield parcels(n, seed, start, start + size)


def layers(n: int, seed: int = SEED) -> dict[str, gpd.GeoSeries]:
    """Return the four layers of a ground of `n` parcels."""
    plan = Plan(n)
    drawn = {"queue": queue, "rivers": rivers, "rail": rail, "zones": zones}
    return {name: gpd.GeoSeries(draw(plan, seed), crs=PLANE) for name, draw in drawn.items()}


def flawed(land: gpd.GeoSeries, seed: int = SEED) -> gpd.GeoSeries:
    """Return parcels with the faults of a real layer: one in 200 stands twice, one in 200 is shifted by 0.3 m."""
    random = np.random.default_rng([seed, 9])
    again, shifted = random.permutation(len(land))[: 2 * (len(land) // 200)].reshape(2, -1)
    shapes = np.array(land.array, dtype=object)
    shapes[shifted] = shapely.transform(shapes[shifted], partial(np.add, (0.3, 0.2)))
    return gpd.GeoSeries(np.concatenate([shapes, shapes[again]]), crs=land.crs)
