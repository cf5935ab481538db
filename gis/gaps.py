"""Narrow gaps between polygons, found place by place: the cost grows with the gaps, not with the layer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis import alike, cells, facing

MITRE = 5.0
SNAP_M = 1e-3
WHOLE_CELLS = 256
TILE_CELLS = 16
BIG_VERTICES = 512
COARSER = 1e-6

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class _Job:
    """Some cells (boxes) in which gaps may lie, and the tile to which they are cut where their group is large."""

    group: int
    cells: Floats
    tile: Floats | None


def between(shapes: Shapes, width_m: float, metre: float) -> tuple[Positions, Shapes]:
    """Return the positions, (n, 2), of the two shapes that each gap touches longest, and the gaps.

    The covered ground is closed by half of `width_m`: dilated, then eroded, with mitred corners. What that fills and
    what touches two shapes or more is a gap. Ordered by the two shapes, then from west to east.

    Parameters
    ----------
    shapes
        Valid shapes on a plane; only polygons count.
    metre
        What a unit of the plane is in metres.

    Raises
    ------
    GeometryError
        As `gis.facing.places`.

    Notes
    -----
    A mitred corner reaches at most MITRE x width / 2 beyond the ground, so what is filled at a place depends on
    nothing beyond 2 x MITRE x width / 2 (`reach`), and boundaries that face each other from further away are never
    joined. Closing is done with the whole shapes around each group of places (`gis.facing.places`); a group that
    spreads over more than 256 cells is closed tile by tile, and what crosses a border is put together again.
    """
    areal = np.flatnonzero((shapely.get_dimensions(shapes) == 2) & _first_two(shapes))
    shapes = shapes[areal]
    reach = MITRE * width_m / metre
    boxes = facing.places(shapes, reach, metre) + np.array([-reach, -reach, reach, reach])
    if len(boxes) == 0:
        return np.zeros((0, 2), np.intp), np.zeros(0, object)
    tree = shapely.STRtree(shapes)
    holes = _filled(tree, _jobs(boxes, reach), width_m / 2 / metre)
    holes = holes[shapely.area(holes) * metre**2 > SNAP_M * width_m]
    of, pair = _longest_touched(holes, tree, SNAP_M / metre)
    west, south, _, _ = shapely.bounds(holes[of]).T
    order = np.lexsort((south, west, pair[:, 1], pair[:, 0]))
    return areal[pair[order]], holes[of[order]]


def _first_two(shapes: Shapes) -> NDArray[np.bool_]:
    """Mark all but the third and further copies of a shape, which no gap touches longer than the first two."""
    first = alike.firsts(shapes)
    return pd.Series(first).groupby(first).cumcount().to_numpy() < 2


def _jobs(boxes: Floats, reach: float) -> list[_Job]:
    size = max(4 * reach, float((boxes[:, 2:] - boxes[:, :2]).max()) / 4)
    places, group = cells.groups(np.floor(boxes / size).astype(np.int64))
    large = (np.bincount(group) > WHOLE_CELLS)[group]
    tile = np.where(large[:, None], places // TILE_CELLS, 0)
    order = np.lexsort((tile[:, 1], tile[:, 0], group))
    key = np.column_stack([group, tile])[order]
    starts = np.flatnonzero(np.r_[False, (key[1:] != key[:-1]).any(axis=1)])
    return [
        _Job(
            group=int(group[some[0]]),
            cells=np.hstack([places[some], places[some] + 1]) * size,
            tile=np.r_[tile[some[0]], tile[some[0]] + 1] * TILE_CELLS * size if large[some[0]] else None,
        )
        for some in np.split(order, starts)
    ]


def _filled(tree: shapely.STRtree, jobs: list[_Job], radius: float) -> Shapes:
    """Return what closing fills at the cells of each job: whole, and what tiles cut put together again."""
    with ThreadPoolExecutor(cpu_count()) as pool:
        done = list(pool.map(lambda job: _filled_at(job, tree, radius), jobs))
    cut: dict[int, list[Shapes]] = {}
    for job, (_, pieces) in zip(jobs, done, strict=True):
        if len(pieces):
            cut.setdefault(job.group, []).append(pieces)
    joined = [_polygons(shapely.union_all(np.concatenate(pieces))) for pieces in cut.values()]
    return np.concatenate([np.zeros(0, object), *(whole for whole, _ in done), *joined])


def _filled_at(job: _Job, tree: shapely.STRtree, radius: float) -> tuple[Shapes, Shapes]:
    """Return what closing fills at the cells of a job: that inside its tile, and the pieces of that which leaves it."""
    here = np.asarray(shapely.box(*job.cells.T))
    holes = _met(_closing(_around(job.cells, tree, 3 * MITRE * radius), radius), here)
    if job.tile is None:
        return holes, holes[:0]
    tile = shapely.box(*job.tile)
    inside = shapely.covers(tile, holes)
    return holes[inside], _met(_polygons(shapely.intersection(holes[~inside], tile)), here)


def _met(shapes: Shapes, here: Shapes) -> Shapes:
    """Return the shapes that meet any of those here."""
    return np.asarray(shapes[np.unique(shapely.STRtree(here).query(shapes, predicate="intersects")[0])])


def _polygons(shapes: Shapes | shapely.Geometry) -> Shapes:
    parts = shapely.get_parts(shapely.get_parts(shapes))
    return np.asarray(parts[shapely.get_dimensions(parts) == 2])


def _around(cells: Floats, tree: shapely.STRtree, margin: float) -> Shapes:
    """Return the shapes within a margin of cells; the big ones only near them."""
    near = cells + np.array([-margin, -margin, margin, margin])
    found = np.unique(tree.query(shapely.box(*near.T), predicate="intersects")[1])
    shapes = tree.geometries[found]
    big = shapely.get_num_coordinates(shapes) > BIG_VERTICES
    window = shapely.box(*near[:, :2].min(axis=0), *near[:, 2:].max(axis=0))
    shapes[big] = shapely.intersection(shapes[big], window)
    return np.asarray(shapes)


def _closing(shapes: Shapes, radius: float) -> Shapes:
    """Return what closing the union of shapes fills."""
    try:
        return _closed(shapes, radius)
    except shapely.errors.GEOSException:  # GEOS can't tell two crossings apart in the last digit
        return _closed(shapes, radius, COARSER * radius)


def _closed(shapes: Shapes, radius: float, grid: float | None = None) -> Shapes:
    ground = shapely.union_all(shapes, grid_size=grid)
    grown = shapely.buffer(ground, radius, join_style="mitre", mitre_limit=MITRE)
    closed = shapely.buffer(grown, -radius, join_style="mitre", mitre_limit=MITRE)
    return _polygons(shapely.difference(closed, ground, grid_size=grid))


def _longest_touched(holes: Shapes, tree: shapely.STRtree, snap: float) -> tuple[Positions, Positions]:
    """Return the holes that touch (to 1 mm) two shapes or more, and the two, in order, that each touches longest."""
    rims, hole = _quartered(shapely.buffer(holes, snap))
    piece, near = tree.query(rims, predicate="intersects")
    contact = shapely.length(shapely.intersection(shapely.boundary(tree.geometries[near]), rims[piece]))
    touched, at = np.unique(np.column_stack([hole[piece], near]).reshape(-1, 2), axis=0, return_inverse=True)
    steps = np.round(np.bincount(at, contact, minlength=len(touched)) / snap)
    touched = touched[np.lexsort((touched[:, 1], -steps, touched[:, 0]))]
    first = np.flatnonzero(np.r_[True, touched[1:, 0] != touched[:-1, 0]][: len(touched)])
    several = first[np.diff(np.r_[first, len(touched)]) > 1]
    pair = np.column_stack([touched[several, 1], touched[several + 1, 1]])
    return touched[several, 0], np.sort(pair, axis=1)


def _quartered(shapes: Shapes) -> tuple[Shapes, Positions]:
    """Return the shapes cut into quarters until none is big, and the position of the shape of each piece."""
    of = np.arange(len(shapes))
    while (big := shapely.get_num_coordinates(shapes) > BIG_VERTICES).any():
        quarters = shapely.intersection(shapes[big][:, None], _quarters(shapely.bounds(shapes[big])))
        shapes = np.r_[shapes[~big], quarters.ravel()]
        of = np.r_[of[~big], np.repeat(of[big], 4)]
    return shapes, of


def _quarters(boxes: Floats) -> Shapes:
    west, south, east, north = boxes.T
    x, y = (west + east) / 2, (south + north) / 2
    return np.column_stack(
        [
            shapely.box(west, south, x, y),
            shapely.box(x, south, east, y),
            shapely.box(west, y, x, north),
            shapely.box(x, y, east, north),
        ]
    )
