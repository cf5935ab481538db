"""The map on a screen: a Folium map that stays, a state that changes, and the click that comes back."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit_folium import st_folium

from gis.text import Text
from guatu.maps import basemaps, sources, web
from guatu.maps.source import Source
from guatu.packs.page import Extra
from guatu.room import Room
from guatu.screens.language import current

HEIGHT = 620
Selection = tuple[str, str]


def layer_sources(room: Room, hidden: Container[Text] = ()) -> list[Source]:
    """Return every layer whose data can be read; those of the groups in `hidden` start switched off."""
    found = [sources.of_layer(room, key) for key in room.readable()]
    return [replace(source, shown=source.shown and source.group not in hidden) for source in found]


def selected(key: str) -> Selection | None:
    """Return the layer and feature selected on a screen, by the map or by its table."""
    return st.session_state.get(f"{key}.selected")


def select(key: str, selection: Selection | None) -> None:
    """Select a feature on a screen, or nothing."""
    st.session_state[f"{key}.selected"] = selection


def show(
    room: Room,
    layers: Sequence[Source],
    *,
    key: str,
    filters: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    extra: Sequence[Extra] = (),
) -> None:
    """Draw the map; a click on a feature selects it under `key` before the fragment runs again."""
    language = current()
    refused = basemaps.refusals(room.settings.basemaps)
    fitting = [one for one in room.settings.basemaps if one.title not in refused]
    base = web.build(layers, language, plane=room.settings.plane, basemaps=fitting)
    beside = [source for source, _ in extra]
    state = web.state(selected=selected(key), filters=filters or {}, extra=beside)
    widget = f"map-{key}-{language}"

    def clicked() -> None:
        answer = st.session_state.get(widget) or {}
        feature = answer.get("feature")
        select(key, (answer["layer"], str(feature)) if feature is not None else None)

    with st.container(key=f"map-{key}"):
        st_folium(
            base,
            key=widget,
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=state,
            on_change=clicked,
        )
