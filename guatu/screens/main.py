"""The frame around every screen: look, title, navigation, language, and the one place where errors become words."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gis.text import Text
from guatu.screens import words
from guatu.screens.guard import guarded
from guatu.screens.language import current, other, switch

HERE = Path(__file__).parent
SCREENS: tuple[tuple[str, Text], ...] = (
    ("overview", words.OVERVIEW),
    ("land", words.LAND),
    ("rivers", words.RIVERS),
    ("overlaps", words.OVERLAPS),
    ("checks", words.CHECKS),
)


def main() -> None:
    """Draw the frame and run the chosen screen."""
    language = current()
    st.set_page_config(
        page_title=f"{words.PRODUCT[language]} · {words.OFFICE[language]}",
        page_icon=str(HERE / "images" / "favicon.svg"),
        layout="wide",
    )
    st.html(HERE / "look.css")
    pages = [
        st.Page(HERE / f"{name}.py", title=title[language], url_path=name, default=name == "overview")
        for name, title in SCREENS
    ]
    chosen = st.navigation(pages, position="hidden")
    _head(pages)
    guarded(chosen.run)()


def _head(pages: list[st.Page]) -> None:
    language = current()
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<div class="brand"><b>{words.PRODUCT["zh"]}</b><span>{words.OFFICE[language]}</span></div>',
            width="content",
        )
        with st.container(key="nav", horizontal=True, gap="small", width="content"):
            for page in pages:
                st.page_link(page, query_params={"lang": language})
        st.button(words.OTHER_LANGUAGE[language], key="language", on_click=switch, args=(other(),), type="tertiary")


main()
