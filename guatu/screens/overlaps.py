"""占压清单: what lies on what, pair by pair, with the clause that makes it matter."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from gis.text import Text
from guatu import sheets
from guatu.encroachment import Encroachment
from guatu.maps import drawings, sources
from guatu.packs.page import Extra
from guatu.room import ZONE, Room, open_room
from guatu.screens import address, chart, export, notices, words
from guatu.screens.guard import guarded
from guatu.screens.language import current
from guatu.screens.table import Label, choosing, written
from guatu.tables import Column, Table

NAME = "overlaps"


def _sides(room: Room) -> tuple[str, str]:
    language = current()
    readable = room.readable()
    layers = list(readable)
    areal = [key for key, layer in readable.items() if layer.geometry == "polygon"]
    zones = [f"{ZONE}{key}" for key in room.zones()]
    rights = [*zones, *areal]
    address.recall(f"{NAME}.left", "a", layers)
    address.recall(f"{NAME}.right", "b", rights)
    if f"{NAME}.left" not in st.session_state and "revitalised_parcels" in layers:
        st.session_state[f"{NAME}.left"] = "revitalised_parcels"
    with st.container(key="sides", horizontal=True):
        left = st.selectbox(
            words.LEFT[language],
            layers,
            format_func=lambda key: sheets.title(room, key, language),
            key=f"{NAME}.left",
        )
        right = st.selectbox(
            words.RIGHT[language],
            rights,
            format_func=lambda key: sheets.title(room, key, language),
            key=f"{NAME}.right",
        )
    address.keep("a", [left] if left != "revitalised_parcels" else [])
    address.keep("b", [right] if right != rights[0] else [])
    return left, right


def _sums(left: str, right: str, shared: Encroachment) -> None:
    language = current()
    touched = shared.pairs["left"] if left != right else pd.concat([shared.pairs["left"], shared.pairs["right"]])
    cells = [
        (words.PAIRS.format(n=len(shared.pairs))[language], ""),
        (words.TOUCHED[language], f"{touched.nunique():,}"),
    ]
    if shared.measure != "place":
        cells += [
            (words.UNION[language], sheets.amount(shared, shared.union, language)),
            (words.SUM[language], sheets.amount(shared, shared.total, language)),
        ]
    st.html('<div class="sums">' + "".join(f"<span>{label} <b>{value}</b></span>" for label, value in cells) + "</div>")
    if left == right:
        st.caption(words.SAME_SIDES[language])


def _clause_table(room: Room, key: str) -> Table:
    language = current()
    zone = room.zones()[key.removeprefix(ZONE)]
    shapes = room.zone(zone.key)
    rows = [
        {
            "rule": rule.title[language],
            "distance": rule.distance_m,
            "clause": rule.clause[language],
            "source": rule.source[language],
            "sure": words.SURE[rule.sure][language],
            "approximate": words.APPROXIMATE[language]
            if shapes["approximate"][shapes["rule"] == rule.key].any()
            else "",
        }
        for rule in zone.rules
    ]
    labels = {
        "rule": words.TYPE,
        "distance": words.DISTANCE,
        "clause": Text("条款", "Clause"),
        "source": Text("依据", "Source"),
        "sure": Text("是否核实", "How sure"),
        "approximate": Text("说明", "Note"),
    }
    columns = tuple(
        Column(key=key, label=label[language], decimals=0 if key == "distance" else None)
        for key, label in labels.items()
    )
    return Table(title=words.CLAUSE[language], columns=columns, rows=pd.DataFrame(rows, columns=list(labels)))


def _clauses(room: Room, right: str) -> list[Table]:
    """Draw the zone's clauses and return them for the export; nothing where the right side is a layer."""
    if not right.startswith(ZONE):
        return []
    clauses = _clause_table(room, right)
    about = room.zones()[right.removeprefix(ZONE)].about[current()]
    with st.expander(f"{words.CLAUSE[current()]} · {about}"):
        written(clauses)
    return [clauses]


@st.fragment
@guarded
def body(room: Room) -> None:
    """Draw the two sides' choice, the pairs and the map."""
    left, right = _sides(room)
    shared = room.encroachment(left, right)
    table = sheets.of_pairs(room, left, right, current())
    sources, extra = chart.layer_sources(room), _extra(room, left, right, shared)
    with st.container(key=f"split-{NAME}", horizontal=True, gap="small"):
        with st.container(key=f"side-{NAME}"):
            _sums(left, right, shared)
            if shared.pairs.empty:
                st.info(words.NO_OVERLAP[current()])
            else:
                _choose(table)
        with st.container(key=f"main-{NAME}"):
            chart.show(room, sources, key=NAME, extra=extra)
    export.row(room, NAME, [table, *_clauses(room, right)], sources, extra)


def _choose(table: Table) -> None:
    picked = chart.selected(NAME)
    own = int(picked[1]) if picked and picked[0] == "overlap" else None

    def chosen(label: Label | None) -> None:
        chart.select(NAME, ("overlap", str(label)) if label is not None else None)

    choosing(table, f"table-{NAME}-{table.title}", own, chosen)


def _extra(room: Room, left: str, right: str, shared: Encroachment) -> list[Extra]:
    extra: list[Extra] = []
    if right.startswith(ZONE):
        zone = room.zones()[right.removeprefix(ZONE)]
        extra.append((sources.of_zone(room, zone.key), partial(drawings.of_zone, room, zone.key)))
    if len(shared.pairs):
        extra.append((sources.of_overlap(room, left, right), partial(drawings.of_overlap, room, left, right)))
    return extra


room = open_room()
notices.trouble(room)
body(room)
notices.foot(room)
