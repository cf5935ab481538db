"""A screen of layers: their figures, the map, and beside it the table of one of them, filtered and searched."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial

import streamlit as st

from gis.layer import Layer
from gis.text import Text
from gis.units import UNITS
from guatu import sheets, tables
from guatu.room import Room
from guatu.screens import address, chart, export, figures, notices, words
from guatu.screens.guard import guarded
from guatu.screens.language import current
from guatu.screens.table import Label, choosing
from guatu.tables import Table


def browse(room: Room, group: Text, first: str, name: str, hidden: Container[Text] = ()) -> None:
    """Draw the screen for the layers of a group; the table of `first` opens, groups in `hidden` start off the map."""
    mine_first = sorted(room.readable().values(), key=lambda layer: layer.key != first)
    there = [layer.key for layer in mine_first if layer.group == group]
    notices.trouble(room)
    own = {figure.key for key in there for figure in room.layer(key).figures}
    mine = [one for one in room.figures() if one.figure.key in own]
    figures.row(mine)
    if there:
        _body(room, there, name, hidden)
    figures.basis(tuple(mine))
    notices.foot(room)


@st.fragment
@guarded
def _body(room: Room, keys: Sequence[str], name: str, hidden: Container[Text]) -> None:
    with st.container(key=f"split-{name}", horizontal=True, gap="small"):
        with st.container(key=f"side-{name}"):
            with st.container(key="choice", horizontal=True, gap="small", vertical_alignment="center"):
                layer = room.layer(_chosen(room, keys, name))
                wanted = _filters(room, layer)
            table = sheets.of_layer(room, layer.key, current(), sheets.frozen(wanted))
            _table(layer, table, len(room.frame(layer.key)), name)
        filters = {layer.key: wanted} if wanted else {}
        sources = chart.layer_sources(room, hidden)
        with st.container(key=f"main-{name}"):
            chart.show(room, sources, key=name, filters=filters)
    others: list[Table | str] = [key for key in keys if key != layer.key]
    export.row(room, name, [table, *others], sources, filters=filters)


def _chosen(room: Room, keys: Sequence[str], name: str) -> str:
    language = current()
    titles = {key: room.layer(key).title[language] for key in keys}
    picked = chart.selected(name)
    if picked and picked[0] in keys and st.session_state.get(f"{name}.followed") != picked:
        st.session_state[f"{name}.layer"] = picked[0]
        st.session_state[f"{name}.followed"] = picked
    address.recall(f"{name}.layer", "layer", keys)
    chosen = st.segmented_control(
        words.LAYER[language],
        keys,
        format_func=titles.__getitem__,
        key=f"{name}.layer",
        required=True,
        default=None if f"{name}.layer" in st.session_state else keys[0],
        label_visibility="collapsed",
    )
    chosen = chosen or keys[0]
    address.keep("layer", [chosen] if chosen != keys[0] else [])
    return chosen


def _filters(room: Room, layer: Layer) -> dict[str, list[str]]:
    language = current()
    wanted: dict[str, list[str]] = {}
    with st.popover(words.FILTER[language], key=f"filters-{layer.key}"):
        for key, present in sheets.filters(room, layer.key).items():
            field, widget = layer.field(key), f"{layer.key}.{key}"
            address.recall(widget, widget, present, several=True)
            picked = st.pills(
                field.label[language],
                present,
                selection_mode="multi",
                format_func=partial(tables.said, field, language=language),
                key=widget,
            )
            address.keep(widget, picked)
            if picked:
                wanted[key] = picked
    return wanted


def _table(layer: Layer, table: Table, every: int, name: str) -> None:
    language = current()
    if not every:
        st.info(words.EMPTY_LAYER.format(title=layer.title)[language])
        return
    if table.rows.empty:
        st.info(words.NOTHING_HERE[language])
        return
    st.caption(_summary(layer, table, every))
    picked = chart.selected(name)
    own = picked[1] if picked and picked[0] == layer.key else None

    def chosen(label: Label | None) -> None:
        chart.select(name, (layer.key, str(label)) if label is not None else None)

    choosing(table, f"table-{name}-{layer.key}", own, chosen)


def _summary(layer: Layer, table: Table, every: int) -> str:
    language = current()
    key, unit = {"polygon": ("mu", "mu"), "line": ("length_m", "m")}.get(layer.geometry, ("", ""))
    if not key:
        return words.SHOWN_ONLY.format(n=len(table.rows), all=every)[language]
    total = f"{UNITS[unit].show(float(table.rows[key].sum()))} {UNITS[unit].label[language]}"
    return words.SHOWN.format(n=len(table.rows), all=every, total=total)[language]
