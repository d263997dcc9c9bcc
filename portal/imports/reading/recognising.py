"""``recognise``: bytes and a file name in, donations out. It knows neither database nor desk."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from types import MappingProxyType

from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import text_of
from portal.imports.reading.columns import Columns
from portal.imports.reading.days import stated_day
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.files import ReadFile, UnreadableFile, UnrecognisedList, read_file
from portal.imports.reading.keys import Fingerprint, Keys
from portal.imports.reading.layouts import Layouts
from portal.imports.reading.recognised import Recognised, Row
from portal.imports.reading.table_reading import TableReading
from portal.imports.reading.tables import Table, find_table
from portal.imports.reading.totals import Stated, declared, differences


def recognise(
    content: bytes,
    filename: str,
    *,
    today: date,
    dated: date | None = None,
    layouts: Layouts = MappingProxyType({}),
) -> Recognised:
    """Read a published list, a platform's or a bank's export.

    Args:
        content: the file.
        filename: its name; it may give the day.
        today: no gift is later.
        dated: the day of rows whose own cells and order numbers give none.
        layouts: headers that somebody explained before, by key.

    Raises:
        UnreadableFile: it cannot be opened, holds no list of donations, or is a list of goods.
    """
    found = read_file(content, filename)
    tables, notes = tables_of(found, layouts)
    name = PurePath(filename).stem
    lines_of = [TableReading(table, name, today, dated) for table in tables]
    rows: list[Row] = []
    stated: list[Stated] = []
    problems = list(notes)
    not_gifts = 0
    prints: set[str] = set()
    kept: list[TableReading] = []
    for reading in lines_of:
        made, reported = reading.rows()
        print_of = Fingerprint(made).hexadecimal
        if made and print_of in prints:
            problems.append(Problem(Fault.SAME_SHEET, value=reading.table.sheet.name))
            continue
        prints.add(print_of)
        kept.append(reading)
        not_gifts += reading.not_gifts
        rows += made
        stated += reported
        problems += reading.problems
    for position, row in enumerate(rows, start=1):
        row.position = position
    statement = any(table.columns is not None and table.columns.is_statement for table in tables)
    if not rows:
        problems.append(nothing_received(statement=statement))
    stated = _joined(kept, stated)
    total = sum(row.amount_fen or 0 for row in rows)
    problems += differences(stated, total, len(rows))
    days = Days()
    days.add(rows)
    problems += days.problems(kept[0])
    declared_total, declared_count = declared(stated)
    inner_channel = "/".join(sorted({one.inner_channel for one in kept if one.inner_channel}))
    Keys(inner_channel).give(rows)
    first = tables[0]
    return Recognised(
        title=title_of(first),
        encoding=found.encoding,
        rows=rows,
        columns=[words for words in first.columns.labels if words] if first.columns else [],
        day_sources=sorted({source for one in kept for source in one.sources}),
        declared_total_fen=declared_total.total_fen if declared_total else None,
        declared_count=declared_count.count if declared_count else None,
        problems=problems,
        channel=kept[0].channel,
        statement=statement,
        not_gifts=not_gifts,
        inner_channel=inner_channel,
        fingerprint=Fingerprint(rows).hexadecimal,
    )


def tables_of(found: ReadFile, layouts: Layouts) -> tuple[list[Table], list[Problem]]:
    """The lists in a file, and what to say of sheets that are none; raises as ``recognise``."""
    tables: list[Table] = []
    notes: list[Problem] = []
    known: list[Columns] | None = None
    goods = False
    for sheet in found.sheets:
        if not any(any(text_of(cell) for cell in row) for row in sheet.rows):
            continue
        table = find_table(sheet, known, layouts)
        goods = goods or table.goods
        if table.goods or table.columns is None or not table.lines:
            if tables:
                notes.append(Problem(Fault.SHEET_LEFT_OUT, value=sheet.name))
            elif table.columns is not None and not table.goods:
                tables.append(table)
            continue
        if table.guessed:
            notes.append(
                Problem(Fault.NO_HEADER, value="、".join(role.value for role in table.columns.places))
            )
        tables = [one for one in tables if one.lines] + [table]
    if tables:
        return tables, notes
    raise none_found(goods=goods)


def none_found(*, goods: bool) -> UnreadableFile:
    """What to say of a file that holds no list of donations."""
    if goods:
        return UnreadableFile(
            _l("这是物资清单（有品名、数量），不是捐款名单。物资请用“portal import goods”导入。")
        )
    return UnrecognisedList(
        _l(
            "没有认出捐款名单：找不到同时写有捐赠人（或交易单号、日期）和金额的表头。请保留表头一行，例如“捐赠人、金额、日期”，再导入。"
        )
    )


def nothing_received(*, statement: bool) -> Problem:
    """What to say of a list without a gift: of a statement that nothing came in.

    Raises:
        UnrecognisedList: it is no statement.
    """
    if not statement:
        raise UnrecognisedList(_l("找到了表头，但下面没有一行捐赠。请检查是不是选错了文件。"))
    return Problem(Fault.NOTHING_RECEIVED)


def title_of(table: Table) -> str:
    """What a list is called: the first words above its header, or the name of its sheet."""
    return next((words for _number, words in table.preamble if len(words) <= 80), table.sheet.name)[:200]


def _joined(readings: Sequence[TableReading], stated: list[Stated]) -> list[Stated]:
    """Where each of several sheets declares its own total, the list's is their sum."""
    if len(readings) < 2:
        return stated
    each = [declared(one.table.stated)[0] for one in readings]
    if all(each):
        total = sum(one.total_fen or 0 for one in each if one)
        return [*stated, replace(stated[-1], row=0, total_fen=total, count=None)]
    return [replace(one, total_fen=None, count=None) for one in stated]


class Days:
    """The days of a list, counted: where its name says another, and whether nobody states one."""

    def __init__(self) -> None:
        self._counted: Counter[date] = Counter()
        self._rows = 0
        self._missing = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Count the next rows of the list."""
        for row in rows:
            self._rows += 1
            if row.received_on:
                self._counted[row.received_on] += 1
            elif any(one.fault is Fault.NO_DAY for one in row.problems):
                self._missing += 1

    def problems(self, reading: TableReading) -> list[Problem]:
        """What is to be said of them, beside what the list says of itself."""
        stated = stated_day(reading.name)
        named = stated.day if stated else None
        if self._counted and named and named not in self._counted and reading.dated is None:
            usual = self._counted.most_common(1)[0][0]
            facts = {"day": usual.isoformat()}
            return [Problem(Fault.NAME_DAY_DIFFERS, value=named.isoformat(), facts=facts)]
        if self._missing and self._missing == self._rows:
            if reading.named_day:
                return [Problem(Fault.NAME_DAY_ONLY, value=reading.named_day.isoformat())]
            return [Problem(Fault.DAY_UNKNOWN)]
        return []
