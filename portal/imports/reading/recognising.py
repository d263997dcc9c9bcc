"""``recognise``: bytes and a file name in, donations out. It knows neither database nor desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from types import MappingProxyType

from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import Cell, text_of
from portal.imports.reading.columns import Columns, Role
from portal.imports.reading.days import EARLIEST, StatedDay, place_in_references, stated_day, stated_year
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.files import ReadFile, UnreadableFile, UnrecognisedList, read_file
from portal.imports.reading.keys import fingerprint, give_keys
from portal.imports.reading.layouts import Layouts
from portal.imports.reading.recognised import DaySource, Recognised, Row
from portal.imports.reading.rows import Context, RowMaker, channel_in
from portal.imports.reading.statements import Credit, credit_of
from portal.imports.reading.tables import Line, Table, find_table
from portal.imports.reading.totals import Stated, declared, differences
from portal.ledger.models import Channel

RECENT_DAYS = 366
"""A date that only the file's name gives is believed within the last year; an older one must be confirmed."""

MOST_BESIDE = 3
NEAR_TOTAL = 0.1


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
        print_of = fingerprint(made)
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
        if not statement:
            raise UnrecognisedList(_l("找到了表头，但下面没有一行捐赠。请检查是不是选错了文件。"))
        problems.append(Problem(Fault.NOTHING_RECEIVED))
    stated = _joined(kept, stated)
    total = sum(row.amount_fen or 0 for row in rows)
    problems += differences(stated, total, len(rows))
    problems += _about_days(rows, kept, name)
    declared_total, declared_count = declared(stated)
    inner_channel = "/".join(sorted({one.inner_channel for one in kept if one.inner_channel}))
    give_keys(rows, inner_channel)
    first = tables[0]
    return Recognised(
        title=_title(first),
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
        fingerprint=fingerprint(rows),
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
    if goods:
        raise UnreadableFile(
            _l("这是物资清单（有品名、数量），不是捐款名单。物资请用“portal import goods”导入。")
        )
    raise UnrecognisedList(
        _l(
            "没有认出捐款名单：找不到同时写有捐赠人（或交易单号、日期）和金额的表头。请保留表头一行，例如“捐赠人、金额、日期”，再导入。"
        )
    )


def _title(table: Table) -> str:
    return next((words for _number, words in table.preamble if len(words) <= 80), table.sheet.name)[:200]


class TableReading:
    """One table on its way from lines to rows."""

    def __init__(self, table: Table, name: str, today: date, dated: date | None) -> None:
        assert table.columns is not None  # noqa: S101 - tables_of sees to it
        self.table = table
        self.name = name
        self.today = today
        self.dated = dated
        self.columns = table.columns
        self.problems: list[Problem] = []
        self.sources: set[DaySource] = set()
        self.not_gifts = 0
        titles = [words for _number, words in table.preamble if len(words) <= 80]
        self.titles = [*reversed(titles), table.sheet.name]
        inner = next((one for words in self.titles if (one := channel_in(words))), None)
        self.inner_channel = inner.value if inner else ""
        self.channel = inner or channel_in(name) or self._channel_of_columns()

    def rows(self) -> tuple[list[Row], list[Stated]]:
        """The rows, and what the table states of itself."""
        credited = list(self._credited())
        maker = RowMaker(self.context([line for line, _cell, _label, _problem in credited]))
        rows: list[Row] = []
        for line, cell, label, problem in credited:
            row = maker.row(line, cell, label)
            if problem is not None:
                row.problems.append(problem)
            rows.append(row)
        stated = self._without_repeated_sums(rows)
        rows, last = self._without_total(rows)
        self.sources = maker.sources
        return rows, [*stated, *last]

    def _channel_of_columns(self) -> Channel:
        return Channel.BANK if self.columns.is_statement else Channel.OTHER

    def _credited(self) -> "list[tuple[Line, Cell, str, Problem | None]]":
        found: list[tuple[Line, Cell, str, Problem | None]] = []
        for line in self.table.lines:
            columns = line.columns
            if not columns.is_statement:
                place = columns.places[Role.AMOUNT]
                cell = line.cells[place] if place < len(line.cells) else None
                found.append((line, cell, columns.labels[place], None))
                continue
            credit = credit_of(line.cells, columns)
            if credit.kind is Credit.NONE:
                self.not_gifts += 1
                continue
            label = columns.labels[credit.place]
            fault = {Credit.DOUBTFUL: Fault.NOT_A_GIFT, Credit.PARTLY_REFUNDED: Fault.PARTLY_REFUNDED}.get(
                credit.kind
            )
            problem = Problem(fault, line.row_no, label, credit.words[:60]) if fault else None
            found.append((line, credit.amount, label, problem))
        return found

    def context(self, lines: Sequence[Line]) -> Context:
        """What holds for all rows of the table."""
        day, source = self._fallback()
        references = [self._reference(line) for line in lines]
        rows = self.table.sheet.rows
        return Context(
            sheet=self.table.sheet.name,
            fallback=day,
            fallback_source=source,
            year=self._year(),
            reference_place=place_in_references([one for one in references if one], self.today),
            channel=self.channel,
            today=self.today,
            merged=self.table.sheet.merged,
            above=lambda row, place: rows[row][place],
            carry_days=self._days_are_sparse(lines),
        )

    def _reference(self, line: Line) -> str:
        place = line.columns.place(Role.REFERENCE)
        return text_of(line.cells[place]) if place is not None and place < len(line.cells) else ""

    def _days_are_sparse(self, lines: Sequence[Line]) -> bool:
        """Whether dates are written only at the head of each group."""
        place = self.columns.place(Role.DAY)
        if place is None or len(lines) < 2:
            return False
        filled = [place < len(line.cells) and bool(text_of(line.cells[place])) for line in lines]
        return filled[0] and sum(filled) <= len(filled) / 2

    def _fallback(self) -> tuple[date | None, DaySource]:
        if self.dated is not None:
            return self.dated, DaySource.STATED
        titled = self._titled()
        day = titled.with_year(self._year()) if titled else None
        if day is not None:
            return day, DaySource.TITLE
        named = self.named_day
        if named is not None and self.today.toordinal() - named.toordinal() <= RECENT_DAYS:
            return named, DaySource.FILE_NAME
        return None, DaySource.NONE

    @property
    def named_day(self) -> date | None:
        """The whole day the file's name gives."""
        named = stated_day(self.name, bare=True)
        return named.with_year(self._year()) if named else None

    def _titled(self) -> StatedDay | None:
        found = [day for words in self.titles if (day := stated_day(words))]
        return next((one for one in found if one.day), found[0] if found else None)

    def _year(self) -> int | None:
        """The year of days that are written without one."""
        if self.dated is not None:
            return self.dated.year
        for words in (*self.titles, self.name):
            stated = stated_day(words)
            if stated and stated.day:
                return stated.day.year
            year = stated_year(words)
            if year and EARLIEST.year < year <= self.today.year:
                return year
        return None

    def _without_repeated_sums(self, rows: Sequence[Row]) -> list[Stated]:
        """Sums beside rows count only when there are few; a column full of numbers is something else."""
        beside = [one for one in self.table.stated if one.beside]
        if len(beside) > MOST_BESIDE:
            return [one for one in self.table.stated if not one.beside]
        return [self._maybe_count(one, len(rows)) for one in self.table.stated]

    @staticmethod
    def _maybe_count(stated: Stated, count: int) -> Stated:
        if stated.beside and stated.total_fen == count * 100:
            return replace(stated, total_fen=None, count=count)
        return stated

    def _without_total(self, rows: list[Row]) -> tuple[list[Row], list[Stated]]:
        """Take a last row off that has no label but is the sum of the others."""
        if len(rows) < 3 or rows[-1].donor_name or rows[-1].external_ref or rows[-1].amount_fen is None:
            return rows, []
        if Role.DONOR not in self.columns.places and Role.REFERENCE not in self.columns.places:
            return rows, []
        last, others = rows[-1], sum(row.amount_fen or 0 for row in rows[:-1])
        if abs((last.amount_fen or 0) - others) > NEAR_TOTAL * others:
            return rows, []
        label = self.columns.label(Role.AMOUNT)
        return rows[:-1], [Stated(last.row_no, label, str(last.amount_fen), total_fen=last.amount_fen)]


def _joined(readings: Sequence[TableReading], stated: list[Stated]) -> list[Stated]:
    """Where each of several sheets declares its own total, the list's is their sum."""
    if len(readings) < 2:
        return stated
    each = [declared(one.table.stated)[0] for one in readings]
    if all(each):
        total = sum(one.total_fen or 0 for one in each if one)
        return [*stated, replace(stated[-1], row=0, total_fen=total, count=None)]
    return [replace(one, total_fen=None, count=None) for one in stated]


def _about_days(rows: Sequence[Row], readings: Sequence[TableReading], name: str) -> list[Problem]:
    """Say where the file's name and the list disagree on the day, and when nobody states one."""
    days = Counter(row.received_on for row in rows if row.received_on)
    stated = stated_day(name)
    named = stated.day if stated else None
    if days and named and named not in days and readings[0].dated is None:
        usual = days.most_common(1)[0][0]
        return [Problem(Fault.NAME_DAY_DIFFERS, value=named.isoformat(), facts={"day": usual.isoformat()})]
    missing = [row for row in rows if any(one.fault is Fault.NO_DAY for one in row.problems)]
    if missing and len(missing) == len(rows):
        named = readings[0].named_day
        if named:
            return [Problem(Fault.NAME_DAY_ONLY, value=named.isoformat())]
        return [Problem(Fault.DAY_UNKNOWN)]
    return []
