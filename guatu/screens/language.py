"""The language of the screens: Chinese first, English by a switch, kept in the address."""

from __future__ import annotations

import streamlit as st

from gis.text import Language


def current() -> Language:
    """Return the language that the address names, else Chinese."""
    return "en" if st.query_params.get("lang") == "en" else "zh"


def other() -> Language:
    """Return the language that the switch leads to."""
    return "zh" if current() == "en" else "en"


def switch(language: Language) -> None:
    """Change the address's language and nothing else in it."""
    st.query_params["lang"] = language
