"""The plane the map is drawn on: metres east and north of a corner of the town, on EPSG:4549."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

Points = Sequence[tuple[float, float]]
Array = NDArray[np.float64]

ORIGIN_M = (497_000.0, 3_520_000.0)
DECIMALS = 9


@lru_cache
def _transformer() -> Transformer:
    return Transformer.from_crs(4549, 4490, always_xy=True)


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """Return a drawn shape in CGCS2000 degrees (lon, lat), rounded as it is written."""

    def to_degrees(xy: Array) -> Array:
        lon, lat = _transformer().transform(xy[:, 0] + ORIGIN_M[0], xy[:, 1] + ORIGIN_M[1])
        return np.round(np.column_stack([lon, lat]), DECIMALS)

    return shapely.transform(shape, to_degrees)


def series(shapes: Sequence[BaseGeometry]) -> gpd.GeoSeries:
    """Return drawn shapes as they will be read back from the file."""
    return gpd.GeoSeries([degrees(shape) for shape in shapes], crs=4490)


def curve(points: Points, spacing_m: float = 25.0) -> LineString:
    """Return a smooth line through the points (a centripetal Catmull-Rom spline), a vertex every `spacing_m`."""
    given = np.asarray(points, dtype=float)
    padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    return spaced(_spline(padded), spacing_m)


def shore(points: Points, spacing_m: float = 6.0) -> Polygon:
    """Return the area inside a smooth closed line through the points."""
    given = np.asarray(points, dtype=float)
    return Polygon(spaced(_spline(np.vstack([given[-1], given, given[:2]])), spacing_m))


def _spline(padded: Array) -> LineString:
    """Return the spline from the second point to the last but one."""
    pieces = [_between(*padded[start : start + 4]) for start in range(len(padded) - 3)]
    return LineString(np.vstack([*pieces, padded[-2:-1]]))


def _between(p0: Array, p1: Array, p2: Array, p3: Array) -> Array:
    """Return the spline from `p1` towards `p2`, by the pyramid of Barry and Goldman."""
    steps = np.sqrt(np.linalg.norm(np.diff([p0, p1, p2, p3], axis=0), axis=1))
    t0, t1, t2, t3 = np.r_[0.0, np.cumsum(steps)]
    t = np.linspace(t1, t2, 60, endpoint=False)[:, None]

    def mix(a: Array, b: Array, start: float, end: float) -> Array:
        return a + (t - start) / (end - start) * (b - a)

    a1, a2, a3 = mix(p0, p1, t0, t1), mix(p1, p2, t1, t2), mix(p2, p3, t2, t3)
    return mix(mix(a1, a2, t0, t2), mix(a2, a3, t1, t3), t1, t2)


def spaced(line: LineString, spacing_m: float) -> LineString:
    """Return the line with a vertex every `spacing_m` or a little less."""
    count = max(2, int(np.ceil(line.length / spacing_m)) + 1)
    return LineString(shapely.line_interpolate_point(line, np.linspace(0, line.length, count)))


def longest(shape: BaseGeometry) -> LineString:
    """Return the longest part of what is left of a line."""
    line = max(shapely.get_parts(shape), key=shapely.length)
    assert isinstance(line, LineString)  # noqa: S101
    return line


def beside(line: LineString, along_m: float | Array, aside_m: float | Array) -> Array:
    """Return the points `along_m` down the line and `aside_m` to its left (negative: to its right)."""
    along = np.atleast_1d(np.asarray(along_m, dtype=float))
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    # A tangent over 16 m rather than over one edge, so that offsets don't jump at the line's vertices.
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + 8, 0, line.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along - 8, 0, line.length)))
    tangent = (ahead - behind) / np.linalg.norm(ahead - behind, axis=1, keepdims=True)
    left = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    return here + left * np.broadcast_to(aside_m, along.shape)[:, None]


def ribbon(line: LineString, half_width_m: Array) -> Polygon:
    """Return the band around a line whose half width is given at each of its vertices."""
    along = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(line)))
    left, right = beside(line, along, half_width_m), beside(line, along, -half_width_m)
    return Polygon(np.vstack([left, right[::-1]]))
