"""What shapes of one layer do to each other: overlaps, gaps, slivers, invalid rings, duplicates, and where."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis import area, crs, overlap, rings

_MITRE = 5.0
_SNAP_M = 1e-3
Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]


def overlapping(geometry: gpd.GeoSeries, least_m2: float) -> gpd.GeoDataFrame:
    """Return each pair that shares at least `least_m2`, largest first.

    Returns
    -------
    GeoDataFrame
        feature, other: index labels; area_m2: ellipsoidal; geometry: the shared shape, in the CRS of the input.
        The same columns in every function here, and the same rows in the same order on every run.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    numbered = gpd.GeoSeries(np.asarray(geometry.array), crs=geometry.crs)
    pairs = overlap.self_overlaps(numbered)
    pairs = pairs[pairs["area_m2"] >= least_m2].sort_values("area_m2", ascending=False, kind="stable")
    shapes = overlap.shared_shapes(numbered, numbered, pairs)
    labels = geometry.index
    return _found(labels[pairs["left"]], labels[pairs["right"]], pairs["area_m2"], shapes)


def gaps(geometry: gpd.GeoSeries, width_m: float) -> gpd.GeoDataFrame:
    """Return the places between shapes that are narrower than `width_m`.

    A gap is what closing the union by half that width fills (dilate, then erode, with mitred corners) and what
    touches at least two shapes. `feature` and `other` are the two that it touches longest, in the order of
    the layer.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    plane = crs.plane(geometry)
    shapes, metre = rings.on_plane(geometry, plane), crs.metres(plane)
    reach = width_m / 2 / metre
    whole = shapely.union_all(shapes[~shapely.is_missing(shapes)])
    grown = shapely.buffer(whole, reach, join_style="mitre", mitre_limit=_MITRE)
    closed = shapely.buffer(grown, -reach, join_style="mitre", mitre_limit=_MITRE)
    holes = shapely.get_parts(shapely.difference(closed, whole))
    wide_enough = shapely.area(holes) * metre**2 > _SNAP_M * width_m
    holes = holes[wide_enough & (shapely.get_dimensions(holes) == 2)]
    tree = shapely.STRtree(shapes)
    neighbours = [_neighbours(hole, tree, _SNAP_M / metre) for hole in holes]
    between = [k for k, near in enumerate(neighbours) if len(near) == 2]
    return _found(
        geometry.index[[neighbours[k][0] for k in between]],
        geometry.index[[neighbours[k][1] for k in between]],
        area.plane_shapes_m2(holes[between], plane),
        crs.back(holes[between], plane, crs.require(geometry)),
    )


def slivers(geometry: gpd.GeoSeries, width_m: float) -> gpd.GeoDataFrame:
    """Return the shapes, or parts of them, whose mean width (2 x area / perimeter) is below `width_m`.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    plane = crs.plane(geometry)
    shapes, metre = rings.on_plane(geometry, plane), crs.metres(plane)
    parts, owner = rings.simple_parts(shapes)
    areal = shapely.get_dimensions(parts) == 2
    parts, owner = parts[areal], owner[areal]
    mean_width = 2 * shapely.area(parts) / shapely.length(parts) * metre
    thin = mean_width < width_m
    return _found(
        geometry.index[owner[thin]],
        None,
        area.plane_shapes_m2(parts[thin], plane),
        crs.back(parts[thin], plane, crs.require(geometry)),
    )


def invalid(geometry: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the shapes whose rings cross or touch themselves, with GEOS's reason and the point.

    Returns
    -------
    GeoDataFrame
        The columns of `overlapping` and `reason`; `geometry` is the point where it first goes wrong.
    """
    shapes = np.asarray(geometry.array)
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    reasons = shapely.is_valid_reason(shapes[broken])
    told = pd.Series(reasons, dtype="str").str.extract(r"^(?P<reason>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")
    points = gpd.GeoSeries(shapely.points(told["x"].astype(float), told["y"].astype(float)), crs=geometry.crs)
    found = _found(geometry.index[broken], None, np.nan, points)
    return found.assign(reason=told["reason"].to_numpy())


def duplicates(geometry: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return each shape that repeats an earlier one, whatever its start point or direction (kept to 1 mm).

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    rings.refuse_infinite(geometry)
    plane = crs.plane(geometry)
    shapes = np.asarray(crs.to(geometry, plane).array)
    snapped = shapely.transform(shapes, lambda xy: np.round(xy * crs.metres(plane) / _SNAP_M))
    alike = pd.Series(shapely.to_wkb(shapely.normalize(snapped)), index=range(len(shapes)), dtype=object)
    alike = alike[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    first = pd.Series(alike.index, index=alike.index).groupby(alike).transform("min")
    again = first.index[first.index > first]
    own = gpd.GeoSeries(np.asarray(geometry.array)[again], crs=geometry.crs)
    return _found(geometry.index[first[again]], geometry.index[again], area.areas(own), own)


def _neighbours(hole: shapely.Geometry, tree: shapely.STRtree, snap: float) -> NDArray[np.intp]:
    """Return the positions, in order, of the two shapes that a gap touches longest (to 1 mm), or of the only one."""
    rim = shapely.buffer(hole, snap)
    near = np.sort(tree.query(rim, predicate="intersects"))
    contact = shapely.length(shapely.intersection(shapely.boundary(tree.geometries[near]), rim))
    return np.sort(near[np.lexsort((near, -np.round(contact / snap)))][:2])


def _found(
    feature: Iterable[object], other: Iterable[object] | None, area_m2: ArrayLike, shapes: gpd.GeoSeries
) -> gpd.GeoDataFrame:
    features = list(feature)
    columns = {
        "feature": features,
        "other": [None] * len(features) if other is None else list(other),
        "area_m2": np.broadcast_to(np.asarray(area_m2, dtype=float), len(features)),
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(np.asarray(shapes), crs=shapes.crs))
