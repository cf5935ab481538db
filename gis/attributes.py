"""A frame's columns judged by a layer's fields: missing, unknown, empty, of the wrong type, out of choice or bounds."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.finding import Finding
from gis.layer import Field, Kind, Layer, Level, numbers
from gis.text import Text

_KINDS = MappingProxyType[Kind, Text](
    {
        "text": Text("文字", "a text"),
        "integer": Text("整数", "a whole number"),
        "number": Text("数值", "a number"),
        "date": Text("日期(如 2017-12-31)", "a date (such as 2017-12-31)"),
        "flag": Text("是或否", "yes or no"),
    }
)
_FLAGS = frozenset({"true", "false", "1", "0", "1.0", "0.0", "是", "否"})
_SHOWN_CHARACTERS = 80


def attribute_findings(layer: Layer, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Yield what is wrong with the columns of a layer's frame, in the order of its fields."""
    yield from _of_columns(layer, frame)
    for field in layer.fields:
        if field.key in frame:
            yield from _of_values(layer, field, frame)
    if layer.id in frame:
        ids = frame[layer.id]
        twice = ids.notna() & ids.astype(str).duplicated(keep=False)
        says = Text("“{label}”{value} 重复。", "“{label}” {value} is used more than once.")
        yield from _each(layer, layer.field(layer.id), frame, twice, "unique_id", says)


def _of_columns(layer: Layer, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    known = {field.key for field in layer.fields} | {frame.geometry.name}
    for column in frame.columns.difference(list(known), sort=False):
        says = Text(
            "有未声明的字段 {column},已保留,但不检查也不显示。",
            "Column {column} isn't declared; it is kept, but neither checked nor shown.",
        )
        yield _whole(layer, "unknown_column", "notice", says.format(column=column))
    for field in layer.fields:
        if field.key not in frame:
            says = Text("缺少字段“{label}”({key})。", "The field “{label}” ({key}) is missing.")
            level: Level = "error" if field.required else "notice"
            yield _whole(layer, "missing_column", level, says.format(label=field.label, key=field.key))


def _whole(layer: Layer, rule: str, level: Level, says: Text) -> Finding:
    return Finding(layer=layer.key, feature="", rule=rule, level=level, says=says)


def _of_values(layer: Layer, field: Field, frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    column = frame[field.key]
    words = column.astype("string").str.strip().fillna("")
    present = words != ""
    if field.required:
        yield from _each(layer, field, frame, ~present, "required", Text("“{label}”是空的。", "“{label}” is empty."))
    if field.choices:
        strange = present & ~column.astype(str).isin(list(field.choices))
        says = Text("“{label}”的值“{value}”不在选项中。", "“{label}” holds “{value}”, which isn't one of its choices.")
        yield from _each(layer, field, frame, strange, "choice", says)
    wrong = present & ~_readable(field, column, words)
    says = Text("“{label}”的值“{value}”不是{kind}。", "“{label}” holds “{value}”, which is not {kind}.")
    yield from _each(layer, field, frame, wrong, "type", says)
    if field.lowest is not None or field.highest is not None:
        yield from _each(layer, field, frame, _outside(field, column), "bounds", _outside_says(field))


def _readable(field: Field, column: pd.Series, words: pd.Series) -> pd.Series:
    if field.kind in {"integer", "number"}:
        found = numbers(column)
        return found == found.round() if field.kind == "integer" else found.notna()
    if field.kind == "date":
        return pd.to_datetime(words.astype(object), errors="coerce", format="ISO8601", utc=True).notna()
    if field.kind == "flag":
        return words.str.lower().isin(list(_FLAGS))
    return pd.Series(True, index=column.index)


def _outside(field: Field, column: pd.Series) -> pd.Series:
    found = numbers(column)
    below = found < (-np.inf if field.lowest is None else field.lowest)
    return below | (found > (np.inf if field.highest is None else field.highest))


def _outside_says(field: Field) -> Text:
    if field.highest is None:
        says = Text("“{label}”的值 {value} 小于下限 {low:g}。", "“{label}” is {value}, below {low:g}.")
    elif field.lowest is None:
        says = Text("“{label}”的值 {value} 大于上限 {high:g}。", "“{label}” is {value}, above {high:g}.")
    else:
        says = Text(
            "“{label}”的值 {value} 超出 {low:g} 至 {high:g} 的范围。",
            "“{label}” is {value}, outside {low:g} to {high:g}.",
        )
    return says.format(label="{label}", value="{value}", low=field.lowest, high=field.highest)


def _each(
    layer: Layer, field: Field, frame: gpd.GeoDataFrame, wrong: pd.Series, rule: str, says: Text
) -> Iterator[Finding]:
    """Yield an error for each marked row; by position, since the index labels may repeat."""
    values, shapes = frame[field.key].array, frame.geometry.array
    for row in np.flatnonzero(wrong.to_numpy(dtype=bool)).tolist():
        value = str(values[row])[:_SHOWN_CHARACTERS]
        yield Finding(
            layer=layer.key,
            feature=str(frame.index[row]),
            rule=rule,
            level="error",
            place=shapes[row],
            says=says.format(label=field.label, value=value, kind=_KINDS[field.kind]),
        )
