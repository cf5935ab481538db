"""检查: everything in which the data depart from their declaration, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import geopandas as gpd
import streamlit as st

from gis.layer import LEVELS
from gis.text import Text
from guatu import inspection, sheets
from guatu.inspection import Progress
from guatu.maps import drawings, sources
from guatu.packs.page import Extra
from guatu.room import Room, open_room
from guatu.screens import chart, export, notices, words
from guatu.screens.guard import guarded
from guatu.screens.language import current
from guatu.screens.progress import outcome, under_way
from guatu.screens.table import Label, choosing
from guatu.tables import Table

NAME = "checks"
PATIENCE_S = 1.0


def _sums(found: gpd.GeoDataFrame, complete: bool) -> None:
    language = current()
    counts = found["level"].value_counts()
    so_far = "" if complete else f" {words.SO_FAR[language]}"
    cells = [f"<span><b>{len(found):,}</b> {words.FINDINGS.format(n='')[language].strip()}{so_far}</span>"] + [
        f'<span class="level {level}">{title[language]} <b>{counts.get(level, 0):,}</b></span>'
        for level, title in LEVELS.items()
    ]
    st.html(f'<div class="sums">{"".join(cells)}</div>')


@st.fragment
@guarded
def body(room: Room) -> None:
    """Draw the findings beside the map; a click on one zooms to its place."""
    language = current()
    looked = inspection.look(room)
    ready = [one.key for one in looked if one.phase == "done"]
    found = sheets.findings(room, ready)
    layers = {key: room.layer(key).title[language] for key in ready if len(room.findings(key))}
    _sums(found, complete=len(ready) == len(looked))
    if found.empty and len(ready) == len(looked):
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
            chosen = [key for key in layers if key in wanted or not wanted]
            table = sheets.of_findings(room, chosen, words.CHECKS[language], language)
            if len(table.rows):
                _choose(table, sheets.findings(room, chosen))
        sources, extra = chart.layer_sources(room), _places(room, chosen)
        with st.container(key=f"main-{NAME}"):
            chart.show(room, sources, key=NAME, extra=extra)
    export.row(room, NAME, [replace(table, notes=_notes(room, list(layers), looked))], sources, extra)


def _notes(room: Room, layers: Sequence[str], looked: Sequence[Progress]) -> tuple[str, ...]:
    """Return what the exported table must say: schematic shapes, and which layers it tells nothing of."""
    language = current()
    mark = (words.SCHEMATIC[language],) if room.schematic(layers) else ()
    rest = [room.layer(one.key).title[language] for one in looked if one.phase != "done"]
    if not rest:
        return mark
    return (*mark, words.NOT_CHECKED.format(titles=Text("、", ", ")[language].join(rest))[language])


def _choose(table: Table, found: gpd.GeoDataFrame) -> None:
    picked, row = chart.selected(NAME), st.session_state.get(f"{NAME}.row")

    def place(label: Label) -> tuple[str, str]:
        return str(found["layer"].loc[label]), str(found["feature"].loc[label])

    if picked and (row is None or row not in found.index or place(row) != picked):
        same = found.index[(found["layer"] == picked[0]) & (found["feature"] == picked[1])]
        row = int(same[0]) if len(same) else None

    def chosen(label: Label | None) -> None:
        st.session_state[f"{NAME}.row"] = label
        chart.select(NAME, place(label) if label is not None else None)

    choosing(table, f"table-{NAME}", row if picked else None, chosen)


def _places(room: Room, keys: Sequence[str]) -> list[Extra]:
    return [(sources.of_findings(room, key), partial(drawings.of_findings, room, key)) for key in keys]


room = open_room()
notices.trouble(room)
looked = inspection.look(room)
if st.session_state.get(f"{NAME}.waited") != room.snapshot():
    st.session_state[f"{NAME}.waited"] = room.snapshot()
    inspection.wait(room, PATIENCE_S)
    looked = inspection.look(room)
under_way(room, looked)
outcome(room, looked)
body(room)
notices.foot(room)
