"""The quiet row above the map: each headline figure, its reported value and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from gis.figure import VERDICTS, Measured
from gis.text import Language
from gis.units import UNITS
from guatu import tables
from guatu.screens import words
from guatu.screens.language import current
from guatu.screens.table import written

_MARKS = {"match": "✓", "rounding": "≈", "mismatch": "✗", "unreported": "·"}


def row(figures: Iterable[Measured]) -> None:
    """Draw the figures in one row."""
    language = current()
    cells = [_cell(one, language) for one in figures if one.figure.headline is not None]
    if cells:
        st.html(f'<div class="figures" role="list">{"".join(cells)}</div>')
    else:
        st.info(words.NO_FIGURES[language])


def _cell(one: Measured, language: Language) -> str:
    figure = one.figure
    unit = UNITS[figure.unit].label[language]
    reported = figure.reported
    said = words.REPORTED.format(value=reported.says)[language] if reported else ""
    return (
        f'<div class="figure {one.verdict}" role="listitem" title="{escape(figure.rule[language])}">'
        f'<div class="label">{escape(figure.label[language])}</div>'
        f'<div class="value">{escape(figure.show(one.value))}<small>{escape(unit)}</small></div>'
        f'<div class="verdict"><b>{_MARKS[one.verdict]} {escape(VERDICTS[one.verdict][language])}</b> '
        f"<span>{escape(said)}</span></div></div>"
    )


def basis(figures: tuple[Measured, ...]) -> None:
    """Draw what stands behind the figures: rule, features, reported value, data version."""
    language = current()
    with st.expander(words.BASIS[language]):
        written(tables.of_figures(words.BASIS[language], figures, language))
