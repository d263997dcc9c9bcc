"""One table on its way from lines to rows: what holds for all of them, and which of them are gifts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from portal.imports.reading.cells import Cell, text_of
from portal.imports.reading.columns import Role
from portal.imports.reading.days import EARLIEST, StatedDay, place_in_references, stated_day, stated_year
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.recognised import DaySource, Row
from portal.imports.reading.rows import Context, RowMaker, channel_in
from portal.imports.reading.statements import Credit, credit_of
from portal.imports.reading.tables import Line, Table
from portal.imports.reading.totals import Stated
from portal.ledger.models import Channel

RECENT_DAYS = 366
"""A date that only the file's name gives is believed within the last year; an older one must be confirmed."""

MOST_BESIDE = 3
NEAR_TOTAL = 0.1


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
        self._maker: RowMaker | None = None
        self._held: list[Row] = []
        self._count = 0
        self._total_fen = 0
        titles = [words for _number, words in table.preamble if len(words) <= 80]
        self.titles = [*reversed(titles), table.sheet.name]
        inner = next((one for words in self.titles if (one := channel_in(words))), None)
        self.inner_channel = inner.value if inner else ""
        self.channel = inner or channel_in(name) or self._channel_of_columns()

    def rows(self) -> tuple[list[Row], list[Stated]]:
        """All rows at once, and what the table states of itself."""
        rows = self.read(self.table.lines)
        rest, stated = self.end()
        return [*rows, *rest], stated

    def read(self, lines: Sequence[Line]) -> list[Row]:
        """The rows of the next lines; the last is held back, for it may turn out to be their sum."""
        credited = list(self._credited(lines))
        if self._maker is None:
            self._maker = RowMaker(self.context([line for line, _cell, _label, _problem in credited]))
        made = self._held
        for line, cell, label, problem in credited:
            row = self._maker.row(line, cell, label)
            if problem is not None:
                row.problems.append(problem)
            made.append(row)
        self._held = made[-1:]
        made = made[:-1]
        self._count += len(made)
        self._total_fen += sum(row.amount_fen or 0 for row in made)
        return made

    def end(self) -> tuple[list[Row], list[Stated]]:
        """The row that was held back, unless it is the sum of the others; and what the table states of itself."""
        stated = self._without_repeated_sums(self._count + len(self._held))
        rows, last = self._without_total(self._held)
        self._held = []
        self.sources = self._maker.sources if self._maker else set()
        return rows, [*stated, *last]

    def _channel_of_columns(self) -> Channel:
        return Channel.BANK if self.columns.is_statement else Channel.OTHER

    def _credited(self, lines: Sequence[Line]) -> list[tuple[Line, Cell, str, Problem | None]]:
        found: list[tuple[Line, Cell, str, Problem | None]] = []
        for line in lines:
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

    def _without_repeated_sums(self, count: int) -> list[Stated]:
        """Sums beside rows count only when there are few; a column full of numbers is something else."""
        beside = [one for one in self.table.stated if one.beside]
        if len(beside) > MOST_BESIDE:
            return [one for one in self.table.stated if not one.beside]
        return [self._maybe_count(one, count) for one in self.table.stated]

    @staticmethod
    def _maybe_count(stated: Stated, count: int) -> Stated:
        if stated.beside and stated.total_fen == count * 100:
            return replace(stated, total_fen=None, count=count)
        return stated

    def _without_total(self, rows: list[Row]) -> tuple[list[Row], list[Stated]]:
        """Leave the last row out that has no label but is the sum of the others."""
        if not rows or self._count < 2 or rows[-1].donor_name or rows[-1].external_ref:
            return rows, []
        if rows[-1].amount_fen is None:
            return rows, []
        if Role.DONOR not in self.columns.places and Role.REFERENCE not in self.columns.places:
            return rows, []
        last, others = rows[-1], self._total_fen
        if abs((last.amount_fen or 0) - others) > NEAR_TOTAL * others:
            return rows, []
        label = self.columns.label(Role.AMOUNT)
        return [], [Stated(last.row_no, label, str(last.amount_fen), total_fen=last.amount_fen)]
