"""What lies on what: shared areas, lengths inside and points inside, pair by pair and without double counting."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gis import area, crs, kernels, rings
from gis.edges import Edges, edges, in_parts
from gis.errors import GeometryError
from gis.rings import Floats, Positions, Shapes
from gis.text import Text

LEAST_M2 = 1e-6
LEAST_M = 1e-6
MOST_PAIRS = 50_000_000
MOST_MEETINGS = 500_000_000
MOST_SWEPT = 400
_PIECES = 64

Polygons = gpd.GeoSeries | Edges


@dataclass(frozen=True)
class _Sides:
    """Two series brought to one plane, rings mended, so that GEOS can intersect them."""

    left: Shapes
    right: Shapes
    plane: CRS
    metre: float


def overlaps(left: Polygons, right: Polygons) -> pd.DataFrame:
    """Return every pair of shapes that share area.

    Parameters
    ----------
    left, right
        Polygons in any measurable CRS, or the edges made of them (`gis.edges.edges`), which spares converting them
        again; where the two differ, `right` is brought to the plane of `left`.
        Invalid rings are measured on a mended copy (`gis.rings.mended`).

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
    GeometryError
        A coordinate is not a finite number; more pairs than can be held.

    Notes
    -----
    No intersection is built. Above a level, a polygon's height at x is the signed sum of the heights of its edges, so
    the shared area of two polygons is the sum over pairs of edges, one of each, of the trapezoid under the lower of
    the two on the x they share, signed by both. Big polygons are cut into leaves first, so that few edges meet.
    Coordinates are counted from the corner of the box that two leaves share, so the sum's rounding is about
    1e-16 of that box for each pair of edges: closer than GEOS, which rounds where two edges cross to the digits of
    the whole coordinate.

    A plane area A becomes ellipsoidal as A × areal scale at the centroid, within 2e-10 of it for a shared box up to
    250 m, and exactly (by quadrature of the scale's polynomial) beyond: see `gis.scale.scales`.
    """
    one, other = _both(left, right)
    return _table(one, other, *_pairs(one, other, later=False))


def self_overlaps(geometry: Polygons) -> pd.DataFrame:
    """Return every pair of shapes within one series that share area, each pair once; columns as `overlaps`."""
    own = _edges(geometry)
    return _table(own, own, *_pairs(own, own, later=True))


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
    shapes = rings.on_plane(polygons, plane)
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


def cover(left: Polygons, right: Polygons) -> pd.Series:
    """Return how much of each left shape lies under the right ones together, counted once.

    Parameters
    ----------
    left, right
        As `overlaps`.

    Returns
    -------
    Series
        Ellipsoidal m², indexed as `left`; shapes of `left` that overlap each other each keep their full cover
        (for a total without double counting over both sides see `union_m2`).

    Raises
    ------
    CrsError, GeometryError
        As `overlaps`.

    Notes
    -----
    Where one right shape lies on a left one it is their shared area. Where several do, all their edges are swept from
    west to east: between two neighbouring places where edges start, end or cross they keep their order, and what is
    inside is a sum of trapezoids.
    """
    one, other = _both(left, right)
    return pd.Series(_cover(one, other), index=one.index, name="area_m2")


def union_m2(left: Polygons, right: Polygons | None = None) -> float:
    """Return the area (ellipsoidal m²) of a series counted once, or of what two series share counted once.

    Raises
    ------
    CrsError, GeometryError
        As `overlaps`.

    Notes
    -----
    The sum over the left shapes of what no earlier one has (and what lies under a right one).
    """
    one, other = (_edges(left), None) if right is None else _both(left, right)
    return _union_m2(one, other)


def _union_m2(one: Edges, other: Edges | None) -> float:
    each = one.areas_m2.copy() if other is None else _cover(one, other)
    _, later, _ = _pairs(one, one, later=True)
    again = np.zeros(len(one), bool)
    again[later] = True
    again &= each > 0
    each[again] = _swept(one, other, again, earlier=True)[again]
    heaped = np.isnan(each)
    return _union_m2(_with_heaps_dissolved(one, heaped), other) if heaped.any() else float(each.sum())


def _with_heaps_dissolved(one: Edges, heaped: NDArray[np.bool_]) -> Edges:
    """Return a side in which heaped shapes, on which too many others lie to sweep them, have become one."""
    parts = _dissolved(one.shapes[heaped])
    if len(parts) >= heaped.sum():
        parts, heaped = _dissolved(one.shapes), np.ones(len(one), bool)
    shapes = np.concatenate([one.shapes[~heaped], parts])
    return edges(gpd.GeoSeries(shapes, crs=one.plane)).counted_from(one.origin)


def _dissolved(shapes: Shapes) -> Shapes:
    """Return parts that don't overlap each other, by GEOS."""
    return np.asarray(shapely.get_parts(shapely.union_all(_areal(shapes[~shapely.is_missing(shapes)]))))


def _cover(one: Edges, other: Edges) -> Floats:
    i, j, m2 = _pairs(one, other, later=False)
    total = np.bincount(i, m2, minlength=len(one)).astype(float)
    several = np.bincount(i, minlength=len(one)) > 1
    total[several] = _swept(one, other, several, earlier=False)[several]
    heaped = np.isnan(total)
    if heaped.any():
        beneath = _dissolved(other.shapes[np.unique(j[heaped[i]])])
        i, _, m2 = _pairs(one, edges(gpd.GeoSeries(beneath, crs=other.plane)).counted_from(one.origin), later=False)
        total[heaped] = np.bincount(i, m2, minlength=len(one))[heaped]
    return total


def _swept(one: Edges, other: Edges | None, wanted: NDArray[np.bool_], *, earlier: bool) -> Floats:
    """Return the m² of the wanted left shapes under the right ones (where given), and under no earlier left one.

    NaN where more than `MOST_SWEPT` edges meet.
    """
    out = np.zeros(len(one))
    if not wanted.any():
        return out
    lying = one if other is None else other
    lefts, rights = (*one.leaves, *one.scale), (*lying.leaves[:3], *lying.tree)
    mine = one.tree

    def part(first: int, last: int) -> None:
        kernels.cover(first, last, *lefts, *rights, other is not None, *mine, earlier, one.far, MOST_SWEPT, wanted, out)

    in_parts(part, one.parts(_PIECES))
    return out


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
    return _Sides(rings.on_plane(left, plane), rings.on_plane(right, plane), plane, crs.metres(plane))


def _meeting(left: Shapes, right: Shapes) -> tuple[Positions, Positions]:
    """Return the positions of the pairs that intersect, ordered by left, then right."""
    j, i = shapely.STRtree(left).query(right, predicate="intersects")
    order = np.lexsort((j, i))
    return i[order], j[order]


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


def _edges(side: Polygons, plane: CRS | None = None, origin: tuple[float, float] | None = None) -> Edges:
    if not isinstance(side, Edges):
        return edges(side, plane, origin)
    if plane is not None and side.plane != plane:
        return edges(side.series, plane, origin)
    return side if origin is None else side.counted_from(origin)


def _both(left: Polygons, right: Polygons) -> tuple[Edges, Edges]:
    """Return both sides as edges on one plane, counted from one origin; that of `right` where `left` has no shape."""
    one = _edges(left)
    if left is right:
        return one, one
    if len(one.box):
        return one, _edges(right, one.plane, one.origin)
    other = _edges(right)
    return _edges(left, other.plane), other


def _pairs(one: Edges, other: Edges, *, later: bool) -> tuple[Positions, Positions, Floats]:
    """Return positions left and right and the ellipsoidal area of each pair, ordered by left, then right."""
    _refuse_too_many(one, other)
    lefts, rights = (*one.leaves, one.own, *one.scale), (*other.leaves, *other.tree)
    least = LEAST_M2 / one.metre**2

    def part(first: int, last: int) -> Floats:
        pairs, all_there = kernels.overlaps(first, last, *lefts, *rights, one.far, later, least, MOST_PAIRS)
        if not all_there:
            raise _too_many(MOST_PAIRS)
        return np.asarray(pairs)

    found = np.concatenate([np.zeros((0, 4)), *in_parts(part, one.parts(_PIECES))])
    return found[:, 0].astype(np.intp), found[:, 1].astype(np.intp), found[:, 3]


def _refuse_too_many(one: Edges, other: Edges) -> None:
    """Refuse before the work what would never end, by asking how many boxes a sample of them meets."""
    if len(one.box) * len(other.box) < MOST_MEETINGS:
        return
    sample = one.box[np.random.default_rng(0).permutation(len(one.box))[:500]]
    share = len(sample) / len(one.box)
    asked, met = kernels.meetings(sample, *other.tree, MOST_MEETINGS * share)
    if met > MOST_MEETINGS * share:
        raise _too_many(int(met / asked * len(one.box)))


def _too_many(number: int) -> GeometryError:
    return GeometryError(
        Text(
            "约有 {number:,} 对图形相互重叠,超出可处理的数量。请检查是否有大量重复图形,或分区计算。",
            "About {number:,} pairs of shapes overlap, more than can be handled. Look for shapes that lie on each "
            "other many times over, or compute region by region.",
        ).format(number=number)
    )


def _table(one: Edges, other: Edges, i: Positions, j: Positions, m2: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "left": one.index[i],
            "right": other.index[j],
            "area_m2": m2,
            "share_of_left": _share(m2, one.areas_m2[i]),
            "share_of_right": _share(m2, other.areas_m2[j]),
        }
    )


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, kept in 0 to 1 against the last digit of either."""
    return np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 0.0, 1.0)
