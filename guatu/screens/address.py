"""Choices kept in the address by stable keys, so that a link opens the same view in either language."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_BETWEEN = ","


def recall(widget: str, parameter: str, options: Sequence[str], *, several: bool = False) -> None:
    """Before a widget is drawn for the first time, give it what the address names and it offers."""
    if widget in st.session_state:
        return
    asked = [one for one in st.query_params.get(parameter, "").split(_BETWEEN) if one in options]
    if asked:
        st.session_state[widget] = asked if several else asked[0]


def keep(parameter: str, chosen: Sequence[str]) -> None:
    """Write a choice to the address, or take it out where nothing is chosen; all else there stays."""
    written = _BETWEEN.join(chosen)
    if written == st.query_params.get(parameter, ""):
        return
    if written:
        st.query_params[parameter] = written
    else:
        del st.query_params[parameter]
