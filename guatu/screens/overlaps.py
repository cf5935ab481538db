"""占压清单: what lies on what, pair by pair, with the clause that makes it matter."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gis import units
from gis.text import Text
from gis.units import UNITS
from guatu import tables
from guatu.encroachment import Encroachment
from guatu.maps.source import Source
from guatu.room import ZONE, Room, open_room
from guatu.screens import chart, export, notices, words
from guatu.screens.language import current
from guatu.screens.table import Label, choosing, written
from guatu.tables import Column, Table

NAME = "overlaps"


def _title(room: Room, key: str) -> str:
    language = current()
    return (room.zones()[key.removeprefix(ZONE)].title if key.startswith(ZONE) else room.layer(key).title)[language]


def _names(room: Room, key: str) -> dict[object, str]:
    """Return what each feature of a side is called: id and name, or the zone's rule and the structure it protects."""
    language = current()
    if not key.startswith(ZONE):
        layer, frame = room.layer(key), room.frame(key)
        return {label: f"{label} {name}" for label, name in frame[layer.name].items()}
    rules = {rule.key: rule for rule in room.zones()[key.removeprefix(ZONE)].rules}
    bases = {
        rule.layer: room.frame(rule.layer)[room.layer(rule.layer).name]
        for rule in rules.values()
        if room.has(rule.layer)
    }
    return {
        label: f"{bases[row.base].get(row.feature, row.feature)} · {rules[row.rule].title[language]}"
        for label, row in room.zone(key.removeprefix(ZONE)).iterrows()
    }


def _sides(room: Room) -> tuple[str, str]:
    language = current()
    layers = [key for key, layer in room.layers().items() if room.has(key)]
    areal = [key for key in layers if room.layer(key).geometry == "polygon"]
    zones = [f"{ZONE}{key}" for key in room.zones()]
    with st.container(key="sides", horizontal=True):
        left = st.selectbox(
            words.LEFT[language],
            layers,
            format_func=lambda key: _title(room, key),
            key=f"{NAME}.left",
            bind="query-params",
            index=layers.index("revitalised_parcels") if "revitalised_parcels" in layers else 0,
        )
        right = st.selectbox(
            words.RIGHT[language],
            [*zones, *areal],
            format_func=lambda key: _title(room, key),
            key=f"{NAME}.right",
            bind="query-params",
        )
    return left, right


def _sums(left: str, right: str, shared: Encroachment) -> None:
    language = current()
    cells = [
        (words.PAIRS.format(n=len(shared.pairs))[language], ""),
        (words.TOUCHED[language], str(shared.pairs["left"].nunique())),
    ]
    if shared.measure == "area_m2":
        cells += [(words.SUM[language], _mu(shared.total)), (words.UNION[language], _mu(shared.union_m2))]
    if shared.measure == "length_m":
        cells.append((words.SUM[language], f"{UNITS['m'].show(shared.total)} {UNITS['m'].label[language]}"))
    st.html('<div class="sums">' + "".join(f"<span>{label} <b>{value}</b></span>" for label, value in cells) + "</div>")
    if left == right:
        st.caption(words.SAME_SIDES[language])


def _mu(area_m2: float) -> str:
    return f"{UNITS['mu'].show(units.mu(area_m2))} {UNITS['mu'].label[current()]}"


def _clauses(room: Room, right: str) -> None:
    language = current()
    if not right.startswith(ZONE):
        return
    zone = room.zones()[right.removeprefix(ZONE)]
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
        "clause": words.CLAUSE,
        "source": Text("来源", "Source"),
        "sure": Text("是否核实", "How sure"),
        "approximate": Text("说明", "Note"),
    }
    columns = tuple(
        Column(key=key, label=label[language], decimals=0 if key == "distance" else None)
        for key, label in labels.items()
    )
    with st.expander(f"{words.CLAUSE[language]} · {zone.about[language]}"):
        written(Table(title="", columns=columns, rows=pd.DataFrame(rows, columns=list(labels))))


def _table(room: Room, left: str, right: str, shared: Encroachment) -> Table:
    language = current()
    names = (_names(room, left), _names(room, right))
    headings = (_title(room, left), _title(room, right))
    notes = tables.basis_notes(room.side(left), language) if not left.startswith(ZONE) else ()
    return tables.of_pairs(" × ".join(headings), shared, names, headings, language, notes)


@st.fragment
def body(room: Room) -> None:
    """Draw the two sides' choice, the pairs and the map."""
    language = current()
    left, right = _sides(room)
    shared = room.encroachment(left, right)
    with st.container(key=f"split-{NAME}", horizontal=True, gap="small"):
        with st.container(key=f"side-{NAME}"):
            _sums(left, right, shared)
            if shared.pairs.empty:
                st.info(words.NO_OVERLAP[language])
            else:
                _choose(_table(room, left, right, shared))
            _clauses(room, right)
        with st.container(key=f"main-{NAME}"):
            chart.show(room, chart.layer_sources(room), key=NAME, extra=_extra(room, left, right, shared))
    export.row(
        room,
        [key for key in (left, right) if not key.startswith(ZONE)],
        NAME,
        lambda: [_table(room, left, right, shared)],
    )


def _choose(table: Table) -> None:
    picked = chart.selected(NAME)
    own = int(picked[1]) if picked and picked[0] == "overlap" else None

    def chosen(label: Label | None) -> None:
        chart.select(NAME, ("overlap", str(label)) if label is not None else None)

    choosing(table, f"table-{NAME}-{table.title}", own, chosen)


def _extra(room: Room, left: str, right: str, shared: Encroachment) -> list[Source]:
    extra = []
    if right.startswith(ZONE):
        zone = room.zones()[right.removeprefix(ZONE)]
        extra.append(Source.of_zone(zone.key, zone.title, room.version(right)))
    if shared.measure == "area_m2" and len(shared.pairs):
        extra.append(Source.of_overlap(left, right, f"{room.version(left)}{room.version(right)}"))
    return extra


room = open_room()
notices.trouble(room)
body(room)
notices.foot(room)
