"""A room's tables, each made once for a version of its data: whole, or what a filter leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis import check, crs, units
from gis.layer import GEOM_BASIS, Layer
from gis.text import Language, Text
from gis.units import UNITS
from guatu import tables
from guatu.encroachment import Encroachment
from guatu.once import once
from guatu.room import ZONE, Room
from guatu.tables import Table

Wanted = tuple[tuple[str, tuple[str, ...]], ...]
MOST_FILTERS = 3
LEAST_MU = 0.01
_FILTERED = Text("已筛选:{n:,} / {all:,} 个", "Filtered: {n:,} of {all:,}")

_UNION = Text("合计为逐对相加;并集(不重复计){union}", "The total adds the pairs; union, counted once: {union}")


def frozen(wanted: Mapping[str, Sequence[str]]) -> Wanted:
    """Return a filter, fields with the values that stay, as a key."""
    return tuple((field, tuple(values)) for field, values in wanted.items() if values)


def of_layer(room: Room, key: str, language: Language, wanted: Wanted = ()) -> Table:
    """Return a layer's table (`guatu.tables.of_layer`): all rows, or those that a filter leaves, saying so.

    Raises
    ------
    DataError, CrsError
        As `Room.frame`.
    """
    return _of_layer(room, room.layer(key), room.stamp(key), language, wanted)


def warm(room: Room, language: Language = "zh") -> None:
    """Make the tables of all layers, so that nobody waits for them."""
    for key in room.readable():
        of_layer(room, key, language)


def filters(room: Room, key: str) -> Mapping[str, Sequence[str]]:
    """Return the fields worth filtering a layer by, each with the choices it holds; the one that paints it first."""
    return _filters(room, room.layer(key), room.stamp(key))


def of_pairs(room: Room, left: str, right: str, language: Language) -> Table:
    """Return the table of what two sides share (`guatu.tables.of_pairs`); its note states the union.

    Raises
    ------
    DataError, GeometryError
        As `Room.encroachment`.
    """
    return _of_pairs(room, left, right, language, room.version(left), room.version(right))


def findings(room: Room, keys: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the findings of several layers, one after the other, numbered through.

    Raises
    ------
    DataError, CrsError
        As `Room.findings`.
    """
    return _findings(room, tuple(keys), tuple(room.behind(key) for key in keys))


def of_findings(room: Room, keys: Sequence[str], title: str, language: Language) -> Table:
    """Return the table of the findings of several layers; rows and errors as `findings`."""
    return _of_findings(room, tuple(keys), tuple(room.behind(key) for key in keys), title, language)


def title(room: Room, key: str, language: Language) -> str:
    """Return what a side of an overlap is called."""
    return (room.zones()[key.removeprefix(ZONE)].title if key.startswith(ZONE) else room.layer(key).title)[language]


def amount(shared: Encroachment, value_si: float, language: Language) -> str:
    """Write an area in 亩, or in m² where 亩 would show nothing but zeros; a length in metres."""
    if shared.measure == "length_m":
        unit, value = UNITS["m"], value_si
    elif units.mu(value_si) < LEAST_MU:
        unit, value = UNITS["m2"], value_si
    else:
        unit, value = UNITS["mu"], units.mu(value_si)
    return f"{unit.show(value)} {unit.label[language]}"


@once(maxsize=24)
def _of_layer(room: Room, layer: Layer, stamp: str, language: Language, wanted: Wanted) -> Table:
    frame = room.frame(layer.key)
    if not wanted:
        return tables.of_layer(layer, frame, language)
    kept = _matching(room, layer, stamp, wanted)
    note = _FILTERED.format(n=len(kept), all=len(frame))[language]
    notes = (*tables.basis_notes(frame.iloc[kept], language), note)
    return _of_layer(room, layer, stamp, language, ()).only(kept, notes)


@once(maxsize=24)
def _matching(room: Room, layer: Layer, _: str, wanted: Wanted) -> NDArray[np.intp]:
    frame = room.frame(layer.key)
    stays = np.ones(len(frame), dtype=bool)
    for column, values in wanted:
        stays &= frame[column].astype(str).isin(values).to_numpy()
    return np.flatnonzero(stays)


@once(maxsize=64)
def _filters(room: Room, layer: Layer, _: str) -> Mapping[str, Sequence[str]]:
    frame = room.frame(layer.key)
    offered = sorted(
        (field for field in layer.fields if field.choices and field.key != GEOM_BASIS.key),
        key=lambda field: field.key != layer.style.by,
    )
    present = {field.key: {str(value) for value in frame[field.key].dropna().unique()} for field in offered}
    several = [field for field in offered if len(present[field.key]) > 1]
    return {
        field.key: [value for value in field.choices if value in present[field.key]] for field in several[:MOST_FILTERS]
    }


@once(maxsize=16)
def _of_pairs(room: Room, left: str, right: str, language: Language, *_: str) -> Table:
    shared = room.encroachment(left, right)
    names = tuple(_names(room, key, shared.pairs[side], language) for side, key in (("left", left), ("right", right)))
    headings = (title(room, left, language), title(room, right, language))
    notes = tables.basis_notes(room.frame(left), language)
    if shared.measure != "place":
        notes = (*notes, _UNION.format(union=amount(shared, shared.union, language))[language])
    return tables.of_pairs(" × ".join(headings), shared, (names[0], names[1]), headings, language, notes)


Versions = tuple[tuple[tuple[str, str], ...], ...]


@once(maxsize=8)
def _findings(room: Room, keys: tuple[str, ...], _: Versions) -> gpd.GeoDataFrame:
    there = [found for key in keys if len(found := room.findings(key))]
    return gpd.GeoDataFrame(pd.concat(there, ignore_index=True)) if there else check.as_frame([], crs.CGCS2000)


@once(maxsize=8)
def _of_findings(room: Room, keys: tuple[str, ...], versions: Versions, title: str, language: Language) -> Table:
    return tables.of_findings(title, _findings(room, keys, versions), room.layers(), language)


def _names(room: Room, key: str, labels: pd.Series, language: Language) -> dict[object, str]:
    """Return what a side's features are called: id and name, or the protected structure and the rule."""
    names, wanted = room.names(key), labels.unique()
    if not key.startswith(ZONE):
        return {label: f"{label} {names[label]}" for label in wanted}
    zone = key.removeprefix(ZONE)
    titles = {rule.key: rule.title[language] for rule in room.zones()[zone].rules}
    rules = room.zone(zone)["rule"]
    return {label: f"{names[label]} · {titles[rules[label]]}" for label in wanted}
