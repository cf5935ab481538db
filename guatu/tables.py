"""Tables as people read them: labelled columns, rounded numbers, totals. Screens and exports show the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis import area, units
from gis.figure import VERDICTS, Measured
from gis.layer import GEOM_BASIS, LEVELS, Field, Layer
from gis.text import Language, Text
from gis.units import UNITS
from guatu.encroachment import Encroachment

MOST_FEATURES = 200
SCHEMATIC = GEOM_BASIS.choices["schematic"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its heading, and for a number its decimals and whether it is summed."""

    key: str
    label: str
    decimals: int | None = None
    summed: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Rows under labelled columns. Numbers in `rows` are unrounded; a column's decimals say how they are shown.

    `named` are the columns by which a row is looked up.
    """

    title: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def only(self, positions: NDArray[np.intp], notes: tuple[str, ...]) -> Table:
        """Return the table of some of its rows, under other notes."""
        return replace(self, rows=self.rows.iloc[positions], notes=notes)

    def total(self, column: Column) -> float:
        """Return the sum of a column, from unrounded values."""
        return float(self.rows[column.key].sum())

    def residue(self, column: Column) -> float:
        """Return the 尾差 of a summed column: rounded total less the sum of rounded rows."""
        return units.residue(self.rows[column.key].dropna(), column.decimals or 0)


def shown(column: Column, value: object) -> str:
    """Write a cell: a number rounded half-up with thousands apart, nothing for what is missing."""
    if value is None or value is pd.NA or value != value:
        return ""
    if column.decimals is None or not isinstance(value, (int, float)):
        return str(value)
    return f"{units.half_up(value, column.decimals):,.{column.decimals}f}"


_LABELS = {
    "mu": Text("面积", "Area"),
    "area_m2": Text("椭球面积", "Ellipsoidal area"),
    "plane_m2": Text("平面面积", "Planar area"),
    "length_m": Text("长度", "Length"),
}


def measured(key: str, unit: str, language: Language, label: Text | None = None) -> Column:
    """Return a summed column of a measured quantity, rounded as its unit is."""
    words, known = label or _LABELS[key], UNITS[unit]
    return Column(key=key, label=f"{words[language]} ({known.label[language]})", decimals=known.decimals, summed=True)


def of_layer(layer: Layer, frame: gpd.GeoDataFrame, language: Language) -> Table:
    """Return a layer's features with every declared field and what was measured, indexed as the frame."""
    rows, columns = _measured(layer, frame, language)
    for field in layer.fields:
        values = frame[field.key]
        unit = f" ({UNITS[field.unit].label[language]})" if field.unit else ""
        label = f"{field.label[language]}{unit}"
        number = field.kind == "number"
        summed = number and field.unit == "m3"
        columns.append(
            Column(key=field.key, label=label, decimals=_decimals(values) if number else None, summed=summed)
        )
        rows[field.key] = _said(field, values, language) if field.choices else values
    first = [key for key in (layer.id, layer.name, layer.style.by) if key]
    columns.sort(key=lambda column: first.index(column.key) if column.key in first else len(first))
    return Table(
        title=layer.title[language],
        columns=tuple(columns),
        rows=pd.DataFrame(rows, index=frame.index),
        notes=basis_notes(frame, language),
        named=tuple(filter(None, (layer.id, layer.name, layer.aliases))),
    )


def _said(field: Field, values: pd.Series, language: Language) -> pd.Series:
    words = {value: said(field, value, language) for value in values.dropna().unique()}
    return values.map(words)


def said(field: Field, value: object, language: Language) -> str:
    """Return what a reader is shown for a stored value of a field."""
    words = field.say(value)
    return words[language] if isinstance(words, Text) else words


def _decimals(values: pd.Series) -> int:
    present = values.dropna()
    return next((places for places in (0, 1, 2) if (present.round(places) == present).all()), 3)


def _measured(layer: Layer, frame: gpd.GeoDataFrame, language: Language) -> tuple[dict[str, pd.Series], list[Column]]:
    if layer.geometry == "polygon":
        area_m2 = area.areas(frame.geometry)
        rows = {
            "mu": units.mu(area_m2),
            "area_m2": area_m2,
            "plane_m2": area.plane_areas(frame.geometry),
        }
        return rows, [
            measured("mu", "mu", language),
            measured("area_m2", "m2", language),
            measured("plane_m2", "m2", language),
        ]
    if layer.geometry == "line":
        return {"length_m": area.lengths(frame.geometry)}, [measured("length_m", "m", language)]
    return {}, []


def basis_notes(frame: gpd.GeoDataFrame, language: Language) -> tuple[str, ...]:
    """Return the note that a frame with schematic shapes must bear wherever it is shown, or nothing."""
    schematic = GEOM_BASIS.key in frame and (frame[GEOM_BASIS.key] == "schematic").any()
    return (SCHEMATIC[language],) if schematic else ()


def of_pairs(
    title: str,
    shared: Encroachment,
    names: tuple[Mapping[object, str], Mapping[object, str]],
    headings: tuple[str, str],
    language: Language,
    notes: tuple[str, ...] = (),
) -> Table:
    """Return a list of overlapping pairs; `names` give each side's label by feature, `headings` the sides' titles."""
    pairs = shared.pairs
    rows = {"left": pairs["left"].map(names[0]), "right": pairs["right"].map(names[1])}
    columns = [Column(key="left", label=headings[0]), Column(key="right", label=headings[1])]
    if shared.measure == "area_m2":
        rows |= {"mu": units.mu(pairs["area_m2"]), "area_m2": pairs["area_m2"]}
        columns[1:1] = [measured("mu", "mu", language, _SHARED), measured("area_m2", "m2", language, _SHARED)]
    if shared.measure == "length_m":
        rows["length_m"] = pairs["length_m"]
        columns.insert(1, measured("length_m", "m", language))
    for side, heading in zip(("share_of_left", "share_of_right"), headings, strict=True):
        if side in pairs:
            rows[side] = pairs[side] * 100
            columns.append(Column(key=side, label=_SHARE.format(side=heading)[language], decimals=1))
    return Table(title=title, columns=tuple(columns), rows=pd.DataFrame(rows), notes=notes, named=("left", "right"))


_SHARED = Text("重叠面积", "Shared area")
_SHARE = Text("占“{side}”%", "% of {side}")


def of_findings(title: str, findings: gpd.GeoDataFrame, layers: Mapping[str, Layer], language: Language) -> Table:
    """Return findings in words."""
    rows = pd.DataFrame(
        {
            "level": [LEVELS[level][language] for level in findings["level"]],
            "layer": [layers[key].title[language] if key in layers else key for key in findings["layer"]],
            "feature": findings["feature"].to_numpy(),
            "says": [says[language] for says in findings["says"]],
            "area_m2": findings["area_m2"].to_numpy(),
            "rule": findings["rule"].to_numpy(),
        }
    )
    columns = (
        Column(key="level", label=Text("级别", "Level")[language]),
        Column(key="feature", label=Text("要素", "Feature")[language]),
        Column(key="says", label=Text("问题", "Finding")[language]),
        Column(key="layer", label=Text("图层", "Layer")[language]),
        Column(key="area_m2", label=Text("面积 (m²)", "Area (m²)")[language], decimals=2),
        Column(key="rule", label=Text("规则", "Rule")[language]),
    )
    return Table(title=title, columns=columns, rows=rows, named=("feature", "says"))


def of_figures(title: str, figures: Iterable[Measured], language: Language, schematic: bool = False) -> Table:
    """Return the figures beside what was reported, with rule, number of features and data version."""
    found = list(figures)
    labels = {
        "label": Text("指标", "Figure"),
        "value": Text("计算值", "Computed"),
        "unit": Text("单位", "Unit"),
        "reported": Text("上报", "Reported"),
        "verdict": Text("核对", "Verdict"),
        "rule": Text("算法", "Rule"),
        "features": Text("所依据的要素", "Features behind it"),
    }
    rows = pd.DataFrame(
        [
            {
                "label": one.figure.label[language],
                "value": one.figure.show(one.value),
                "unit": UNITS[one.figure.unit].label[language],
                "reported": one.figure.reported.says[language] if one.figure.reported else "",
                "verdict": VERDICTS[one.verdict][language],
                "rule": one.figure.rule[language],
                "features": _features(one.features, language),
            }
            for one in found
        ],
        columns=list(labels),
    )
    columns = tuple(Column(key=key, label=label[language]) for key, label in labels.items())
    mark = (SCHEMATIC[language],) if schematic else ()
    notes = (*mark, *(_VERSION.format(snapshot=one.snapshot)[language] for one in found[:1]))
    return Table(title=title, columns=columns, rows=rows, notes=notes)


def _features(labels: tuple[str, ...], language: Language) -> str:
    told = "、".join(labels[:MOST_FEATURES])
    return told if len(labels) <= MOST_FEATURES else _AND_MORE.format(told=told, n=len(labels))[language]


_AND_MORE = Text("{told} 等共 {n:,} 个", "{told} … {n:,} in all")
_VERSION = Text("数据版本 {snapshot}", "Data version {snapshot}")
