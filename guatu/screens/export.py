"""Quick exports of a screen: its table as XLSX, its layers as GeoJSON, its map as one offline HTML file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from guatu import tables
from guatu.packs.geojson import geojson
from guatu.packs.page import page
from guatu.packs.workbook import workbook
from guatu.room import Room
from guatu.screens import words
from guatu.screens.language import current
from guatu.tables import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(room: Room, keys: Sequence[str], name: str, sheets: Callable[[], list[Table]] | None = None) -> None:
    """Offer the downloads; each file is made only when it is asked for.

    `keys` are the layers on the screen; `sheets` makes its tables, by default one for each layer.
    """
    language = current()
    there = [key for key in keys if room.has(key)]
    made = sheets or (lambda: [tables.of_layer(room.layer(key), room.frame(key), language) for key in there])
    with st.container(key="export", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words.EXPORT[language]}**")
        st.download_button(
            words.AS_XLSX[language],
            lambda: workbook(made(), room.snapshot(), language),
            file_name=f"guatu-{name}.xlsx",
            mime=XLSX,
            on_click="ignore",
            key=f"xlsx-{name}",
        )
        st.download_button(
            words.AS_PAGE[language],
            lambda: page(room, language),
            file_name=f"guatu-{name}.html",
            mime="text/html",
            on_click="ignore",
            key=f"page-{name}",
        )
        for key in there[:4]:
            layer = room.layer(key)
            st.download_button(
                words.AS_GEOJSON.format(title=layer.title)[language],
                partial(geojson, layer, room.frame(key), room.stamp(key)),
                file_name=f"{key}.geojson",
                mime="application/geo+json",
                on_click="ignore",
                key=f"geojson-{name}-{key}",
            )
