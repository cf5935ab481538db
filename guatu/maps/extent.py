"""How much there is to draw, and with it the one decision whether a layer travels whole or as tiles."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.layer import GEOM_BASIS
from guatu.maps.features import drawable
from guatu.maps.grid import BITS, LAST_ZOOM, on_grid

# Beyond either, the browser would wait for GeoJSON (measured: 2 000 parcels 0.15 MB, 10 000 parcels 0.7 MB and 4.5 s).
MOST_FEATURES = 2_000
MOST_VERTICES = 100_000

# A screen shows some twenty tiles: a fullest tile of this much keeps them below a megabyte.
TILE_FEATURES, TILE_VERTICES = 1_000, 16_000
# Where much lies on one spot no zoom thins it out; this much still travels, and beyond it only the overview is drawn.
HEAP_FEATURES, HEAP_VERTICES = 20_000, 300_000
FIRST_ZOOM = 8
_COUNTED = 20_000

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Extent:
    """What of a frame is drawn: number of features and vertices, bounds (west, south, east, north in degrees).

    `first_zoom` is the lowest zoom whose fullest tile of vectors is still light; beyond the last zoom where there
    is none.
    """

    features: int
    vertices: int
    bounds: tuple[float, float, float, float] | None
    first_zoom: int
    schematic: bool

    @property
    def large(self) -> bool:
        """Tell whether the layer travels as tiles."""
        return self.features > MOST_FEATURES or self.vertices > MOST_VERTICES


def extent(frame: gpd.GeoDataFrame) -> Extent:
    """Return how much of a frame in EPSG:4490 there is to draw."""
    shapes = np.asarray(frame.geometry.array)
    boxes = shapely.bounds(shapes)
    there = drawable(shapes, boxes)
    drawn, boxes = (shapes, boxes) if there.all() else (shapes[there], boxes[there])
    vertices = int(shapely.get_num_coordinates(drawn).sum())
    schematic = GEOM_BASIS.key in frame and bool((frame[GEOM_BASIS.key] == "schematic").any())
    if not len(drawn):
        return Extent(0, 0, None, FIRST_ZOOM, schematic)
    (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    first = _first_zoom(drawn) if len(drawn) > MOST_FEATURES or vertices > MOST_VERTICES else FIRST_ZOOM
    return Extent(len(drawn), vertices, (west, south, east, north), first, schematic)


def _first_zoom(shapes: Shapes) -> int:
    """Return the lowest zoom whose fullest tile is light, estimated from every n-th feature of a large frame.

    A feature counts in a tile with the share of its vertices that lie there.
    """
    every = max(1, len(shapes) // _COUNTED)
    xy, owner = shapely.get_coordinates(shapes[::every], return_index=True)
    x, y = on_grid(xy[:, 0], xy[:, 1])
    cell = interleaved(x.astype(np.uint64), y.astype(np.uint64))
    order = np.argsort(cell)
    cell, owner = cell[order], owner[order]
    share = every / np.bincount(owner)[owner]
    fullest = [_fullest(cell >> np.uint64(2 * (BITS - zoom)), share, every) for zoom in range(LAST_ZOOM + 1)]
    for features, vertices in ((TILE_FEATURES, TILE_VERTICES), (HEAP_FEATURES, HEAP_VERTICES)):
        for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
            if fullest[zoom][0] <= features and fullest[zoom][1] <= vertices:
                return zoom
    return LAST_ZOOM + 1


def _fullest(tile: NDArray[np.uint64], share: NDArray[np.float64], every: int) -> tuple[float, float]:
    start = np.flatnonzero(np.r_[True, tile[1:] != tile[:-1]])
    vertices = np.diff(np.r_[start, len(tile)]) * every
    return float(np.add.reduceat(share, start).max()), float(vertices.max())


def interleaved(x: NDArray[np.uint64], y: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the Morton code of grid positions: neighbours come near each other, and a tile is one stretch."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333), (1, 0x5555555555555555),
    ):  # fmt: skip
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value
