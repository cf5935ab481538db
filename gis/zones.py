"""Protection and management zones: a distance from a structure's edge, with clause, source and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import crs, rings
from gis.errors import SettingsError
from gis.text import Text

Sure = Literal["confirmed", "unconfirmed"]
QUARTER_STEPS = 32
_WIDEST_M = 5_000.0


@dataclass(frozen=True, kw_only=True, eq=False)
class ZoneRule:
    """One distance of one zone.

    Parameters
    ----------
    zone
        Key of the zone that this rule is part of; a zone may have several (10 m here, 50 m there).
    layer, where
        The base: a layer key, and for some of its fields the values that count.
    distance_m
        Metres beyond the edge of the base.
    width_field
        For a line base, the column with the structure's full width in metres; half of it comes before `distance_m`.
    sure
        Whether the distance was read in the valid local text, or taken from texts like it.
    """

    key: str
    zone: str
    title: Text
    layer: str
    distance_m: float
    clause: Text
    source: Text
    sure: Sure
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    width_field: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.distance_m <= 10_000:
            raise SettingsError(
                Text(
                    "规则 {key} 的距离 {distance} 米不合理,应在 0 至 10000 米之间。",
                    "Rule {key} has a distance of {distance} m; it must lie between 0 and 10 000 m.",
                ).format(key=self.key, distance=self.distance_m)
            )

    def applies_to(self, base: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the features of the base that this rule protects."""
        shapes = np.asarray(base.geometry.array)
        chosen: gpd.GeoDataFrame = base[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
        for column in (*self.where, *filter(None, [self.width_field])):
            if column not in chosen:
                raise SettingsError(
                    Text(
                        "规则 {key} 用到字段 {column},但图层 {layer} 没有这个字段。",
                        "Rule {key} reads {column}, a field that layer {layer} lacks.",
                    ).format(key=self.key, column=column, layer=self.layer)
                )
        for column, values in self.where.items():
            chosen = chosen[chosen[column].astype(str).isin(list(values))]
        return chosen

    def half_widths_m(self, chosen: gpd.GeoDataFrame) -> pd.Series:
        """Return half the width of each structure: 0 where the rule needs none, NaN where it isn't known."""
        if self.width_field is None:
            return pd.Series(0.0, index=chosen.index)
        widths = pd.to_numeric(chosen[self.width_field], errors="coerce").astype(float)
        return widths.where(widths.between(0, 2 * _WIDEST_M)) / 2


def zones(base: gpd.GeoDataFrame, rule: ZoneRule) -> gpd.GeoDataFrame:
    """Return the zone around each feature that the rule protects.

    Buffers are made on the plane of `gis.crs.plane`, with 32 segments a quarter circle (a full circle
    lacks 0.04 % of its area).

    Parameters
    ----------
    base
        The structures; any measurable CRS.
    rule
        The distance and what it applies to.

    Returns
    -------
    GeoDataFrame
        One polygon a protected feature, in the CRS of `base`, indexed as `base`; `approximate` is true
        where the structure's edge isn't known: the base is a point, or its width is missing.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    GeometryError
        A coordinate is not a finite number.
    SettingsError
        The rule reads a column that the base lacks.

    Notes
    -----
    Distances count from the outer edge of the structure (rail: the Suzhou and Nanjing rail ordinances;
    rivers: Jiangsu water-works ordinance, from the edge of the bank).
    """
    chosen = rule.applies_to(base)
    half_widths_m = rule.half_widths_m(chosen)
    plane = crs.plane(base.geometry)
    metres = (rule.distance_m + half_widths_m.fillna(0)) / crs.metres(plane)
    shapes = shapely.buffer(rings.on_plane(chosen.geometry, plane), metres, quad_segs=QUARTER_STEPS)
    grown = crs.back(shapes, plane, crs.require(base.geometry), chosen.index)
    approximate = (shapely.get_dimensions(np.asarray(chosen.geometry.array)) == 0) | half_widths_m.isna()
    return gpd.GeoDataFrame({"approximate": approximate}, geometry=grown, index=chosen.index)
