"""The door: `streamlit run app.py` opens the screens and, on the same port, the map's own routes."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from streamlit import config

from gis.errors import GuatuError
from guatu import sheets
from guatu.maps.routes import routes
from guatu.room import open_room
from guatu.screens import MAIN


def _warm() -> None:
    with suppress(GuatuError):  # the screens say it
        room = open_room()
        room.warm()
        sheets.warm(room)


@asynccontextmanager
async def _opening(_: st.App) -> AsyncIterator[None]:
    """Compute what the first screens show while the browser still loads; the start doesn't wait for it."""
    threading.Thread(target=_warm, daemon=True).start()
    yield


app = st.App(MAIN, routes=routes(open_room, config.get_option("server.baseUrlPath")), lifespan=_opening)
