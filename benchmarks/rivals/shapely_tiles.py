"""shapely: large polygons cut into tiles, all tiles asked at once, covered parcels not cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from benchmarks.ground import Ground
from benchmarks.rivals import LEAST_M2, Rival

TILE_VERTICES = 256

Shapes = NDArray[np.object_]
Positions = NDArray[np.intp]


@contextmanager
def opened(ground: Ground) -> Iterator[list[Rival]]:
    """Open it; shapely has nothing to load."""

    def pairs(layer: str) -> pd.DataFrame:
        return _pairs(ground.parcels.to_numpy(), ground.layers[layer].to_numpy())

    yield [Rival("shapely, tiles", pairs)]


def _pairs(parcels: Shapes, layer: Shapes) -> pd.DataFrame:
    tiles, owner = _tiles(layer)
    tree = shapely.STRtree(parcels)
    tile, left = tree.query(tiles, predicate="intersects")
    shapely.prepare(tiles)
    inside = shapely.covers(tiles[tile], parcels[left])
    shared = np.empty(len(left))
    shared[inside] = shapely.area(parcels[left[inside]])
    shared[~inside] = shapely.area(shapely.intersection(parcels[left[~inside]], tiles[tile[~inside]]))
    pair, at = np.unique(left * len(layer) + owner[tile], return_inverse=True)
    total = np.bincount(at, shared, minlength=len(pair))
    found = pd.DataFrame({"left": pair // len(layer), "right": pair % len(layer), "area_m2": total})
    return found[total > LEAST_M2]


def _tiles(shapes: Shapes) -> tuple[Shapes, Positions]:
    """Return shapes halved across their longer side until each has few vertices, and the place of what each is of."""
    done, owner = [], []
    at = np.arange(len(shapes))
    while len(shapes):
        large = shapely.get_num_coordinates(shapes) > TILE_VERTICES
        done.append(shapes[~large])
        owner.append(at[~large])
        halves = _halves(shapes[large])
        shapes, of = shapely.get_parts(halves.ravel(), return_index=True)
        at = at[large][of % large.sum()] if large.any() else at[:0]
        areal = shapely.get_dimensions(shapes) == 2
        shapes, at = shapes[areal], at[areal]
    return np.concatenate(done), np.concatenate(owner)


def _halves(shapes: Shapes) -> Shapes:
    west, south, east, north = shapely.bounds(shapes).T if len(shapes) else np.empty((4, 0))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    upright = north - south > east - west
    first = shapely.box(west, south, np.where(upright, east, middle_x), np.where(upright, middle_y, north))
    second = shapely.box(np.where(upright, west, middle_x), np.where(upright, middle_y, south), east, north)
    return np.stack([shapely.intersection(shapes, first), shapely.intersection(shapes, second)])
