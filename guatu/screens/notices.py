"""What every screen says besides its content: layers that couldn't be loaded, the data's basis and version."""

from __future__ import annotations

from html import escape

import streamlit as st

from gis.text import Text
from guatu.maps.basemaps import refusals
from guatu.room import Room
from guatu.screens import words
from guatu.screens.language import current


def trouble(room: Room) -> None:
    """Say which layers and basemaps can't be shown and why; nothing where all can."""
    language = current()
    for refused in refusals(room.settings.basemaps).values():
        st.warning(refused.says[language])
    broken = {key: error for key in room.layers() if (error := room.trouble(key))}
    if not broken:
        return
    titles = Text("、", ", ")[language].join(room.layer(key).title[language] for key in broken)
    with st.expander(words.UNREADABLE.format(n=len(broken), titles=titles)[language]):
        for key, error in broken.items():
            st.markdown(f"- **{room.layer(key).title[language]}**: {error.says[language]}")


def foot(room: Room) -> None:
    """Say that shapes are schematic, and which version of the data is shown."""
    language = current()
    version = words.VERSION.format(snapshot=room.snapshot())[language]
    st.html(
        f'<footer class="foot"><b>{escape(words.SCHEMATIC[language])}</b> '
        f"{escape(words.SCHEMATIC_LONG[language])} <code>{escape(version)}</code></footer>"
    )
