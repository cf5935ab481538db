"""The words a layer is declared in: fields, style, figures, rules. Frozen; contradictions are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.errors import LayerError
from gis.figure import Figure, Frames
from gis.text import Text
from gis.units import UNITS

Geometry = Literal["polygon", "line", "point"]
Kind = Literal["text", "integer", "number", "date", "flag"]
Level = Literal["error", "warning", "notice"]

LEVELS: Mapping[Level, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "notice": Text("提示", "notice"),
}

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NUMERIC = frozenset({"integer", "number"})
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def _refuse(zh: str, en: str, **values: object) -> None:
    raise LayerError(Text(zh, en).format(**values))


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column: what it means, what it may hold.

    `choices` maps the stored value to its label; `lowest` and `highest` bound a number, both allowed.
    """

    key: str
    label: Text
    kind: Kind = "text"
    unit: str = ""
    required: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            _refuse(
                "字段名 {key!r} 只能用小写字母、数字和下划线。", "Field key {key!r} must be snake_case.", key=self.key
            )
        if self.unit and self.unit not in UNITS:
            _refuse(
                "字段 {key} 的单位 {unit} 未定义。",
                "Field {key} has an unknown unit, {unit}.",
                key=self.key,
                unit=self.unit,
            )
        if self.choices and self.kind != "text":
            _refuse("字段 {key} 有选项,类型须为 text。", "Field {key} has choices, so its kind is text.", key=self.key)
        if (self.lowest is not None or self.highest is not None) and self.kind not in _NUMERIC:
            _refuse("字段 {key} 有上下限,类型须为数值。", "Field {key} has bounds, so it is a number.", key=self.key)
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            _refuse("字段 {key} 的下限大于上限。", "Field {key} has its bounds the wrong way round.", key=self.key)

    def say(self, value: object) -> Text | str:
        """Return what a reader is shown for a stored value: its label where it is a choice, else itself."""
        return self.choices.get(str(value), str(value))


GEOM_BASIS = Field(
    key="geom_basis",
    label=Text("图形依据", "Basis of the shape"),
    required=True,
    choices={
        "schematic": Text("示意数据 非实测", "Schematic, not surveyed"),
        "digitised": Text("影像勾绘", "Digitised from imagery"),
        "published": Text("公布成果", "Published"),
        "surveyed": Text("实测", "Surveyed"),
    },
)


@dataclass(frozen=True, kw_only=True)
class Paint:
    """How one class of features looks on screen and on paper.

    `weight` is in pixels (0.25 mm on paper); `dash` as in SVG; `hatch` tells classes apart in black and white.
    """

    colour: str
    label: Text | None = None
    fill: str | None = None
    weight: float = 1.5
    opacity: float = 1.0
    fill_opacity: float = 0.5
    dash: str = ""
    hatch: Literal["", "/", "\\", "x", "-", "|", "."] = ""
    radius: float = 6.0

    def __post_init__(self) -> None:
        for colour in filter(None, (self.colour, self.fill)):
            if not _COLOUR.fullmatch(colour):
                _refuse("颜色 {colour!r} 须写成 #RRGGBB。", "Colour {colour!r} is not #RRGGBB.", colour=colour)


@dataclass(frozen=True, kw_only=True)
class Style:
    """A layer's paint, or one paint for each value of a field."""

    paint: Paint
    by: str | None = None
    classes: Mapping[str, Paint] = field(default_factory=dict)
    label: str | None = None
    label_zoom: int = 16

    def __post_init__(self) -> None:
        if bool(self.by) != bool(self.classes):
            _refuse("分类样式须同时给出字段和各类样式。", "A classed style needs both a field and its classes.")


@dataclass(frozen=True, kw_only=True)
class Topology:
    """What a layer's shapes must not do to each other, in metres and square metres; None asks nothing."""

    overlap_m2: float | None = 0.01
    gap_m: float | None = None
    sliver_m: float | None = 0.5
    duplicate: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must be true of a layer, why, and by which source.

    `broken` is a pure function of the layer's frame and the frames named in `needs`; it returns the index labels
    of the features that break the rule. `says` may name the layer's fields in braces.
    """

    key: str
    title: Text
    says: Text
    reason: Text
    source: Text
    broken: Callable[[gpd.GeoDataFrame, Frames], pd.Index]
    level: Level = "warning"
    needs: tuple[str, ...] = ()


def _untouched(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """A layer, declared once; popups, tables, legends, checks, figures and exports follow from it.

    `key` is the name of its file here and of its GeoJSON; `id`, `name` and `aliases` are field keys.
    `tidy` turns a raw frame's columns into ours. Smaller `order` stands higher in lists and on the map.
    """

    key: str
    title: Text
    about: Text
    group: Text
    geometry: Geometry
    id: str
    name: str
    fields: tuple[Field, ...]
    style: Style
    source: Text
    aliases: str | None = None
    order: int = 50
    shown: bool = True
    figures: tuple[Figure, ...] = ()
    rules: tuple[Rule, ...] = ()
    topology: Topology | None = None
    tidy: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame] = _untouched

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            _refuse(
                "图层名 {key!r} 只能用小写字母、数字和下划线。", "Layer key {key!r} must be snake_case.", key=self.key
            )
        keys = [each.key for each in self.fields]
        if len(set(keys)) < len(keys):
            _refuse("图层 {key} 有重名字段。", "Layer {key} declares a field twice.", key=self.key)
        if GEOM_BASIS.key not in keys:
            object.__setattr__(self, "fields", (*self.fields, GEOM_BASIS))
        for role in filter(None, (self.id, self.name, self.aliases, self.style.by, self.style.label)):
            if role not in keys and role != GEOM_BASIS.key:
                _refuse(
                    "图层 {key} 引用了未声明的字段 {role}。",
                    "Layer {key} names a field it lacks: {role}.",
                    key=self.key,
                    role=role,
                )
        if self.topology and self.geometry != "polygon":
            _refuse("图层 {key} 不是面,不能检查拓扑。", "Layer {key} has no polygons to check.", key=self.key)
        self._refuse_foreign_classes()
        self._refuse_foreign_words()

    def _refuse_foreign_words(self) -> None:
        keys = {each.key for each in self.fields}
        for rule in self.rules:
            for words in (rule.says.zh, rule.says.en):
                for word in {word for _, word, _, _ in Formatter().parse(words) if word is not None} - keys:
                    _refuse(
                        "图层 {key} 的规则 {rule} 引用了未声明的字段 {word}。",
                        "Rule {rule} of layer {key} names a field that the layer lacks: {word}.",
                        key=self.key,
                        rule=rule.key,
                        word=word,
                    )

    def _refuse_foreign_classes(self) -> None:
        if self.style.by is None:
            return
        choices = self.field(self.style.by).choices
        for value in self.style.classes:
            if value not in choices:
                _refuse(
                    "图层 {key} 的样式用了字段 {field} 没有的选项 {value}。",
                    "Layer {key} paints {value}, which field {field} doesn't offer.",
                    key=self.key,
                    field=self.style.by,
                    value=value,
                )

    def field(self, key: str) -> Field:
        """Return one of the layer's fields by its key."""
        return next(each for each in self.fields if each.key == key)

    @property
    def needs(self) -> tuple[str, ...]:
        """Keys of every layer that this one's figures and rules read."""
        of_figures = (key for figure in self.figures for key in figure.needs)
        of_rules = (key for rule in self.rules for key in rule.needs)
        return tuple(dict.fromkeys([self.key, *of_figures, *of_rules]))


def completed(layer: Layer, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with every declared field, numbers as numbers: missing or unreadable values are NA.

    What was missing or unreadable is for `gis.check` to tell; calculations and screens can rely on the columns.
    """
    columns = {field.key: _typed(field, frame) for field in layer.fields}
    return frame.assign(**columns)


def _typed(field: Field, frame: gpd.GeoDataFrame) -> pd.Series:
    if field.key not in frame:
        return pd.Series(None, index=frame.index, dtype="float64" if field.kind in _NUMERIC else "str")
    column = frame[field.key]
    if field.kind == "number":
        return numbers(column)
    if field.kind == "integer":
        found = numbers(column)
        return found.where(found == found.round()).astype("Int64")
    return column


def numbers(column: pd.Series) -> pd.Series:
    """Return a column as numbers: NaN where a value is no number, or infinite."""
    found = pd.to_numeric(column, errors="coerce").astype("float64")
    return found.where(np.isfinite(found))


def indexed(frame: gpd.GeoDataFrame, id_field: str) -> gpd.GeoDataFrame:
    """Return the frame indexed by feature id where the ids are complete and unique, else by row number."""
    if id_field in frame and frame[id_field].notna().all():
        labels = frame[id_field].astype(str).rename(None)
        if labels.is_unique:
            return frame.set_index(labels)
    return frame.reset_index(drop=True)
