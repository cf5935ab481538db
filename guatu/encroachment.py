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
    `unlisted` pairs share less than the least; `total` sums every pair, theirs too, and `union_m2` counts all shared
    ground once.
    """

    measure: Measure
    pairs: pd.DataFrame
    shapes: gpd.GeoSeries | None
    unlisted: int
    total: float
    union_m2: float


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
    kind = overlap.dimension(left)
    if kind == 0:
        inside = overlap.points_inside(left, right)
        return _whole("place", inside, float(len(inside)))
    if kind == 1:
        inside = overlap.lengths_inside(left, right)
        return _whole("length_m", inside, float(inside["length_m"].sum()))
    return _of_areas(left, left if same else right, same, least_m2)


def _whole(measure: Measure, pairs: pd.DataFrame, total: float) -> Encroachment:
    return Encroachment(measure=measure, pairs=pairs, shapes=None, unlisted=0, total=total, union_m2=0.0)


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
        union_m2=overlap.union_m2(shapes),
    )
