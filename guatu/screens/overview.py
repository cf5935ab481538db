"""总览: the whole subdistrict on one map, under its headline figures."""

import streamlit as st

from guatu.room import open_room
from guatu.screens import chart, export, figures, notices
from guatu.screens.guard import guarded

room = open_room()
measured = room.figures()
sources = chart.layer_sources(room)

notices.trouble(room)
figures.row(measured)


@st.fragment
@guarded
def body() -> None:
    """Draw the map; a click on it reruns only this."""
    chart.show(room, sources, key="overview")


body()
figures.basis(measured)
export.row(room, "overview", [source.key for source in sources], sources)
notices.foot(room)
