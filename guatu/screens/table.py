"""A table on screen: rounded numbers, and the feature that a click on a row selects; a long one page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from gis import units
from guatu import paging
from guatu.paging import PAGE_ROWS, Order, Positions
from guatu.screens import words
from guatu.screens.language import current
from guatu.tables import Column, Table, shown

Label = str | int
Chosen = Callable[[Label | None], None]
Mode = Literal["single-row", "single-cell", "single-column"]

ROW_HEIGHT, THUMB_HEIGHT = 35, 46
MOST_ROWS = 14
NUMBERS_SHOWN = 5


def written(table: Table) -> None:
    """Draw a short table as text: every word to be read, nothing to be selected."""
    head = "".join(f"<th>{escape(column.label)}</th>" for column in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(column, row[column.key]))}</td>" for column in table.columns) + "</tr>"
        for row in table.rows.to_dict("records")
    )
    notes = escape(" · ".join(table.notes))
    st.html(f'<table class="written"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{notes}</p>')


def choosing(table: Table, key: str, selected: Label | None, on_choice: Chosen) -> None:
    """Draw a table in which a click on a row selects it; `on_choice` gets its index label, or None.

    A table of more than a page is looked up, sorted and cut here, since the browser would see but one page of it:
    a search box over all rows, a click on a column's head, numbered pages; the page follows the selection.
    """
    if len(table.rows) <= PAGE_ROWS:
        _grid(table, key, selected, on_choice)
    else:
        _paged(table, key, selected, on_choice)


def _paged(table: Table, key: str, selected: Label | None, on_choice: Chosen) -> None:
    language = current()
    asked = words.FIND.format(n=len(table.rows))[language]
    looked_up = st.text_input(asked, key=f"{key}.words", placeholder=asked, label_visibility="collapsed") or ""
    order: Order | None = st.session_state.get(f"{key}.order")
    found = paging.arranged(table, looked_up, order)
    if not len(found):
        st.info(words.NOT_FOUND.format(words=looked_up)[language])
        return
    page, widget = _turned_to(table, key, selected, looked_up, order, found)
    first = (page - 1) * PAGE_ROWS + 1
    here = paging.cut(found, page)

    def sort(column: str) -> None:
        st.session_state[f"{key}.order"] = (order or Order("")).turned(column)

    marked = replace(table.only(here, table.notes), columns=_marked(table.columns, order))
    _grid(marked, f"{key}:{page}:{order}:{looked_up}", selected, on_choice, sort)
    with st.container(key=f"pages-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(words.ROWS.format(first=first, last=first + len(here) - 1, n=len(found))[language])
        if len(found) > PAGE_ROWS:
            st.pagination(paging.pages(len(found)), default=page, key=widget, max_visible_pages=NUMBERS_SHOWN)


def _turned_to(
    table: Table, key: str, selected: Label | None, looked_up: str, order: Order | None, found: Positions
) -> tuple[int, str]:
    """Return the page that is open, and the key of its widget, a new one where the page turns without it.

    It is the page that was turned to; after a change that of the selection, else the first.
    """
    state, view = st.session_state, (selected, looked_up, order)
    before, opened, turns = state.get(f"{key}.view", (None, 1, 0))
    page = min(state.get(f"{key}.page{turns}", opened), paging.pages(len(found)))
    if before != view:
        same_rows = before is not None and before[1:] == view[1:]
        wanted = paging.page_of(table, found, selected) or (page if same_rows else 1)
        turns += wanted != page
        opened = page = wanted
        state[f"{key}.view"] = (view, opened, turns)
    return int(page), f"{key}.page{turns}"


def _marked(columns: Sequence[Column], order: Order | None) -> tuple[Column, ...]:
    mark = " ▼" if order and order.descending else " ▲"
    return tuple(
        replace(column, label=column.label + mark) if order and column.key == order.column else column
        for column in columns
    )


def _grid(
    table: Table, key: str, selected: Label | None, on_choice: Chosen, on_sort: Callable[[str], None] | None = None
) -> None:
    """Draw the rows; with `on_sort`, a click on a column's head asks it instead of sorting what is here.

    The widget's identity includes the selection made elsewhere, so that a click on the map shows in the table.
    """
    labels = list(table.rows.index)
    at = paging.position(table, selected) if selected is not None else None
    name = f"{key}:{selected}"
    modes: tuple[Mode, ...] = ("single-row", "single-cell", "single-column")

    def chosen() -> None:
        picked = st.session_state[name]["selection"]
        if on_sort and picked["columns"]:
            on_sort(picked["columns"][0])
            return
        # The row selected before stays in "rows"; a click anywhere in another row comes as its cell.
        rows = [row for row, _ in picked["cells"]] or picked["rows"]
        on_choice(labels[rows[0]] if rows else None)

    st.dataframe(
        _rounded(table),
        column_config=_config(table),
        hide_index=True,
        width="stretch",
        height=_height(len(labels)),
        row_height=_row_height(),
        key=name,
        on_select=chosen,
        selection_mode=modes if on_sort else modes[:2],
        selection_default={"selection": {"rows": [] if at is None else [at]}},
    )


def _rounded(table: Table) -> pd.DataFrame:
    rounded = table.rows[[column.key for column in table.columns]].copy()
    for column in table.columns:
        if column.decimals is not None:
            places = column.decimals
            numbers = pd.to_numeric(rounded[column.key], errors="coerce").astype(float)
            rounded[column.key] = [units.half_up(value, places) if value == value else None for value in numbers]
    return rounded


def _config(table: Table) -> dict[str, ColumnConfig]:
    return {column.key: _column(column) for column in table.columns}


def _column(column: Column) -> ColumnConfig:
    if column.decimals is None:
        return st.column_config.Column(column.label)
    return st.column_config.NumberColumn(column.label, format=f"%.{column.decimals}f")


def _row_height() -> int:
    """Return a row's height in pixels; on a phone a thumb must hit it."""
    return THUMB_HEIGHT if "Mobile" in st.context.headers.get("User-Agent", "") else ROW_HEIGHT


def _height(rows: int) -> int:
    return _row_height() * min(max(rows, 1), MOST_ROWS) + ROW_HEIGHT + 6
