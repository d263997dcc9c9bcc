"""From a line of cells to a donation: who, how much, which day, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.imports.reading.cells import PLACEHOLDERS, Cell, fen_of, folded, text_of
from portal.imports.reading.columns import Role
from portal.imports.reading.days import EARLIEST, Moment, moment_of, reference_day
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.recognised import DaySource, Row
from portal.imports.reading.tables import Line
from portal.ledger.models import Channel
from portal.money import AmountError

LONGEST_NAME, LONGEST_REFERENCE, LONGEST_REMARK = 200, 120, 2000

AMOUNT_FAULTS = {
    "empty": Fault.NO_AMOUNT,
    "negative": Fault.NOT_POSITIVE,
    "zero": Fault.NOT_POSITIVE,
    "too_large": Fault.TOO_LARGE,
    "too_fine": Fault.TOO_FINE,
    "malformed": Fault.BAD_AMOUNT,
}
_ANONYMOUS = frozenset({"匿名", "匿名人士", "匿名捐赠", "无名氏", "无名", "佚名", "未留名", "不详"})
_INSIDE_NAME = re.compile(r"^([^（(]{1,120})[（(](.*)[)）]?\s*$", re.DOTALL)
_IS_REMARK = re.compile(r"捐款|捐赠|人数|明细|\d+\s*元|共计|用于|代|备注|账|转")
_CHANNELS: tuple[tuple[str, Channel], ...] = (
    (r"支付宝|alipay|蚂蚁", Channel.ALIPAY),
    (r"微信|财付通|wechat|零钱", Channel.WECHAT),
    (r"云闪付|银联|unionpay", Channel.UNIONPAY),
    (r"pos|刷卡|二维码", Channel.POS),
    (r"现金|cash", Channel.CASH),
    (r"银行|账户|转账|汇款|对公|电汇|信用社|农商行", Channel.BANK),
)


def channel_in(words: str) -> Channel | None:
    """The way of payment that a title, a name or a cell speaks of."""
    plain = folded(words)
    return next((channel for pattern, channel in _CHANNELS if re.search(pattern, plain)), None)


@dataclass(frozen=True)
class Context:
    """What holds for all rows of a table."""

    sheet: str
    fallback: date | None
    fallback_source: DaySource
    year: int | None
    reference_place: int | None
    channel: Channel
    today: date
    merged: Mapping[tuple[int, int], int]
    above: Callable[[int, int], Cell]
    carry_days: bool


class RowMaker:
    """Makes rows of one table, one after another."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.sources: set[DaySource] = set()
        self._last: Moment | None = None

    def row(self, line: Line, amount: Cell, amount_label: str) -> Row:
        """One donation."""
        columns = line.columns
        problems: list[Problem] = []
        name, inside = split_name(self._donor(line))
        reference = _plain(self._cell(line, Role.REFERENCE))
        fen = self._amount(line, amount, amount_label, problems)
        day, clock = self._day(line, reference, problems)
        remark = self._remark(line, inside)
        if len(name) > LONGEST_NAME:
            problems.append(Problem(Fault.LONG_NAME, line.row_no, columns.label(Role.DONOR), name[:60]))
        if len(reference) > LONGEST_REFERENCE:
            problems.append(
                Problem(Fault.LONG_REFERENCE, line.row_no, columns.label(Role.REFERENCE), reference[:60])
            )
        place = columns.place(Role.CHANNEL)
        channel = (
            channel_in(_plain(line.cells[place])) if place is not None and place < len(line.cells) else None
        )
        return Row(
            position=0,
            sheet=self.context.sheet,
            row_no=line.row_no,
            donor_name=name[:LONGEST_NAME],
            amount_fen=fen,
            received_on=day,
            clock=clock,
            channel=channel or self.context.channel,
            external_ref=reference[:LONGEST_REFERENCE],
            remark=remark,
            problems=problems,
        )

    def _donor(self, line: Line) -> str:
        """The words of the donor's column, or of the first that is filled in where there are several."""
        words = text_of(self._cell(line, Role.DONOR))
        others = (text_of(line.cells[place]) for place in line.columns.donors if place < len(line.cells))
        return words or next((one for one in others if one), "")

    def _cell(self, line: Line, role: Role) -> Cell:
        """The cell of a role; one in a vertically merged range speaks with the value on top of it."""
        place = line.columns.place(role)
        if place is None or place >= len(line.cells):
            return None
        cell = line.cells[place]
        if (cell is None or cell == "") and self.context.merged:
            top = self.context.merged.get((line.row_no - 1, place))
            if top is not None:
                return self.context.above(top, place)
        return cell

    def _amount(self, line: Line, cell: Cell, label: str, problems: list[Problem]) -> int | None:
        try:
            return fen_of(cell, line.columns.unit)
        except AmountError as problem:
            problems.append(Problem(AMOUNT_FAULTS[problem.reason], line.row_no, label, text_of(cell)[:60]))
            return None

    def _day(self, line: Line, reference: str, problems: list[Problem]) -> tuple[date | None, str]:
        context = self.context
        clock_cell = self._cell(line, Role.CLOCK)
        stated = self._stated(line, problems)
        clock = stated.clock
        if clock_cell not in (None, ""):
            moment = moment_of(clock_cell)
            clock = moment.clock if moment else text_of(clock_cell)[:20]
        if problems and problems[-1].fault is Fault.BAD_DAY:
            return None, clock
        day, source = self._resolve(line, stated, reference)
        self.sources.add(source)
        if day is None:
            problems.append(Problem(Fault.NO_DAY, line.row_no, line.columns.label(Role.DAY), ""))
        elif day > context.today:
            problems.append(
                Problem(Fault.FUTURE_DAY, line.row_no, line.columns.label(Role.DAY), day.isoformat())
            )
        elif day < EARLIEST:
            problems.append(
                Problem(Fault.EARLY_DAY, line.row_no, line.columns.label(Role.DAY), day.isoformat())
            )
        return day, clock

    def _stated(self, line: Line, problems: list[Problem]) -> Moment:
        """What the row's own date cell says, or the one above where dates are written once a group."""
        if Role.DAY not in line.columns.places:
            return Moment()
        cell = self._cell(line, Role.DAY)
        words = text_of(cell)
        if words in PLACEHOLDERS:
            return self._last if self.context.carry_days and self._last else Moment()
        moment = moment_of(cell)
        if moment is None:
            problems.append(Problem(Fault.BAD_DAY, line.row_no, line.columns.label(Role.DAY), words[:60]))
            return Moment()
        if moment.day or moment.month_day:
            self._last = Moment(moment.day, moment.month_day)
        return moment

    def _resolve(self, line: Line, stated: Moment, reference: str) -> tuple[date | None, DaySource]:
        context = self.context
        if stated.day is not None:
            return stated.day, DaySource.COLUMN
        if stated.month_day is not None and context.year is not None:
            return _with_year(context.year, stated.month_day), DaySource.COLUMN
        if context.reference_place is not None and reference:
            found = reference_day(reference, context.reference_place)
            if found is not None and EARLIEST < found <= context.today:
                return found, DaySource.REFERENCE
        if line.section is not None:
            section = line.section.with_year(context.year)
            if section is not None:
                return section, DaySource.SECTION
        return context.fallback, context.fallback_source if context.fallback else DaySource.NONE

    def _remark(self, line: Line, inside: str) -> str:
        words = [inside] if inside else []
        for place in line.columns.remarks:
            word = _plain(line.cells[place]) if place < len(line.cells) else ""
            if word and word not in words:
                words.append(word)
        return "；".join(words)[:LONGEST_REMARK]


def _with_year(year: int, month_day: tuple[int, int]) -> date | None:
    try:
        return date(year, *month_day)
    except ValueError:
        return None


def _plain(cell: Cell) -> str:
    words = text_of(cell)
    return "" if words in PLACEHOLDERS or not words.strip("-—_ ") else words


@lru_cache(maxsize=8192)
def split_name(words: str) -> tuple[str, str]:
    """A name and the remark somebody wrote into the same cell: 某公司（本次捐款总人数150人，…）."""
    if words in PLACEHOLDERS or folded(words) in _ANONYMOUS or not words.strip("-—_ "):
        return "", ""
    found = _INSIDE_NAME.match(words)
    if found and (len(found[2]) > 40 or (len(found[2]) > 8 and _IS_REMARK.search(found[2]))):
        return found[1].strip(), found[2].strip().rstrip("）)")
    return words, ""
