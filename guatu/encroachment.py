"""占压: what two sides share, pair by pair and in all, by area, length or place as the left side's shapes ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from gis import overlap
from gis.errors import GeometryError
from gis.text import Text

LEAST_M2 = 0.01
Measure = Literal["area_m2", "length_m", "place"]


@dataclass(frozen=True, kw_only=True)
class Encroachment:
    """The pairs of two sides.

    `pairs` has left, right and, by `measure`, area_m2 with both shares, or length_m with share_of_left.
    `shapes` is what each listed pair shares: ground, stretches, or the points themselves. `unlisted` pairs share less
    than the least; `total` sums every pair, theirs too, and `union` counts shared ground or stretches once; both in
    m², m, or points.
    """

    measure: Measure
    pairs: pd.DataFrame
    shapes: gpd.GeoSeries
    unlisted: int
    total: float
    union: float


def between(
    left: gpd.GeoSeries, right: gpd.GeoSeries, *, same: bool = False, least_m2: float = LEAST_M2
) -> Encroachment:
    """Return what two sides share; `same` compares one side with itself, each pair once.

    Pairs of polygons that share less than `least_m2` are counted, not listed: 0.01 m² is the last digit of an
    area in square metres as offices write it.

    Raises
    ------
    GeometryError
        The right side holds no polygons, or a side mixes kinds.
    CrsError
        As `gis.overlap.overlaps`.
    """
    if overlap.dimension(right) < 2 and not right.empty:
        raise GeometryError(
            Text("第二个图层须为面,才能计算占压。", "The second layer must hold polygons, or nothing can lie on it.")
        )
    # An empty side is of no kind; the answer keeps the shape that polygons give it.
    kind = 2 if (left.isna() | left.is_empty).all() else overlap.dimension(left)
    if kind == 0:
        return _of_points(left, right)
    if kind == 1:
        return _of_lines(left, right)
    return _of_areas(left, left if same else right, same, least_m2)


def _of_points(left: gpd.GeoSeries, right: gpd.GeoSeries) -> Encroachment:
    pairs = overlap.points_inside(left, right)
    return Encroachment(
        measure="place",
        pairs=pairs,
        shapes=gpd.GeoSeries(np.asarray(left.loc[pairs["left"]]), crs=left.crs),
        unlisted=0,
        total=float(len(pairs)),
        union=float(pairs["left"].nunique()),
    )


def _of_lines(left: gpd.GeoSeries, right: gpd.GeoSeries) -> Encroachment:
    pairs = overlap.lengths_inside(left, right)
    whole = overlap.dissolved(right)
    return Encroachment(
        measure="length_m",
        pairs=pairs,
        shapes=overlap.shared_stretches(left, right, pairs),
        unlisted=0,
        total=float(pairs["length_m"].sum()),
        union=float(overlap.lengths_inside(left, whole)["length_m"].sum()),
    )


def _of_areas(left: gpd.GeoSeries, right: gpd.GeoSeries, same: bool, least_m2: float) -> Encroachment:
    pairs = overlap.self_overlaps(left) if same else overlap.overlaps(left, right)
    shapes = overlap.shared_shapes(left, right, pairs)
    listed = pairs["area_m2"] >= least_m2
    return Encroachment(
        measure="area_m2",
        pairs=pairs[listed].reset_index(drop=True),
        shapes=gpd.GeoSeries(np.asarray(shapes[listed]), crs=shapes.crs),
        unlisted=int((~listed).sum()),
        total=float(pairs["area_m2"].sum()),
        union=overlap.union_m2(shapes),
    )
