"""Protection and management zones: a distance from a structure's edge, with clause, source and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd

from gis import crs
from gis.errors import SettingsError
from gis.text import Text

Sure = Literal["confirmed", "unconfirmed"]
QUARTER_STEPS = 32


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
        chosen = base[base.geometry.notna() & ~base.geometry.is_empty]
        for column, values in self.where.items():
            if column not in chosen:
                raise SettingsError(
                    Text(
                        "规则 {key} 按字段 {column} 筛选,但图层 {layer} 没有这个字段。",
                        "Rule {key} filters by {column}, a field that layer {layer} lacks.",
                    ).format(key=self.key, column=column, layer=self.layer)
                )
            chosen = chosen[chosen[column].astype(str).isin(values)]
        return chosen


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
        where the base is a point, whose structure's edge isn't known.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    SettingsError
        The rule filters by a column that the base lacks.

    Notes
    -----
    Distances count from the outer edge of the structure (rail: the Suzhou and Nanjing rail ordinances;
    rivers: Jiangsu water-works ordinance, from the edge of the bank).
    """
    chosen = rule.applies_to(base)
    on_plane = crs.to(chosen.geometry, crs.plane(base.geometry))
    half_width_m = chosen[rule.width_field].astype(float).fillna(0) / 2 if rule.width_field in chosen else 0.0
    metres = (rule.distance_m + half_width_m) / on_plane.crs.axis_info[0].unit_conversion_factor
    shapes = on_plane.buffer(metres, quad_segs=QUARTER_STEPS)
    approximate = chosen.geom_type.isin(("Point", "MultiPoint"))
    return gpd.GeoDataFrame({"approximate": approximate}, geometry=crs.to(shapes, base.crs), index=chosen.index)
