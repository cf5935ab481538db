"""The door: `streamlit run app.py` opens the screens and, on the same port, the map's own routes."""

import streamlit as st
from streamlit import config

from guatu.maps.routes import routes
from guatu.room import open_room
from guatu.screens import MAIN

app = st.App(MAIN, routes=routes(open_room, config.get_option("server.baseUrlPath")))
