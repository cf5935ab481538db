"""Shared plane area in exact rational arithmetic: the last word where two floating-point answers differ."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import shapely

Point = tuple[Fraction, Fraction]
Edge = tuple[Point, Point]
Interval = tuple[Fraction, Fraction]


def shared_m2(one: shapely.Geometry, other: shapely.Geometry) -> Fraction:
    """Return the area that two valid polygons (with holes, in parts) share, without any rounding.

    The plane is cut into vertical strips at each vertex and at each crossing of an edge of one with an edge of the
    other. No edges cross inside a strip, so the length that both share on its middle line times its width is the area.
    """
    ours, theirs = list(edges(one)), list(edges(other))
    total = Fraction(0)
    for west, east in pairwise(_cuts(ours, theirs)):
        middle = (west + east) / 2
        total += (east - west) * _shared_length(_intervals(ours, middle), _intervals(theirs, middle))
    return total


def area_m2(shape: shapely.Geometry) -> Fraction:
    """Return the plane area of a valid polygon: shells less holes, without any rounding."""
    total = Fraction(0)
    for part in shapely.get_parts(shape):
        shell, *holes = (abs(_shoelace(ring)) for ring in shapely.get_rings(part))
        total += shell - sum(holes, Fraction(0))
    return total


def edges(shape: shapely.Geometry) -> Iterator[Edge]:
    """Yield the edges of a polygon that are not vertical, each from west to east."""
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        for start, end in pairwise(_points(ring)):
            if start[0] != end[0]:
                yield min(start, end), max(start, end)


def _points(ring: shapely.Geometry) -> list[Point]:
    return [(Fraction(x), Fraction(y)) for x, y in shapely.get_coordinates(ring).tolist()]


def _shoelace(ring: shapely.Geometry) -> Fraction:
    return sum(((x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairwise(_points(ring))), Fraction(0)) / 2


def _cuts(ours: list[Edge], theirs: list[Edge]) -> list[Fraction]:
    at = {x for (x, _), (end, _) in (*ours, *theirs) for x in (x, end)}
    at.update(x for one in ours for other in theirs if (x := _crossing(one, other)) is not None)
    return sorted(at)


def _crossing(one: Edge, other: Edge) -> Fraction | None:
    west, east = max(one[0][0], other[0][0]), min(one[1][0], other[1][0])
    if west >= east:
        return None
    before, after = (_height(one, x) - _height(other, x) for x in (west, east))
    return west + (east - west) * before / (before - after) if before * after < 0 else None


def _height(edge: Edge, x: Fraction) -> Fraction:
    (x1, y1), (x2, y2) = edge
    return y1 + (y2 - y1) * (x - x1) / (x2 - x1)


def _intervals(all_edges: list[Edge], x: Fraction) -> list[Interval]:
    heights = sorted(_height(edge, x) for edge in all_edges if edge[0][0] < x < edge[1][0])
    return list(zip(heights[::2], heights[1::2], strict=True))


def _shared_length(ours: list[Interval], theirs: list[Interval]) -> Fraction:
    return sum(
        (max(min(top, roof) - max(low, floor), Fraction(0)) for low, top in ours for floor, roof in theirs),
        Fraction(0),
    )
