"""A bank's or platform's statement as it stands: every line that moves money, in and out."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import fen_of, text_of
from portal.imports.reading.columns import Role
from portal.imports.reading.files import UnreadableFile, read_file
from portal.imports.reading.layouts import Layouts
from portal.imports.reading.recognising import tables_of
from portal.imports.reading.rows import RowMaker
from portal.imports.reading.statements import movement_of
from portal.imports.reading.table_reading import TableReading
from portal.imports.reading.tables import Table
from portal.money import AmountError


@dataclass(frozen=True)
class Movement:
    """One line; ``amount_fen`` is negative for what went out."""

    row_no: int
    day: date
    amount_fen: int
    counterparty: str
    reference: str
    remark: str


@dataclass(frozen=True)
class Unread:
    """A line that moves money but cannot be read: its row, and the words of its amount."""

    row_no: int
    words: str


def read_movements(
    content: bytes, file_name: str, *, today: date, layouts: Layouts = MappingProxyType({})
) -> tuple[list[Movement], list[Unread]]:
    """Read a statement.

    Raises:
        UnreadableFile: it cannot be opened, is no statement, or moves nothing.
    """
    found: list[Movement] = []
    unread: list[Unread] = []
    seen: set[tuple[tuple[date, int, str], ...]] = set()
    for table in tables_of(read_file(content, file_name), layouts)[0]:
        moved, not_read = _read_table(table, file_name, today)
        print_of = tuple((one.day, one.amount_fen, one.reference) for one in moved)
        if print_of in seen:
            continue  # a sheet that says the same as another, such as a copy with fewer columns
        seen.add(print_of)
        found += moved
        unread += not_read
    if not found and not unread:
        raise UnreadableFile(_l("这份流水里没有一笔能认出日期和金额的收支。"))
    return found, unread


def _read_table(table: Table, file_name: str, today: date) -> tuple[list[Movement], list[Unread]]:
    found: list[Movement] = []
    unread: list[Unread] = []
    reading = TableReading(table, file_name, today, None)
    maker = RowMaker(reading.context(table.lines))
    for line in table.lines:
        moved = movement_of(line.cells, line.columns)
        if moved is None:
            continue
        cell, sign = moved
        row = maker.row(line, cell, line.columns.label(Role.AMOUNT))
        try:
            amount = fen_of(cell, line.columns.unit)
        except AmountError as problem:
            if problem.reason != "negative":
                unread.append(Unread(line.row_no, text_of(cell)[:40]))
                continue
            amount, sign = fen_of(text_of(cell).lstrip("-−－ "), line.columns.unit), -sign
        if row.received_on is None:
            unread.append(Unread(line.row_no, text_of(cell)[:40]))
            continue
        found.append(
            Movement(
                line.row_no, row.received_on, sign * amount, row.donor_name, row.external_ref, row.remark
            )
        )
    return found, unread
