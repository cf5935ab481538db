"""Polygons as the engine reads them: signed edges on a plane, big polygons cut into leaves; made once, used often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from os import cpu_count
from threading import current_thread
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs, kernels
from gis.rings import Floats, Shapes, mended, refuse_infinite, rings
from gis.scale import scales

MOST_EDGES = 72
LEAF_EDGES = 24
LEAF_M = 40_000.0
ORIGIN = 1024.0
_PIECES = 8
_ENGINE = "engine"

T = TypeVar("T")

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Edges:
    """Every polygon of a series as signed edges (`gis.kernels`), big ones in leaves.

    Parameters
    ----------
    plane, origin
        The plane of the coordinates, and the point from which they are counted (multiples of 1024, so that nothing
        is rounded).
    rows, start, stop
        Edges, (n, 6); the first of each leaf, and the one after its last.
    owner, box
        The position of each leaf's shape, ascending; west, south, east, north.
    index, shapes
        The labels of the series, and its shapes on the plane, invalid rings mended.
    """

    plane: CRS
    origin: tuple[float, float]
    rows: Floats
    start: Positions
    stop: Positions
    owner: Positions
    box: Floats
    index: pd.Index
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.index)

    @property
    def metre(self) -> float:
        """Metres of one unit of the plane."""
        return crs.metres(self.plane)

    @property
    def series(self) -> gpd.GeoSeries:
        """The shapes on the plane."""
        return gpd.GeoSeries(self.shapes, index=self.index, crs=self.plane)

    @cached_property
    def scale(self) -> tuple[NDArray[np.intp], Floats]:
        """The areal scale around each leaf (`gis.scale.scales`)."""
        box = self.box
        return scales(self.plane, (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2, self.origin)

    @property
    def leaves(self) -> tuple[Floats, Positions, Positions, Floats, Positions]:
        """What the loops read of the leaves: edges, starts, ends, boxes, owners."""
        return self.rows, self.start, self.stop, self.box, self.owner

    @cached_property
    def own(self) -> Floats:
        """Plane area and ellipsoidal area (m²) of each leaf, (n, 2)."""
        cell, terms = self.scale
        out = np.empty((len(self.box), 2))

        def part(a: int, b: int) -> None:
            here = slice(a, b)
            kernels.own_areas(
                self.rows, self.start[here], self.stop[here], self.box[here], cell[here], terms, self.far, out[here]
            )

        in_parts(part, _even(len(out)))
        return out

    @cached_property
    def areas_m2(self) -> Floats:
        """The ellipsoidal area of each shape, edges straight on the plane, nothing rounded."""
        return np.bincount(self.owner, self.own[:, 1], minlength=len(self)).astype(float)

    @property
    def far(self) -> float:
        """Above this width (in units of the plane) a shape is weighed edge by edge."""
        return kernels.FARTHEST_FOR_CENTROID_M / self.metre

    def counted_from(self, origin: tuple[float, float]) -> Edges:
        """Return the same edges counted from another origin."""
        if origin == self.origin:
            return self
        by = np.array([self.origin[0] - origin[0], self.origin[1] - origin[1]])
        rows, box = self.rows.copy(), self.box + np.tile(by, 2)
        rows[:, :4] += np.tile(by, 2)
        return replace(self, origin=origin, rows=rows, box=box)

    @cached_property
    def tree(self) -> tuple[Floats, Positions, Positions]:
        """The packed tree of the leaves' boxes: nodes, where each level starts, leaves in the order of the nodes."""
        order = _along_a_curve(self.box)
        return (*kernels.tree(self.box, order), order)

    def parts(self, pieces: int) -> Positions:
        """Return where to divide the leaves into about as many pieces, no shape's leaves divided; with both ends."""
        at = np.linspace(0, len(self.owner), min(pieces, max(len(self.owner), 1)) + 1).astype(np.int64)
        inner = np.searchsorted(self.owner, self.owner[at[1:-1]])
        return np.unique(np.r_[0, inner, len(self.owner)])


def edges(geometry: gpd.GeoSeries, plane: CRS | None = None, origin: tuple[float, float] | None = None) -> Edges:
    """Return the polygons of a series as edges on a plane (by default `gis.crs.plane`), counted from an origin.

    Invalid rings are read as `gis.rings.mended` mends them; points, lines, missing and empty shapes have no edges.

    Raises
    ------
    CrsError
        As `gis.crs.to`.
    GeometryError
        A coordinate is not a finite number.
    """
    own = crs.plane(geometry) if plane is None else plane
    shapes = np.asarray((geometry if plane is None and geometry.crs == own else crs.to(geometry, own)).array)
    xy, start, stop, owner, shell, shapes = _rings(geometry, shapes)
    if origin is None:
        west, south, _ = kernels.extent(xy)
        origin = (np.floor(west / ORIGIN) * ORIGIN, np.floor(south / ORIGIN) * ORIGIN)
    sizes = np.empty(len(start), np.int64)
    even = _even(len(start))
    in_parts(lambda a, b: kernels.ring_sizes(xy, start[a:b], stop[a:b], sizes[a:b]), even)
    at = np.r_[0, np.cumsum(sizes)]
    rows = np.empty((at[-1], 6))
    in_parts(lambda a, b: kernels.ring_edges(xy, start[a:b], stop[a:b], shell[a:b], at[a:b], *origin, rows), even)
    full = np.flatnonzero(sizes > 0)
    firsts = full[np.r_[True, owner[full][1:] != owner[full][:-1]]] if len(full) else full
    return _cut(
        Edges(
            plane=own,
            origin=origin,
            rows=rows,
            start=at[firsts],
            stop=np.r_[at[firsts][1:], at[-1:]] if len(firsts) else at[:0],
            owner=owner[firsts],
            box=_boxes(rows, at[firsts], np.r_[at[firsts][1:], at[-1:]]),
            index=geometry.index,
            shapes=shapes,
        )
    )


def _boxes(rows: Floats, start: Positions, stop: Positions) -> Floats:
    box = np.empty((len(start), 4))
    in_parts(lambda a, b: kernels.boxes(rows, start[a:b], stop[a:b], box[a:b]), _even(len(start)))
    return box


def _cut(whole: Edges) -> Edges:
    """Return the edges with every big or wide polygon in leaves."""
    widest = LEAF_M / whole.metre
    box = whole.box
    big = (whole.stop - whole.start > MOST_EDGES) | (np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) > widest)
    if not big.any():
        return whole
    first, last, shape = whole.start[big], whole.stop[big], whole.owner[big]
    size = np.cumsum(last - first)
    parts = np.searchsorted(size, np.linspace(0, size[-1], _PIECES + 1)[1:-1])
    cut = in_parts(
        lambda a, b: (kernels.leaves(whole.rows, first[a:b], last[a:b], LEAF_EDGES, widest), shape[a:b]),
        np.unique(np.r_[0, parts, len(first)]),
        least=2,
    )
    every = np.concatenate([whole.rows, *(rows for (rows, _, _), _ in cut)])
    base = len(whole.rows) + np.cumsum([0, *(len(rows) for (rows, _, _), _ in cut)])
    owner = np.concatenate([whole.owner[~big], *(shapes[of] for (_, _, of), shapes in cut)])
    order = np.argsort(owner, kind="stable")
    ends = [at + by for ((_, at, _), _), by in zip(cut, base[:-1], strict=True)]
    start = np.concatenate([whole.start[~big], *(at[:-1] for at in ends)])[order]
    stop = np.concatenate([whole.stop[~big], *(at[1:] for at in ends)])[order]
    return replace(whole, rows=every, start=start, stop=stop, owner=owner[order], box=_boxes(every, start, stop))


def _rings(geometry: gpd.GeoSeries, shapes: Shapes) -> tuple[Floats, Positions, Positions, Positions, Floats, Shapes]:
    """Return points, first and end of each ring, its shape, +1 for a shell and -1 for a hole; and the shapes, mended.

    Polygons without holes go by numpy alone; the rest, and what a quick look can't call valid, by GEOS.
    """
    kind = shapely.get_type_id(shapes)
    plain = (kind == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(shapes) == 0)
    count = shapely.get_num_coordinates(shapes)
    plain &= count > 0
    where = np.flatnonzero(plain)
    xy = shapely.get_coordinates(shapes if plain.all() else shapes[where])
    if not kernels.extent(xy)[2]:
        refuse_infinite(geometry)
    end = np.cumsum(count[where]).astype(np.int64)
    start = end - count[where]
    doubt = np.empty(len(where), np.bool_)
    in_parts(lambda a, b: kernels.doubtful(xy, start[a:b], end[a:b], doubt[a:b]), _even(len(where)))
    other = np.flatnonzero(~plain & (kind >= 0))
    asked = np.r_[where[doubt], other]
    valid = in_parts(lambda a, b: shapely.is_valid(shapes[asked[a:b]]), _even(len(asked)), least=50)
    invalid = asked[~np.concatenate([np.zeros(0, bool), *valid])]
    if len(invalid) == 0 and len(other) == 0:
        return xy, start, end, where, np.ones(len(where)), shapes
    if len(other):
        refuse_infinite(geometry)
    if len(invalid):
        shapes = shapes.copy()
        shapes[invalid] = mended(shapes[invalid])
    again = np.union1d(invalid, other)
    closed, of, sign = rings(shapes[again])
    more, ring_of = shapely.get_coordinates(closed, return_index=True)
    edge = len(xy) + np.searchsorted(ring_of, np.arange(len(closed) + 1))
    still = ~np.isin(where, invalid)
    owner = np.r_[where[still], again[of]]
    order = np.argsort(owner, kind="stable")
    parts = (np.r_[start[still], edge[:-1]], np.r_[end[still], edge[1:]], owner, np.r_[np.ones(still.sum()), sign])
    first, stop, owner, shell = (part[order] for part in parts)
    return np.r_[xy, more], first.astype(np.int64), stop.astype(np.int64), owner, shell, shapes


def _along_a_curve(box: Floats) -> Positions:
    """Return the boxes' order along a Hilbert curve through their middles."""
    if len(box) == 0:
        return np.zeros(0, np.int64)
    middle = (box[:, :2] + box[:, 2:]) / 2
    low = middle.min(axis=0)
    span = max(float((middle.max(axis=0) - low).max()), 1e-9)
    cells = ((middle - low) / span * 65_535).astype(np.int64)
    return np.argsort(kernels.hilbert(cells), kind="stable").astype(np.int64)


def in_parts(work: Callable[[int, int], T], at: Positions, least: int = 1000) -> list[T]:
    """Run work(from, to) for each part, on every core where there is enough; the loops hold no interpreter lock."""
    spans = [(int(a), int(b)) for a, b in pairwise(at) if b > a]
    inside = current_thread().name.startswith(_ENGINE)  # the pool would wait for itself
    if inside or len(spans) < 2 or (at[-1] - at[0]) < least:
        return [work(a, b) for a, b in spans]
    return list(_pool().map(lambda span: work(*span), spans))


def _even(count: int) -> Positions:
    return np.linspace(0, count, _PIECES + 1).astype(np.int64)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cpu_count(), thread_name_prefix=_ENGINE)
