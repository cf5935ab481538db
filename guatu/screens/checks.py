"""检查: everything in which the data depart from their declaration, and where."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st

from gis import check, crs
from gis.layer import LEVELS
from guatu import tables
from guatu.maps import drawings, sources
from guatu.packs.page import Extra
from guatu.room import Room, open_room
from guatu.screens import chart, export, notices, words
from guatu.screens.guard import guarded
from guatu.screens.language import current
from guatu.screens.table import Label, choosing

NAME = "checks"


def _findings(room: Room) -> gpd.GeoDataFrame:
    every = [room.findings(key) for key in room.layers() if room.has(key)]
    there = [found for found in every if len(found)]
    return gpd.GeoDataFrame(pd.concat(there, ignore_index=True)) if there else check.as_frame([], crs.CGCS2000)


def _sums(found: gpd.GeoDataFrame) -> None:
    language = current()
    counts = found["level"].value_counts()
    cells = [f"<span><b>{len(found)}</b> {words.FINDINGS.format(n='')[language].strip()}</span>"] + [
        f'<span class="level {level}">{title[language]} <b>{counts.get(level, 0)}</b></span>'
        for level, title in LEVELS.items()
    ]
    st.html(f'<div class="sums">{"".join(cells)}</div>')


@st.fragment
@guarded
def body(room: Room) -> None:
    """Draw the findings beside the map; a click on one zooms to its place."""
    language = current()
    found = _findings(room)
    layers = {key: layer.title[language] for key, layer in room.layers().items() if key in set(found["layer"])}
    _sums(found)
    if found.empty:
        st.success(words.NO_FINDINGS[language])
    with st.container(key=f"split-{NAME}", horizontal=True, gap="small"):
        with st.container(key=f"side-{NAME}"):
            wanted = st.pills(
                words.BY_LAYER[language],
                list(layers),
                format_func=layers.__getitem__,
                selection_mode="multi",
                key=f"{NAME}.layers",
                label_visibility="collapsed",
            )
            shown = found[found["layer"].isin(wanted)] if wanted else found
            if len(shown):
                _choose(room, shown)
        sources, extra = chart.layer_sources(room), _places(room, shown)
        with st.container(key=f"main-{NAME}"):
            chart.show(room, sources, key=NAME, extra=extra)
    schematic = any(tables.basis_notes(room.frame(key), language) for key in layers)
    table = tables.of_findings(words.CHECKS[language], shown, room.layers(), language)
    notes = (words.SCHEMATIC[language],) if schematic else ()
    export.row(room, NAME, [replace(table, notes=notes)], sources, extra)


def _choose(room: Room, shown: gpd.GeoDataFrame) -> None:
    table = tables.of_findings(words.CHECKS[current()], shown, room.layers(), current())
    picked = chart.selected(NAME)
    places = dict(zip(shown.index, zip(shown["layer"], shown["feature"], strict=True), strict=True))
    rows = [label for label, place in places.items() if place == picked]

    def chosen(label: Label | None) -> None:
        chart.select(NAME, places.get(label))

    choosing(table, f"table-{NAME}", rows[0] if rows else None, chosen)


def _places(room: Room, shown: gpd.GeoDataFrame) -> list[Extra]:
    return [
        (sources.of_findings(room, key), partial(drawings.of_findings, room, key))
        for key in dict.fromkeys(shown["layer"])
    ]


room = open_room()
notices.trouble(room)
body(room)
notices.foot(room)
