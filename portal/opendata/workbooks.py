"""Tables as XLSX, written row by row: texts stay texts, amounts and days are numbers that can be summed and sorted."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from portal.opendata.columns import Column, Table
from portal.opendata.delimited import Document

ROWS_OF_A_SHEET = 1_048_575
"""Rows below the header that a sheet can hold; what is more goes on in the next sheet."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = {"date": 12, "datetime": 22, "integer": 12, "number": 14, "boolean": 8}


def write_workbook(path: Path, table: Table, documents: Iterable[Document], made: datetime) -> None:
    """Write a table; ``made`` is the time that the file itself gives, so that the same rows give the same bytes."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"created": made.replace(tzinfo=None, microsecond=0), "title": str(table.title)})
        sheets = _Sheets(book, table)
        for document in documents:
            sheets.add(document)


class _Sheets:
    """The sheets of one table; a new one is begun where one is full."""

    def __init__(self, book: Any, table: Table) -> None:
        self._book, self._table = book, table
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._count = 0
        self._row = 0
        self._sheet = self._begin()

    def add(self, document: Document) -> None:
        """Write one row."""
        if self._row == ROWS_OF_A_SHEET:
            self._sheet = self._begin()
        self._row += 1
        for place, column in enumerate(self._table.columns):
            value = column.of(document)
            if value is not None:
                self._write(place, column, value)

    def _begin(self) -> Any:
        self._count, self._row = self._count + 1, 0
        name = self._table.name if self._count == 1 else f"{self._table.name}{self._count}"
        sheet = self._book.add_worksheet(name)
        for place, column in enumerate(self._table.columns):
            sheet.set_column(place, place, _WIDTHS.get(column.kind, 18))
        for place, name in enumerate(self._table.header):
            sheet.write_string(0, place, name, self._bold)
        sheet.freeze_panes(1, 1)
        return sheet

    def _write(self, place: int, column: Column, value: Any) -> None:
        if column.kind == "integer":
            self._sheet.write_number(self._row, place, value)
        elif column.kind == "number":
            # A spreadsheet knows only floats; the exact figure stands in fen beside it.
            self._sheet.write_number(self._row, place, float(value), self._money)
        elif column.kind == "date":
            self._sheet.write_datetime(self._row, place, date.fromisoformat(value), self._day)
        else:
            self._sheet.write_string(self._row, place, str(value))
