import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu import paging
from guatu.paging import PAGE_ROWS, Order
from guatu.tables import Column, Table

NAMES = st.lists(st.one_of(st.none(), st.text("aAb黄河1-", max_size=5)), max_size=30)
NUMBERS = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=30)


def table(names: list[object], areas: list[object] | None = None, labels: list[object] | None = None) -> Table:
    areas = list(range(len(names))) if areas is None else areas
    rows = pd.DataFrame({"id": pd.Series(names, dtype=object), "mu": pd.Series(areas, dtype=object)})
    columns = (Column(key="id", label="编号"), Column(key="mu", label="面积", decimals=2, summed=True))
    return Table(title="-", columns=columns, rows=rows if labels is None else rows.set_axis(labels), named=("id",))


def parcels(count: int) -> Table:
    ids = [f"HH-{number:04d}" for number in range(count)]
    return table(ids, labels=ids)


@given(names=NAMES, words=st.text("aAb黄河1- ", max_size=4))
def test_the_rows_found_are_those_that_hold_each_word_in_whatever_case(names, words):
    wanted = words.casefold().split()
    expected = [row for row, name in enumerate(names) if all(word in (name or "").casefold() for word in wanted)]
    assert list(paging.arranged(table(names), words, None)) == expected


@given(areas=NUMBERS, descending=st.booleans())
def test_numbers_are_sorted_as_numbers_the_missing_last_and_equals_stay_in_order(areas, descending):
    found = paging.arranged(table(["-"] * len(areas), areas), "", Order("mu", descending))
    there = [row for row, area in enumerate(areas) if area is not None]
    expected = sorted(there, key=lambda row: -areas[row] if descending else areas[row])
    assert list(found) == expected + [row for row, area in enumerate(areas) if area is None]


@given(names=NAMES)
def test_texts_are_sorted_without_regard_to_case(names):
    found = paging.arranged(table(names), "", Order("id"))
    there = [row for row, name in enumerate(names) if name is not None]
    assert list(found[: len(there)]) == sorted(there, key=lambda row: names[row].casefold())


def test_a_search_looks_at_every_page_and_keeps_the_order_asked_for():
    found = paging.arranged(parcels(1000), "hh-09", Order("mu", descending=True))
    assert list(found) == list(range(999, 899, -1))


def test_a_word_does_not_reach_from_one_column_into_the_next():
    rows = pd.DataFrame({"id": ["HH-1"], "name": ["2号"]})
    two = Table(title="-", columns=(), rows=rows, named=("id", "name"))
    assert list(paging.arranged(two, "12", None)) == []
    assert list(paging.arranged(two, "2号 hh", None)) == [0]


@pytest.mark.parametrize("special", [".", "(", "[", "\\", "*"])
def test_a_search_takes_its_words_literally(special):
    assert list(paging.arranged(table(["plain", f"a{special}b"]), special, None)) == [1]


@pytest.mark.parametrize(
    ("rows", "pages"),
    [(0, 1), (1, 1), (PAGE_ROWS, 1), (PAGE_ROWS + 1, 2), (100_000, 100_000 // PAGE_ROWS)],
)
def test_the_pages_hold_every_row_once(rows, pages):
    assert paging.pages(rows) == pages
    every = np.concatenate([paging.cut(np.arange(rows), page) for page in range(1, pages + 1)])
    assert list(every) == list(range(rows))


def test_a_row_is_found_on_its_page_in_whatever_order():
    long = parcels(1000)
    assert paging.page_of(long, paging.arranged(long, "", None), "HH-0200") == 2
    assert paging.page_of(long, paging.arranged(long, "", Order("id", descending=True)), "HH-0200") == 4
    assert paging.page_of(long, paging.arranged(long, "hh-09", None), "HH-0200") is None
    assert paging.page_of(long, paging.arranged(long, "", None), "HH-1000") is None


def test_a_row_number_that_comes_back_as_text_is_found():
    assert paging.position(table(["a", "b", "c"]), "2") == 2
    assert paging.position(table(["a", "b", "c"]), "x") is None


def test_a_column_asked_for_again_turns_round():
    once = Order("").turned("mu")
    assert (once, once.turned("mu"), once.turned("mu").turned("mu")) == (Order("mu"), Order("mu", True), Order("mu"))
    assert once.turned("mu").turned("id") == Order("id")
