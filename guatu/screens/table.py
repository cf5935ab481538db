"""A table on screen: rounded numbers, and the feature that a click on a row selects."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from gis import units
from guatu.tables import Column, Table, shown

Label = str | int

ROW_HEIGHT, THUMB_HEIGHT = 35, 46
MOST_ROWS = 14


def written(table: Table) -> None:
    """Draw a short table as text: every word to be read, nothing to be selected."""
    head = "".join(f"<th>{escape(column.label)}</th>" for column in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(column, row[column.key]))}</td>" for column in table.columns) + "</tr>"
        for row in table.rows.to_dict("records")
    )
    notes = escape(" · ".join(table.notes))
    st.html(f'<table class="written"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{notes}</p>')


def choosing(table: Table, key: str, selected: Label | None, on_choice: Callable[[Label | None], None]) -> None:
    """Draw a table in which a click on a row selects it; `on_choice` gets its index label, or None.

    The widget's identity includes the selection made elsewhere, so that a click on the map shows in the table.
    """
    labels = list(table.rows.index)
    rows = [labels.index(selected)] if selected in labels else []
    name = f"{key}:{selected}"

    def chosen() -> None:
        picked = st.session_state[name]["selection"]
        # The row selected before stays in "rows"; a click anywhere in another row comes as its cell.
        at = [row for row, _ in picked["cells"]] or picked["rows"]
        on_choice(labels[at[0]] if at else None)

    st.dataframe(
        _rounded(table),
        column_config=_config(table),
        hide_index=True,
        width="stretch",
        height=_height(len(labels)),
        row_height=_row_height(),
        key=name,
        on_select=chosen,
        selection_mode=("single-row", "single-cell"),
        selection_default={"selection": {"rows": rows}},
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
