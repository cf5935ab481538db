"""Street blocks of parcels whose neighbours share every vertex of their edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

CHANGZHOU_M = 497_160.0, 3_521_893.0  # 31.82 N 119.97 E on the plane
COLUMNS, ROWS, CELL_M, ROAD_M = 10, 5, 40.0, 12.0
BLOCK = COLUMNS * ROWS
UNIT_BLOCKS = 200
UNIT = UNIT_BLOCKS * BLOCK
EDGE_MOST = 14  # vertices between two corners: 4 + 4 * 14 = 60 a parcel at most
CORNER_M, WIGGLE_M = 2.0, 2.5  # a road stays open between two blocks: 2 * (2.0 + 2.5) < 12

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Plan:
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
        return max(1, round(float(np.sqrt(self.blocks * up / across))))

    @property
    def size_m(self) -> tuple[float, float]:
        return self.wide * self.block_m[0], -(-self.blocks // self.wide) * self.block_m[1]

    @property
    def corner_m(self) -> tuple[float, float]:
        return CHANGZHOU_M[0] - self.size_m[0] / 2, CHANGZHOU_M[1] - self.size_m[1] / 2

    def origins(self, block: Counts) -> Floats:
        at = np.stack([block % self.wide, block // self.wide], axis=-1)
        return np.array(self.corner_m) + at * np.array(self.block_m)


def unit(plan: Plan, number: int, seed: int) -> Shapes:
    """Return the parcels of 200 blocks; a corner or an edge between two parcels is drawn once and used by both."""
    random = np.random.default_rng([seed, 0, number])
    lattice = np.stack(np.meshgrid(np.arange(COLUMNS + 1), np.arange(ROWS + 1)), axis=-1) * CELL_M
    corner = lattice + random.uniform(-CORNER_M, CORNER_M, (UNIT_BLOCKS, *lattice.shape))
    corner += plan.origins(number * UNIT_BLOCKS + np.arange(UNIT_BLOCKS))[:, None, None]
    ragged = random.beta(0.81, 2.0, (UNIT_BLOCKS, 1, 1))
    across = _edges(random, ragged, corner[:, :, :-1], corner[:, :, 1:])
    up = _edges(random, ragged, corner[:, :-1], corner[:, 1:])
    south, north = across[:, :-1], across[:, 1:, :, ::-1]
    west, east = up[:, :, :-1, ::-1], up[:, :, 1:]
    sw, se, ne, nw = corner[:, :-1, :-1], corner[:, :-1, 1:], corner[:, 1:, 1:], corner[:, 1:, :-1]
    one = np.s_[:, :, :, None]
    ring = np.concatenate([sw[one], south, se[one], east, ne[one], north, nw[one], west, sw[one]], axis=3)
    there = ~np.isnan(ring[..., 0])
    return polygons(ring[there], there.sum(axis=-1).ravel())


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


def polygons(xy: Floats, sizes: Counts) -> Shapes:
    rings = np.concatenate([[0], np.cumsum(sizes)])
    return shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, (rings, np.arange(len(rings))))
