"""What lies on what: shared areas, lengths inside and points inside, pair by pair and without double counting."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import area, crs
from gis.errors import GeometryError
from gis.text import Text

LEAST_M2 = 1e-6
LEAST_M = 1e-6

Shapes = NDArray[np.object_]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class _Sides:
    """Two series brought to one plane, rings mended, so that GEOS can intersect them."""

    left: Shapes
    right: Shapes
    plane: CRS
    metre: float


def overlaps(left: gpd.GeoSeries, right: gpd.GeoSeries) -> pd.DataFrame:
    """Return every pair of shapes that share area.

    Parameters
    ----------
    left, right
        Polygons in any measurable CRS; where the two differ, `right` is brought to the plane of `left`.
        Invalid rings are measured on a mended copy (`shapely.make_valid`).

    Returns
    -------
    DataFrame
        left, right: index labels; area_m2: ellipsoidal shared area; share_of_left, share_of_right: 0 to 1 of the
        shape's own area. One row a pair in the order of `left`, then `right`. Edges or corners that merely
        touch are no overlap: a pair counts from 1e-6 m² on its plane.

    Raises
    ------
    CrsError
        As `gis.crs.require`, or two datums with no known shift between them.
    """
    sides = _sides(left, right)
    i, j = _meeting(sides.left, sides.right)
    return _pairs(sides, i, j, left.index, right.index)


def self_overlaps(geometry: gpd.GeoSeries) -> pd.DataFrame:
    """Return every pair of shapes within one series that share area, each pair once; columns as `overlaps`."""
    sides = _sides(geometry, geometry)
    i, j = _meeting(sides.left, sides.right)
    return _pairs(sides, i[i < j], j[i < j], geometry.index, geometry.index)


def shared_shapes(left: gpd.GeoSeries, right: gpd.GeoSeries, pairs: pd.DataFrame) -> gpd.GeoSeries:
    """Return the shared shape of each pair of `overlaps`, in the CRS of `left`, indexed as `pairs`.

    Raises
    ------
    CrsError
        As `overlaps`.
    GeometryError
        A label of `pairs` names no shape, or several.
    """
    return _shared(left, right, pairs, areal=True)


def shared_stretches(lines: gpd.GeoSeries, polygons: gpd.GeoSeries, pairs: pd.DataFrame) -> gpd.GeoSeries:
    """Return the stretch inside of each pair of `lengths_inside`, in the CRS of `lines`, indexed as `pairs`.

    Raises
    ------
    CrsError, GeometryError
        As `shared_shapes`.
    """
    return _shared(lines, polygons, pairs, areal=False)


def _shared(left: gpd.GeoSeries, right: gpd.GeoSeries, pairs: pd.DataFrame, *, areal: bool) -> gpd.GeoSeries:
    sides = _sides(left, right)
    i, j = _positions(left.index, pairs["left"]), _positions(right.index, pairs["right"])
    shapes = shapely.intersection(sides.left[i], sides.right[j])
    return crs.back(_areal(shapes) if areal else shapes, sides.plane, crs.require(left), pairs.index)


def dissolved(polygons: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return all polygons as one shape, so that nothing inside them counts twice; in their own CRS.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    plane = crs.plane(polygons)
    shapes = area.on_plane(polygons, plane)
    whole = shapely.union_all(shapes[~shapely.is_missing(shapes)])
    return crs.back(np.array([whole], dtype=object), plane, crs.require(polygons), pd.RangeIndex(1))


def _positions(index: pd.Index, labels: pd.Series) -> Positions:
    at = index.get_indexer(pd.Index(labels)) if index.is_unique else np.array([-1])
    if (at < 0).any():
        raise GeometryError(
            Text(
                "要素编号缺失或重复,无法找到重叠图形。请先改正编号。",
                "Feature labels are missing or used twice, so shared shapes can't be found. Correct the labels first.",
            )
        )
    return at


def cover(left: gpd.GeoSeries, right: gpd.GeoSeries) -> pd.Series:
    """Return how much of each left shape lies under the right ones together, counted once.

    Returns
    -------
    Series
        Ellipsoidal m², indexed as `left`; shapes of `left` that overlap each other each keep their full cover
        (for a total without double counting over both sides see `union_m2`).

    Raises
    ------
    CrsError
        As `overlaps`.
    """
    sides = _sides(left, right)
    i, j = _meeting(sides.left, sides.right)
    pieces = _areal(shapely.intersection(sides.left[i], sides.right[j]))
    i, pieces = i[shapely.area(pieces) > 0], pieces[shapely.area(pieces) > 0]
    covered, start = np.unique(i, return_index=True)
    whole = np.array([shapely.union_all(group) for group in np.split(pieces, start)[1:]], dtype=object)
    total = np.zeros(len(left))
    total[covered] = area.plane_shapes_m2(whole, sides.plane)
    return pd.Series(total, index=left.index, name="area_m2")


def union_m2(left: gpd.GeoSeries, right: gpd.GeoSeries | None = None) -> float:
    """Return the area (ellipsoidal m²) of a series counted once, or of what two series share counted once.

    Raises
    ------
    CrsError
        As `overlaps`.
    """
    sides = _sides(left, left if right is None else right)
    if right is None:
        pieces = sides.left
    else:
        i, j = _meeting(sides.left, sides.right)
        pieces = _areal(shapely.intersection(sides.left[i], sides.right[j]))
    whole = shapely.union_all(pieces[~shapely.is_missing(pieces)])
    return float(area.plane_shapes_m2(np.array([whole], dtype=object), sides.plane)[0])


def lengths_inside(lines: gpd.GeoSeries, polygons: gpd.GeoSeries) -> pd.DataFrame:
    """Return how many metres of each line lie inside each polygon.

    Returns
    -------
    DataFrame
        left, right: index labels of line and polygon; length_m: ellipsoidal; share_of_left: 0 to 1 of the line.
        A line that only touches a boundary in points isn't listed; one that runs along it is.

    Raises
    ------
    CrsError
        As `overlaps`.
    """
    sides = _sides(lines, polygons)
    i, j = _meeting(sides.left, sides.right)
    inside = crs.back(shapely.intersection(sides.left[i], sides.right[j]), sides.plane, crs.require(lines))
    metres = area.lengths(inside).to_numpy()
    whole = area.lengths(lines).to_numpy()[i]
    frame = pd.DataFrame(
        {"left": lines.index[i], "right": polygons.index[j], "length_m": metres, "share_of_left": _share(metres, whole)}
    )
    return frame[metres > LEAST_M].reset_index(drop=True)


def points_inside(points: gpd.GeoSeries, polygons: gpd.GeoSeries) -> pd.DataFrame:
    """Return every point and the polygons it lies in or on: columns left (point) and right (polygon).

    Raises
    ------
    CrsError
        As `overlaps`.
    """
    sides = _sides(points, polygons)
    i, j = _meeting(sides.left, sides.right)
    return pd.DataFrame({"left": points.index[i], "right": polygons.index[j]})


def dimension(geometry: gpd.GeoSeries) -> int:
    """Return what a series holds: 2 polygons, 1 lines, 0 points or nothing.

    Raises
    ------
    GeometryError
        It mixes kinds, so that neither area, length nor place alone would tell what is shared.
    """
    shapes = np.asarray(geometry.array)
    found = set(shapely.get_dimensions(shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]))
    if len(found) > 1:
        raise GeometryError(
            Text(
                "图层混有点、线、面,无法比较。请按类型拆分成单独的文件。",
                "The layer mixes points, lines and polygons. Split it into one file a kind.",
            )
        )
    return int(max(found, default=0))


def _sides(left: gpd.GeoSeries, right: gpd.GeoSeries) -> _Sides:
    crs.require(left)
    crs.require(right)
    plane = crs.plane(right if np.isnan(shapely.bounds(np.asarray(left.array))).all() else left)
    return _Sides(area.on_plane(left, plane), area.on_plane(right, plane), plane, crs.metres(plane))


def _meeting(left: Shapes, right: Shapes) -> tuple[Positions, Positions]:
    """Return the positions of the pairs that intersect, ordered by left, then right."""
    j, i = shapely.STRtree(left).query(right, predicate="intersects")
    order = np.lexsort((j, i))
    return i[order], j[order]


def _pairs(sides: _Sides, i: Positions, j: Positions, left: pd.Index, right: pd.Index) -> pd.DataFrame:
    shapes = _areal(shapely.intersection(sides.left[i], sides.right[j]))
    counts = shapely.area(shapes) * sides.metre**2 > LEAST_M2
    i, j = i[counts], j[counts]
    shared = area.plane_shapes_m2(shapes[counts], sides.plane)
    own_left, own_right = _own_m2(sides.left, i, sides.plane), _own_m2(sides.right, j, sides.plane)
    return pd.DataFrame(
        {
            "left": left[i],
            "right": right[j],
            "area_m2": shared,
            "share_of_left": _share(shared, own_left),
            "share_of_right": _share(shared, own_right),
        }
    )


def _own_m2(shapes: Shapes, at: Positions, plane: CRS) -> area.Floats:
    used, back = np.unique(at, return_inverse=True)
    return area.plane_shapes_m2(shapes[used], plane)[back]


def _share(part: area.Floats, whole: area.Floats) -> area.Floats:
    """Return part / whole, kept in 0 to 1 against the last digit of either."""
    return np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 0.0, 1.0)


def _areal(shapes: Shapes) -> Shapes:
    """Return only the polygons of each shape: an intersection may also hold the lines where edges touch."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    if not mixed.any():
        return shapes
    kept = shapes.copy()
    kept[mixed] = [_polygons(shape) for shape in shapes[mixed]]
    return kept


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
