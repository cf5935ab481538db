"""How far the checks are: which layer, which step, for how long; a bar; a button that stops them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from gis.text import Text
from guatu import inspection
from guatu.inspection import Progress
from guatu.room import Room
from guatu.screens import words
from guatu.screens.guard import guarded
from guatu.screens.language import current

EVERY_S = 1.0


def under_way(room: Room, looked: Sequence[Progress]) -> None:
    """Draw the checks that are under way, anew each second; when one ends, the whole screen."""
    if any(one.active for one in looked):
        st.fragment(_under_way, run_every=EVERY_S)(room, _ended(looked))


def _ended(looked: Sequence[Progress]) -> tuple[str, ...]:
    return tuple(f"{one.key} {one.phase}" for one in looked if not one.active)


@guarded
def _under_way(room: Room, before: tuple[str, ...]) -> None:
    looked = inspection.look(room)
    if _ended(looked) != before:
        st.rerun()
    language = current()
    features = {one.key: max(1, len(room.frame(one.key))) for one in looked}
    share = sum(features[one.key] * one.share for one in looked) / sum(features.values())
    ended = sum(not one.active for one in looked)
    running = [_line(room, one) for one in looked if one.phase == "running"]
    says = words.CHECKING.format(n=ended, all=len(looked))[language]
    with st.container(key="checking", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<div class="sums"><span>{escape(says)}</span>{"".join(running)}</div>', width="content")
        st.progress(min(1.0, share))
        st.button(words.STOP_CHECKS[language], on_click=inspection.stop, args=(room,), key="checks.stop")


def _line(room: Room, one: Progress) -> str:
    language = current()
    step = one.step[language] if one.step else "…"
    spent = words.SECONDS.format(n=int(one.seconds))[language]
    return f"<span>{escape(room.layer(one.key).title[language])} · {escape(step)} <b>{escape(spent)}</b></span>"


def outcome(room: Room, looked: Sequence[Progress]) -> None:
    """Say which checks failed and why, and which were stopped, with a button that goes on."""
    language = current()
    for one in looked:
        if one.trouble:
            st.warning(words.CHECK_FAILED.format(title=room.layer(one.key).title, why=one.trouble)[language])
    stopped = [room.layer(one.key).title[language] for one in looked if one.phase == "stopped"]
    if stopped:
        titles = Text("、", ", ")[language].join(stopped)
        with st.container(key="stopped", horizontal=True, vertical_alignment="center", gap="small"):
            st.info(words.STOPPED.format(titles=titles)[language])
            st.button(words.RESUME_CHECKS[language], on_click=inspection.resume, args=(room,), key="checks.resume")
