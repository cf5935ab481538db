"""The one place where what stops a screen becomes words: an error its sentence, a bug a plain box."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from gis.errors import GuatuError
from guatu.screens import words
from guatu.screens.language import current

P = ParamSpec("P")
_log = logging.getLogger(__name__)


def guarded(draw: Callable[P, None]) -> Callable[P, None]:
    """Say what stops `draw` instead of showing it; a fragment needs its own, for it also runs alone."""

    @wraps(draw)
    def safely(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except GuatuError as error:
            st.error(f"**{words.BROKEN[current()]}** — {error.says[current()]}")
        except Exception as error:  # noqa: BLE001  a traceback must never reach the screen
            _log.exception("a screen failed")
            st.error(f"**{words.BROKEN[current()]}** — {words.BUG[current()]}\n\n`{type(error).__name__}: {error}`")

    return safely
