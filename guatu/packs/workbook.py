"""Tables as an XLSX workbook: numbers as numbers, totals from unrounded values, the 尾差 said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gis.text import Language, Text
from guatu.tables import Column, Table

_TOTAL = Text("合计", "Total")
_RESIDUE = Text("尾差(合计 − 各行四舍五入之和)", "Residue (total − sum of the rounded rows)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_EPOCH = datetime(2017, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def workbook(tables: Iterable[Table], snapshot: str, language: Language) -> bytes:
    """Return an XLSX file with one sheet a table, bearing the data version in each footer.

    Cells hold unrounded numbers under a number format; totals are formulas with their values cached.
    Text is written as text, so that a cell that begins with "=" stays what it is.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": "挂图 Guatu", "comments": snapshot, "created": _EPOCH})
        for number, table in enumerate(tables, start=1):
            _write(book, table, _sheet_name(table.title, number), snapshot, language)
    return buffer.getvalue()


def _sheet_name(title: str, number: int) -> str:
    return f"{number} {_FORBIDDEN.sub(' ', title)}"[:_LONGEST_TITLE].strip("' ")


def _write(book: Workbook, table: Table, name: str, snapshot: str, language: Language) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 14})
    small = book.add_format({"font_color": "#9C1C1C"})
    version = Text("数据版本", "Data version")[language]
    sheet.write_string(0, 0, table.title, bold)
    sheet.write_string(1, 0, " · ".join((*table.notes, f"{version} {snapshot}")), small)
    head = 3
    heading = book.add_format({"bold": True, "bg_color": "#E3EEF0", "bottom": 1, "text_wrap": True, "valign": "top"})
    for at, column in enumerate(table.columns):
        sheet.write_string(head, at, column.label, heading)
        sheet.set_column(at, at, _width(table, column))
        _write_column(book, sheet, table, column, head, at)
    _write_totals(book, sheet, table, head, language)
    sheet.freeze_panes(head + 1, 2 if len(table.columns) > 4 else 0)
    if len(table.rows):
        sheet.autofilter(head, 0, head + len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer(f"&L{' '.join(table.notes)}&C&P / &N&R{snapshot}".replace("&amp;", "&&"))


def _write_column(book: Workbook, sheet: Worksheet, table: Table, column: Column, head: int, at: int) -> None:
    form = book.add_format({"num_format": _format(column)}) if column.decimals is not None else None
    for row, value in enumerate(table.rows[column.key], start=head + 1):
        if pd.isna(value):
            sheet.write_blank(row, at, None)
        elif isinstance(value, str):
            sheet.write_string(row, at, value)
        else:
            sheet.write_number(row, at, float(value), form)


def _write_totals(book: Workbook, sheet: Worksheet, table: Table, head: int, language: Language) -> None:
    summed = [(at, column) for at, column in enumerate(table.columns) if column.summed]
    if not summed or table.rows.empty:
        return
    first, last = head + 1, head + len(table.rows)
    bold = book.add_format({"bold": True, "top": 1})
    sheet.write_string(last + 1, 0, _TOTAL[language], bold)
    sheet.write_string(last + 2, 0, _RESIDUE[language])
    for at, column in summed:
        form = book.add_format({"bold": True, "top": 1, "num_format": _format(column)})
        cells, places = xl_range_abs(first, at, last, at), column.decimals or 0
        sheet.write_formula(last + 1, at, f"=SUM({cells})", form, table.total(column))
        rest = f"=ROUND(SUM({cells}),{places})-SUMPRODUCT(ROUND({cells},{places}))"
        plain = book.add_format({"num_format": _format(column)})
        sheet.write_formula(last + 2, at, rest, plain, table.residue(column))


def _format(column: Column) -> str:
    return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")


def _width(table: Table, column: Column) -> float:
    def columns_of(words: str) -> int:
        return sum(2 if ord(letter) > 0x2E7F else 1 for letter in words)

    if column.decimals is not None:
        return max(12, min(18, columns_of(column.label)))
    longest = max((columns_of(str(value)) for value in table.rows[column.key].dropna()), default=0)
    return min(60, max(8, columns_of(column.label), longest) + 2)
