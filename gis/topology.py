"""What shapes of one layer do to each other: overlaps, gaps, slivers, invalid rings, duplicates, and where."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis import alike, area, crs, overlap, rings
from gis import gaps as narrow
from gis.edges import edges
from gis.errors import GeometryError
from gis.text import Text

MOST_ROWS = 1_000_000
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
    GeometryError
        More than a million pairs.
    """
    numbered = gpd.GeoSeries(np.asarray(geometry.array), crs=geometry.crs)
    pairs = overlap.self_overlaps(numbered)
    pairs = pairs[pairs["area_m2"] >= least_m2].sort_values("area_m2", ascending=False, kind="stable")
    _refuse_beyond(MOST_ROWS, len(pairs))
    plane = crs.plane(geometry)
    met = crs.to(gpd.GeoSeries(numbered.loc[np.union1d(pairs["left"], pairs["right"])]), plane)
    shared = overlap.shared_shapes(met, met, pairs)
    shapes = crs.back(np.asarray(shared.array), plane, crs.require(geometry))
    labels = geometry.index
    return _found(labels[pairs["left"]], labels[pairs["right"]], pairs["area_m2"], shapes)


def gaps(geometry: gpd.GeoSeries, width_m: float) -> gpd.GeoDataFrame:
    """Return the places between shapes that are narrower than `width_m`.

    A gap is what closing the union by half that width fills (dilate, then erode, with mitred corners) and what
    touches at least two shapes. `feature` and `other` are the two that it touches longest, in the order of
    the layer; so are the rows, then from west to east.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    GeometryError
        As `gis.gaps.between`.
    """
    plane = crs.plane(geometry)
    pairs, found = narrow.between(edges(geometry, plane).shapes, width_m, crs.metres(plane))
    return _found(
        geometry.index[pairs[:, 0]],
        geometry.index[pairs[:, 1]],
        area.plane_shapes_m2(found, plane),
        crs.back(found, plane, crs.require(geometry)),
    )


def slivers(geometry: gpd.GeoSeries, width_m: float) -> gpd.GeoDataFrame:
    """Return the shapes, or parts of them, whose mean width (2 x area / perimeter) is below `width_m`.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    plane = crs.plane(geometry)
    shapes, metre = edges(geometry, plane).shapes, crs.metres(plane)
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
    metre = crs.metres(plane)
    first = alike.firsts(
        np.asarray(crs.to(geometry, plane).array),
        lambda xy: np.round(xy * metre / _SNAP_M) + 0.0,  # no negative zero
    )
    again = np.flatnonzero(first < np.arange(len(first)))
    own = gpd.GeoSeries(np.asarray(geometry.array)[again], crs=geometry.crs)
    return _found(geometry.index[first[again]], geometry.index[again], area.areas(own), own)


def _refuse_beyond(most: int, number: int) -> None:
    if number > most:
        raise GeometryError(
            Text(
                "有 {number:,} 对图形相互重叠,超出可列出的 {most:,} 对。请先删除层层重复的图形。",
                "{number:,} pairs of shapes overlap, more than the {most:,} that can be listed. "
                "Remove the shapes that lie on each other many times over first.",
            ).format(number=number, most=most)
        )


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
