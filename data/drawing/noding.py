"""Shared edges: neighbours hold the same vertices, so that nothing gapes or overlaps once coordinates are rounded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.drawing.plane import Array

TOLERANCE_M = 0.002


def noded(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return the shapes with every vertex of one that lies on an edge of another put into that edge too.

    Vertices within 2 mm of each other become one: the first met.
    """
    known = np.zeros((0, 2))
    snapped = []
    for shape in shapes:
        merged = shapely.transform(shape, lambda xy, known=known: _merged(xy, known))
        snapped.append(merged)
        known = np.unique(np.vstack([known, shapely.get_coordinates(merged)]), axis=0)
    tree = shapely.STRtree(shapely.points(known))
    return [_with_vertices(shape, known, tree) for shape in snapped]


def _merged(xy: Array, known: Array) -> Array:
    if not len(known):
        return xy
    distance = np.linalg.norm(xy[:, None] - known[None], axis=2)
    nearest = distance.argmin(axis=1)
    return np.where((distance.min(axis=1) < TOLERANCE_M)[:, None], known[nearest], xy)


def _with_vertices(shape: BaseGeometry, known: Array, tree: shapely.STRtree) -> BaseGeometry:
    parts = [
        shapely.Polygon(_ring(part.exterior, known, tree), [_ring(hole, known, tree) for hole in part.interiors])
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _ring(ring: shapely.LinearRing, known: Array, tree: shapely.STRtree) -> Array:
    corners = shapely.get_coordinates(ring)
    edges = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    filled: list[Array] = []
    for start, edge in zip(corners[:-1], edges, strict=True):
        near = known[tree.query(edge, predicate="dwithin", distance=TOLERANCE_M)]
        along = shapely.line_locate_point(edge, shapely.points(near))
        between = (along > TOLERANCE_M) & (along < edge.length - TOLERANCE_M)
        filled += [start, *near[between][np.argsort(along[between])]]
    return np.asarray([*filled, corners[-1]])
