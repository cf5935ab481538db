"""A layer's frame judged by its declaration: every finding, with the feature, the rule and the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from gis import crs, topology
from gis.figure import Frames
from gis.layer import Field, Geometry, Layer, Level, Rule, Topology, completed
from gis.text import Text
from gis.units import UNITS

COLUMNS = ("layer", "feature", "rule", "level", "says", "area_m2")

_KINDS: dict[Geometry, tuple[str, ...]] = {
    "polygon": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString"),
    "point": ("Point", "MultiPoint"),
}
_KIND_NAMES: dict[Geometry, Text] = {
    "polygon": Text("面", "polygons"),
    "line": Text("线", "lines"),
    "point": Text("点", "points"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: which feature, by which rule, how badly, in words, how much, where."""

    layer: str
    feature: str
    rule: str
    level: Level
    says: Text
    area_m2: float | None = None
    place: shapely.Geometry | None = None


def findings(layer: Layer, frames: Frames) -> gpd.GeoDataFrame:
    """Return everything in which a layer's frame departs from its declaration.

    Parameters
    ----------
    layer
        The declaration.
    frames
        The layer's own frame under its key, indexed by feature id, and those its rules need.

    Returns
    -------
    GeoDataFrame
        layer, feature, rule, level (error, warning, notice), says (`Text`), area_m2 (or NaN), and as geometry the
        place, in the CRS of the frame. Errors come first; the order is the same on every run.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    """
    frame = frames[layer.key]
    crs.require(frame.geometry)
    found = [*_of_fields(layer, frame), *_of_geometry(layer.key, layer.geometry, frame)]
    if layer.topology:
        found += shape_findings(layer.key, frame, layer.topology)
    complete = {**frames, layer.key: completed(layer, frame)}
    found += [finding for rule in layer.rules for finding in _of_rule(layer, rule, complete)]
    return as_frame(found, frame.crs)


def file_findings(key: str, frame: gpd.GeoDataFrame, rules: Topology) -> gpd.GeoDataFrame:
    """Return the findings of a frame that no layer declares: its shapes only.

    Columns and errors as `findings`; lines and points are checked for validity, polygons for topology too.
    """
    crs.require(frame.geometry)
    found = list(_of_missing(key, frame))
    return as_frame([*found, *shape_findings(key, frame, rules)], frame.crs)


def as_frame(found: Iterable[Finding], source: object) -> gpd.GeoDataFrame:
    """Return findings as a frame, errors first, otherwise in the order found."""
    order: tuple[Level, ...] = ("error", "warning", "notice")
    ranked = sorted(found, key=lambda one: order.index(one.level))
    rows = {column: [getattr(one, column) for one in ranked] for column in COLUMNS}
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"area_m2": float})
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([one.place for one in ranked], crs=source))


def _of_fields(layer: Layer, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    known = {field.key for field in layer.fields} | {frame.geometry.name}
    for column in frame.columns:
        if column not in known:
            yield _whole(
                layer,
                "unknown_column",
                "notice",
                Text(
                    "有未声明的字段 {column},已保留,但不检查也不显示。",
                    "Column {column} isn't declared; it is kept, but neither checked nor shown.",
                ).format(column=column),
            )
    for field in layer.fields:
        if field.key not in frame:
            yield _whole(
                layer,
                "missing_column",
                "error" if field.required else "notice",
                Text("缺少字段“{label}”({key})。", "The field “{label}” ({key}) is missing.").format(
                    label=field.label, key=field.key
                ),
            )
        else:
            yield from _of_values(layer, field, frame)
    if layer.id in frame:
        yield from _of_ids(layer, frame)


def _whole(layer: Layer, rule: str, level: Level, says: Text) -> Finding:
    return Finding(layer=layer.key, feature="", rule=rule, level=level, says=says)


def _of_values(layer: Layer, field: Field, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    column = frame[field.key]
    present = column.notna() & (column.astype("string").str.strip() != "")
    if field.required:
        yield from _each(
            layer, frame, ~present, "required", "error", Text("“{label}”是空的。", "“{label}” is empty."), field
        )
    if field.choices:
        strange = present & ~column.astype(str).isin(list(field.choices))
        yield from _each(
            layer,
            frame,
            strange,
            "choice",
            "error",
            Text("“{label}”的值“{value}”不在选项中。", "“{label}” holds “{value}”, which isn't one of its choices."),
            field,
        )
    if field.kind in {"integer", "number"}:
        yield from _of_numbers(layer, field, frame, present)


def _of_numbers(layer: Layer, field: Field, frame: gpd.GeoDataFrame, present: pd.Series) -> Iterator[Finding]:
    numbers = pd.to_numeric(frame[field.key], errors="coerce")
    strange = present & numbers.isna()
    if field.kind == "integer":
        strange |= present & (numbers % 1 != 0)
    yield from _each(
        layer,
        frame,
        strange,
        "type",
        "error",
        Text("“{label}”的值“{value}”不是{kind}。", "“{label}” holds “{value}”, which is not {kind}."),
        field,
    )
    low = field.lowest if field.lowest is not None else float("-inf")
    high = field.highest if field.highest is not None else float("inf")
    outside = present & numbers.notna() & ~numbers.between(low, high)
    yield from _each(
        layer,
        frame,
        outside,
        "bounds",
        "error",
        Text(
            "“{label}”的值 {value} 超出 {low:g} 至 {high:g} 的范围。",
            "“{label}” is {value}, outside {low:g} to {high:g}.",
        ),
        field,
        low=low,
        high=high,
    )


def _each(
    layer: Layer,
    frame: gpd.GeoDataFrame,
    wrong: pd.Series,
    rule: str,
    level: Level,
    says: Text,
    field: Field,
    **values: object,
) -> Iterator[Finding]:
    kind = Text("整数", "a whole number") if field.kind == "integer" else Text("数值", "a number")
    for feature, row in frame[wrong.to_numpy(dtype=bool)].iterrows():
        yield Finding(
            layer=layer.key,
            feature=str(feature),
            rule=rule,
            level=level,
            place=row[frame.geometry.name],
            says=says.format(label=field.label, value=row[field.key], kind=kind, **values),
        )


def _of_ids(layer: Layer, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    ids = frame[layer.id]
    field = layer.field(layer.id)
    yield from _each(
        layer,
        frame,
        ids.notna() & ids.duplicated(keep=False),
        "unique_id",
        "error",
        Text("“{label}”{value} 重复。", "“{label}” {value} is used more than once."),
        field,
    )


def _of_geometry(key: str, kind: Geometry, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    yield from _of_missing(key, frame)
    other = frame[frame.geometry.notna() & ~frame.geometry.is_empty & ~frame.geom_type.isin(_KINDS[kind])]
    for feature, shape in other.geometry.items():
        yield Finding(
            layer=key,
            feature=str(feature),
            rule="geometry_kind",
            level="error",
            place=shape,
            says=Text("图形是 {found},本图层应为{kind}。", "Its shape is a {found}; this layer holds {kind}.").format(
                found=shape.geom_type, kind=_KIND_NAMES[kind]
            ),
        )


def _of_missing(key: str, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    for feature in frame.index[frame.geometry.isna() | frame.geometry.is_empty]:
        yield Finding(
            layer=key,
            feature=str(feature),
            rule="no_geometry",
            level="error",
            says=Text(
                "没有图形,不计入面积,也不显示在地图上。",
                "It has no shape: no area is counted and the map can't show it.",
            ),
        )


def shape_findings(key: str, frame: gpd.GeoDataFrame, rules: Topology) -> list[Finding]:
    """Return the topology findings of a frame, named overlap, gap, sliver, invalid and duplicate."""
    shapes = frame.geometry[frame.geometry.notna() & ~frame.geometry.is_empty]
    found = [_finding(key, "invalid", "error", _INVALID, row) for row in _rows(topology.invalid(shapes))]
    areal = shapes[shapes.geom_type.isin(_KINDS["polygon"])]
    for name, level, says, find in _topology(rules):
        found += [_finding(key, name, level, says, row) for row in _rows(find(areal))]
    return found


_INVALID = Text("边界无效:{reason}。面积按修复后的副本计算。", "Invalid boundary: {reason}. A mended copy is measured.")

_Find = Callable[[gpd.GeoSeries], gpd.GeoDataFrame]


def _topology(rules: Topology) -> Iterator[tuple[str, Level, Text, _Find]]:
    if rules.duplicate:
        yield (
            "duplicate",
            "error",
            Text("与 {other} 图形完全相同。", "Its shape repeats that of {other}."),
            topology.duplicates,
        )
    if (least_m2 := rules.overlap_m2) is not None:
        yield (
            "overlap",
            "error",
            Text("与 {other} 重叠 {m2} m²({mu} 亩)。", "It overlaps {other} by {m2} m² ({mu} mu)."),
            lambda shapes: topology.overlapping(shapes, least_m2),
        )
    if (gap_m := rules.gap_m) is not None:
        yield (
            "gap",
            "warning",
            Text("与 {other} 之间有窄缝,{m2} m²。", "A narrow gap of {m2} m² lies between it and {other}."),
            lambda shapes: topology.gaps(shapes, gap_m),
        )
    if (sliver_m := rules.sliver_m) is not None:
        yield (
            "sliver",
            "warning",
            Text(
                "平均宽度不足 {width} 米的碎面,{m2} m²。", "A sliver of {m2} m², on average under {width} m wide."
            ).format(width=f"{sliver_m:g}", m2="{m2}"),
            lambda shapes: topology.slivers(shapes, sliver_m),
        )


def _rows(found: gpd.GeoDataFrame) -> Sequence[dict[str, object]]:
    return found.to_dict("records")  # type: ignore[return-value]


def _finding(key: str, rule: str, level: Level, says: Text, row: dict[str, object]) -> Finding:
    area_m2 = float(row["area_m2"])  # type: ignore[arg-type]
    values = {
        **row,
        "m2": UNITS["m2"].show(area_m2) if area_m2 == area_m2 else "",
        "mu": UNITS["mu"].show(area_m2 * 3 / 2000, 4) if area_m2 == area_m2 else "",
    }
    return Finding(
        layer=key,
        feature=str(row["feature"]),
        rule=rule,
        level=level,
        says=says.format(**values),
        area_m2=area_m2 if area_m2 == area_m2 else None,
        place=row["geometry"],  # type: ignore[arg-type]
    )


def _of_rule(layer: Layer, rule: Rule, frames: Frames) -> Iterator[Finding]:
    frame = frames[layer.key]
    missing = [key for key in rule.needs if key not in frames]
    if missing:
        yield _whole(
            layer,
            rule.key,
            "notice",
            Text("缺少图层 {layers},未检查“{title}”。", "“{title}” wasn't checked: layer {layers} is missing.").format(
                layers=", ".join(missing), title=rule.title
            ),
        )
        return
    labelled = {field.key: field for field in layer.fields}
    for feature in rule.broken(frame, frames):
        row = frame.loc[feature]
        values = {key: _as_text(field, row.get(key)) for key, field in labelled.items()}
        yield Finding(
            layer=layer.key,
            feature=str(feature),
            rule=rule.key,
            level=rule.level,
            says=rule.says.format(**values),
            place=row[frame.geometry.name],
        )


def _as_text(field: Field, value: object) -> Text | str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return field.say(value)
