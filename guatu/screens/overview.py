"""总览: the whole subdistrict on one map, under its headline figures."""

import streamlit as st

from guatu.room import open_room
from guatu.screens import chart, export, figures, notices

room = open_room()
measured = room.figures()

notices.trouble(room)
figures.row(measured)


@st.fragment
def body() -> None:
    """Draw the map; a click on it reruns only this."""
    chart.show(room, chart.layer_sources(room), key="overview")


body()
figures.basis(measured)
export.row(room, list(room.layers()), "overview")
notices.foot(room)
