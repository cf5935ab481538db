"""A long table as a reader walks through it: looked up by words, sorted by a column, cut into pages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guatu.once import once
from guatu.tables import Table

PAGE_ROWS = 200
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Order:
    """The column that a table is sorted by, and which way."""

    column: str
    descending: bool = False

    def turned(self, column: str) -> Order:
        """Return the order after a column is asked for: the other way round where it is this one already."""
        return Order(column, descending=column == self.column and not self.descending)


@once(maxsize=16)
def arranged(table: Table, words: str, order: Order | None) -> Positions:
    """Return the positions of the rows that are looked up, in the order asked for, else in the table's own.

    Parameters
    ----------
    table
        The table; one value, one set of rows: the answer is kept for it.
    words
        Each must stand in one of the columns that the table is looked up by, in whatever case.
    order
        Rows without a value come last, equal ones in the order of the table.
    """
    found = _found(table, words.casefold().split())
    if order is None:
        return found
    values = _sortable(table, order.column).iloc[found].reset_index(drop=True)
    ranked = values.sort_values(ascending=not order.descending, kind="stable", na_position="last")
    placed: Positions = found[ranked.index.to_numpy()]
    return placed


def _found(table: Table, words: list[str]) -> Positions:
    if not words:
        return np.arange(len(table.rows))
    there = np.ones(len(table.rows), dtype=bool)
    told = _told(table)
    for word in words:
        there &= told.str.contains(word, regex=False).to_numpy(dtype=bool)
    return np.flatnonzero(there)


@once(maxsize=4)
def _told(table: Table) -> pd.Series:
    """Return what each row is looked up by, as one text; a line end keeps its columns apart."""
    whole = pd.Series("", index=table.rows.index, dtype="str")
    for key in table.named:
        whole = whole.str.cat(table.rows[key].astype("str").fillna(""), sep="\n")
    return whole.str.casefold()


def _sortable(table: Table, key: str) -> pd.Series:
    values = table.rows[key]
    column = next(one for one in table.columns if one.key == key)
    if column.decimals is not None:
        return pd.to_numeric(values, errors="coerce")
    return values if pd.api.types.is_numeric_dtype(values) else values.astype("str").str.casefold()


def pages(count: int) -> int:
    """Return how many pages so many rows take; no rows take one."""
    return max(1, -(-count // PAGE_ROWS))


def cut(positions: Positions, page: int) -> Positions:
    """Return the positions on a page, counted from 1."""
    return positions[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]


def page_of(table: Table, positions: Positions, label: object) -> int | None:
    """Return the page on which the row of an index label stands, or None where it is not among them."""
    row = position(table, label)
    at = np.flatnonzero(positions == row)
    return int(at[0]) // PAGE_ROWS + 1 if row is not None and len(at) else None


def position(table: Table, label: object) -> int | None:
    """Return the row of an index label, also of a number given as text, or None where there is none."""
    index = table.rows.index
    number = pd.api.types.is_integer_dtype(index) and str(label).isdecimal()
    at = index.get_indexer(pd.Index([int(str(label)) if number else label]))
    return int(at[0]) if at[0] >= 0 else None
