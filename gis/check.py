"""A layer's frame judged by its declaration: every finding, with the feature, the rule and the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from gis import crs
from gis.attributes import attribute_findings
from gis.errors import DataError, GuatuError
from gis.figure import Frames
from gis.finding import COLUMNS, Finding, as_frame
from gis.layer import Field, Layer, Rule, Topology, completed
from gis.shapes import geometry_findings, measurable, quiet, topology_checks, topology_findings
from gis.text import Text

__all__ = ["COLUMNS", "Finding", "as_frame", "file_findings", "findings", "quiet", "steps"]

_ATTRIBUTES = Text("属性", "attributes")
_SHAPES = Text("图形", "shapes")


def steps(layer: Layer) -> tuple[Text, ...]:
    """Return what `findings` looks at, in its order."""
    topology = [check.title for check in topology_checks(layer.topology)] if layer.topology else []
    return (_ATTRIBUTES, _SHAPES, *topology, *(rule.title for rule in layer.rules))


def findings(layer: Layer, frames: Frames, told: Callable[[Text], None] = quiet) -> gpd.GeoDataFrame:
    """Return everything in which a layer's frame departs from its declaration.

    Parameters
    ----------
    layer
        The declaration.
    frames
        The layer's own frame under its key, indexed by feature id, and those its rules need.
    told
        Called with each of `steps` as it begins; what it raises ends the check.

    Returns
    -------
    GeoDataFrame
        layer, feature, rule, level (error, warning, notice), says (`Text`), area_m2 (or NaN), and as geometry the
        place, in the CRS of the frame. Errors come first; the order is the same on every run. The rules of
        geometry are empty, no_geometry, geometry_kind, invalid, and where the layer asks duplicate, overlap, gap,
        sliver.

    Raises
    ------
    CrsError
        As `gis.crs.require`.
    DataError
        Two columns have one name.
    """
    frame = frames[layer.key]
    _refuse_twins(frame)
    source = crs.require(frame.geometry)
    told(_ATTRIBUTES)
    found = [*attribute_findings(layer, frame)]
    told(_SHAPES)
    found += geometry_findings(layer.key, frame, layer.geometry)
    if layer.topology:
        found += topology_findings(layer.key, frame, layer.topology, told)
    complete = {key: measurable(each) for key, each in {**frames, layer.key: completed(layer, frame)}.items()}
    for rule in layer.rules:
        told(rule.title)
        found += _of_rule(layer, rule, complete)
    return as_frame(found, source)


def file_findings(key: str, frame: gpd.GeoDataFrame, rules: Topology) -> gpd.GeoDataFrame:
    """Return the findings of a frame that no layer declares: its shapes only.

    Columns and errors as `findings`; lines and points are checked for validity, polygons for topology too.
    """
    source = crs.require(frame.geometry)
    return as_frame([*geometry_findings(key, frame), *topology_findings(key, frame, rules)], source)


def _refuse_twins(frame: gpd.GeoDataFrame) -> None:
    twins = frame.columns[frame.columns.duplicated()]
    if len(twins):
        raise DataError(
            Text("有两列都叫 {column},请改名。", "Two columns are named {column}; rename one.").format(column=twins[0])
        )


def _of_rule(layer: Layer, rule: Rule, frames: Frames) -> Iterator[Finding]:
    missing = [key for key in rule.needs if key not in frames]
    if missing:
        says = Text("缺少图层 {layers},未检查“{title}”。", "“{title}” wasn't checked: layer {layers} is missing.")
        says = says.format(layers=", ".join(missing), title=rule.title)
        yield Finding(layer=layer.key, feature="", rule=rule.key, level="notice", says=says)
        return
    frame = frames[layer.key]
    try:
        broken = frame.index.isin(rule.broken(frame, frames))
    except GuatuError as stopped:
        says = Text("“{title}”无法检查:{why}", "“{title}” couldn't be checked: {why}")
        says = says.format(title=rule.title, why=stopped.says)
        yield Finding(layer=layer.key, feature="", rule=rule.key, level="warning", says=says)
        return
    columns = [(field, frame[field.key].array) for field in layer.fields]
    shapes = frame.geometry.array
    for row in np.flatnonzero(broken).tolist():
        values = {field.key: _as_text(field, column[row]) for field, column in columns}
        yield Finding(
            layer=layer.key,
            feature=str(frame.index[row]),
            rule=rule.key,
            level=rule.level,
            says=rule.says.format(**values),
            place=shapes[row],
        )


def _as_text(field: Field, value: object) -> Text | str:
    if value is None or value is pd.NA or value != value:
        return Text("(空)", "(empty)")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return field.say(value)
