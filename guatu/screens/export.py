"""Quick exports of a screen: its tables as XLSX, its map as one offline HTML file, the layers as GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from gis.text import Language
from guatu import sheets, tables
from guatu.maps.source import Source
from guatu.maps.web import Filters
from guatu.packs.geojson import geojson
from guatu.packs.page import Extra, page
from guatu.packs.workbook import workbook
from guatu.room import Room
from guatu.screens import words
from guatu.screens.language import current
from guatu.tables import Table

Sheet = Table | str
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(
    room: Room,
    name: str,
    content: Sequence[Sheet],
    sources: Sequence[Source],
    extra: Sequence[Extra] = (),
    filters: Filters | None = None,
) -> None:
    """Offer the downloads; each file is made only when it is asked for.

    `content` are the workbook's tables, or the key of a layer for the table of all of it; the figures come first.
    `sources`, `extra` and `filters` are what the map shows.
    """
    language = current()
    with st.container(key="export", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words.EXPORT[language]}**")
        st.download_button(
            words.AS_XLSX[language],
            partial(_workbook, room, content, language),
            file_name=f"guatu-{name}.xlsx",
            mime=XLSX,
            on_click="ignore",
            key=f"xlsx-{name}",
        )
        st.download_button(
            words.AS_PAGE[language],
            partial(page, room, language, sources, extra, filters),
            file_name=f"guatu-{name}.html",
            mime="text/html",
            on_click="ignore",
            key=f"page-{name}",
        )
        with st.popover(words.AS_GEOJSON[language]):
            for key, layer in room.readable().items():
                st.download_button(
                    layer.title[language],
                    partial(_layer, room, key),
                    file_name=f"{key}.geojson",
                    mime="application/geo+json",
                    on_click="ignore",
                    key=f"geojson-{name}-{key}",
                    width="stretch",
                )


def _layer(room: Room, key: str) -> bytes:
    return geojson(room.layer(key), room.frame(key), room.stamp(key))


def _workbook(room: Room, content: Sequence[Sheet], language: Language) -> bytes:
    figures = tables.of_figures(words.FIGURES[language], room.figures(), language, room.schematic())
    made = [sheets.of_layer(room, one, language) if isinstance(one, str) else one for one in content]
    return workbook([figures, *made], room.snapshot(), language)
