"""A frame's shapes judged: missing, of another kind, invalid, and what they do to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely

from gis import topology
from gis.finding import Finding
from gis.layer import Geometry, Level, Topology
from gis.text import Text, same
from gis.units import UNITS, mu

_KINDS: MappingProxyType[Geometry, tuple[str, ...]] = MappingProxyType(
    {
        "polygon": ("Polygon", "MultiPolygon"),
        "line": ("LineString", "MultiLineString"),
        "point": ("Point", "MultiPoint"),
    }
)
_KIND_NAMES: MappingProxyType[Geometry, Text] = MappingProxyType(
    {"polygon": Text("面", "polygons"), "line": Text("线", "lines"), "point": Text("点", "points")}
)
_REASONS = MappingProxyType(
    {
        "Self-intersection": Text("边界自相交", "its boundary crosses itself"),
        "Ring Self-intersection": Text("边界自相接", "its boundary touches itself"),
        "Hole lies outside shell": Text("洞在外边界之外", "a hole lies outside its shell"),
        "Holes are nested": Text("洞中有洞", "a hole lies within a hole"),
        "Nested shells": Text("部分互相嵌套", "one part lies within another"),
        "Interior is disconnected": Text("内部被分割", "its interior is cut in two"),
        "Duplicate Rings": Text("边界重复", "a ring is there twice"),
        "Too few points in geometry component": Text("点数不足", "it has too few points"),
        "Invalid Coordinate": Text("坐标不是数值", "a coordinate is not a number"),
    }
)
_EMPTY = Text("没有一个要素。", "There is not a single feature.")
_INFINITE = Text("坐标含有非数值(NaN 或无穷大),请改正。", "A coordinate is not a finite number; correct it.")
_INVALID = Text("边界无效:{reason}。面积按修复后的副本计算。", "Invalid boundary: {reason}. A mended copy is measured.")
_NO_SHAPE = Text(
    "没有图形,不计入面积,也不显示在地图上。", "It has no shape: no area is counted and the map can't show it."
)
_OTHER_KIND = Text("图形是 {found},本图层应为{kind}。", "Its shape is a {found}; this layer holds {kind}.")


def geometry_findings(key: str, frame: gpd.GeoDataFrame, kind: Geometry | None = None) -> Iterator[Finding]:
    """Yield the features without a shape, with coordinates that are no numbers, invalid, or of another kind.

    A frame without a single feature is one finding, `empty`.
    """
    if frame.empty:
        yield Finding(layer=key, feature="", rule="empty", level="notice", says=_EMPTY)
    shapes = np.asarray(frame.geometry.array)
    for row in np.flatnonzero(~_drawn(shapes)).tolist():
        yield _single(key, frame.index[row], "no_geometry", _NO_SHAPE)
    finite = _finite(shapes)
    for row in np.flatnonzero(~finite).tolist():
        yield _single(key, frame.index[row], "invalid", _INFINITE)
    for found in _rows(topology.invalid(_kept(frame, finite))):
        reason = _REASONS.get(str(found["reason"]), same(str(found["reason"])))
        yield _finding(key, "invalid", "error", _INVALID, {**found, "reason": reason})
    if kind:
        for row in np.flatnonzero(_drawn(shapes) & ~frame.geom_type.isin(_KINDS[kind]).to_numpy()).tolist():
            says = _OTHER_KIND.format(found=shapes[row].geom_type, kind=_KIND_NAMES[kind])
            yield _single(key, frame.index[row], "geometry_kind", says, shapes[row])


def _kept(frame: gpd.GeoDataFrame, rows: topology.Mask) -> gpd.GeoSeries:
    shapes = np.asarray(frame.geometry.array)[rows]
    return gpd.GeoSeries(shapes, index=frame.index[rows], crs=frame.crs)


def _drawn(shapes: topology.Shapes) -> topology.Mask:
    return ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)


def _finite(shapes: topology.Shapes) -> topology.Mask:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(xy).all(axis=1)]] = False
    return finite


def measurable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame without the shapes whose coordinates are no numbers; `geometry_findings` tells of them."""
    shapes = np.asarray(frame.geometry.array)
    finite = _finite(shapes)
    if finite.all():
        return frame
    kept = shapes.copy()
    kept[~finite] = None
    return frame.set_geometry(gpd.GeoSeries(kept, index=frame.index, crs=frame.crs))


def _single(key: str, feature: object, rule: str, says: Text, place: shapely.Geometry | None = None) -> Finding:
    return Finding(layer=key, feature=str(feature), rule=rule, level="error", says=says, place=place)


def quiet(_: Text) -> None:
    """Hear of a step and do nothing."""


def topology_findings(
    key: str, frame: gpd.GeoDataFrame, rules: Topology, told: Callable[[Text], None] = quiet
) -> Iterator[Finding]:
    """Yield what the polygons of a frame do to each other: duplicate, overlap, gap and sliver.

    `told` hears the title of each check as it begins.
    """
    shapes = np.asarray(frame.geometry.array)
    areal = _drawn(shapes) & _finite(shapes) & (shapely.get_dimensions(shapes) == 2)
    for check in topology_checks(rules):
        told(check.title)
        for row in _rows(check.find(_kept(frame, areal))):
            yield _finding(key, check.rule, check.level, check.says, row)


@dataclass(frozen=True)
class Check:
    """One thing that the polygons of a layer must not do to each other, and what finds it."""

    rule: str
    title: Text
    level: Level
    says: Text
    find: Callable[[gpd.GeoSeries], gpd.GeoDataFrame]


def topology_checks(rules: Topology) -> Iterator[Check]:
    """Yield the checks that a layer's rules ask for, in the order in which they run."""
    if rules.duplicate:
        says = Text("与 {other} 图形完全相同。", "Its shape repeats that of {other}.")
        yield Check("duplicate", Text("重复图形", "duplicates"), "error", says, topology.duplicates)
    if (least_m2 := rules.overlap_m2) is not None:
        says = Text("与 {other} 重叠 {m2} m²({mu} 亩)。", "It overlaps {other} by {m2} m² ({mu} mu).")
        title = Text("相互重叠", "overlaps")
        yield Check("overlap", title, "error", says, lambda shapes: topology.overlapping(shapes, least_m2))
    if (gap_m := rules.gap_m) is not None:
        says = Text("与 {other} 之间有窄缝,{m2} m²。", "A narrow gap of {m2} m² lies between it and {other}.")
        yield Check("gap", Text("窄缝", "gaps"), "warning", says, lambda shapes: topology.gaps(shapes, gap_m))
    if (sliver_m := rules.sliver_m) is not None:
        says = Text("平均宽度不足 {w:g} 米的碎面,{m2} m²。", "A sliver of {m2} m², on average under {w:g} m wide.")
        says = says.format(w=sliver_m, m2="{m2}")
        yield Check("sliver", Text("碎面", "slivers"), "warning", says, lambda one: topology.slivers(one, sliver_m))


def _rows(found: gpd.GeoDataFrame) -> list[dict[str, object]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.itertuples(index=False, name=None)]


def _finding(key: str, rule: str, level: Level, says: Text, row: dict[str, object]) -> Finding:
    area_m2 = float(str(row["area_m2"]))
    known = np.isfinite(area_m2)
    words = {"m2": UNITS["m2"].show(area_m2), "mu": UNITS["mu"].show(mu(area_m2), 4)} if known else {}
    place = row["geometry"]
    return Finding(
        layer=key,
        feature=str(row["feature"]),
        rule=rule,
        level=level,
        says=says.format(**{**row, **words}),
        area_m2=area_m2 if known else None,
        place=place if isinstance(place, shapely.Geometry) else None,
    )
