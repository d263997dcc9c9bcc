"""Every figure of money in the portal comes from here: pages, API, files, bills' checks and PDFs alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.ledger import transfers
from portal.ledger.models import (
    Channel,
    DailyTotal,
    Direction,
    Entry,
    Form,
    FundBalance,
    Head,
    YearTotal,
)
from portal.ledger.period_models import DistrictTotal, Length, PeriodTotal
from portal.ledger.spans import Span, spans
from portal.ledger.transfers import Moved

Dimension = Literal[
    "organisation_id", "fund_id", "station_id", "street_id", "project_id", "campaign_id", "channel", "form"
]


Kept = type[DailyTotal] | type[PeriodTotal] | type[DistrictTotal]
NEVER_MOVED = ("station_id", "street_id", "project_id", "campaign_id")
"""Things that no transfer has: the kept sums know every entry of theirs."""
THINGS = ("organisation_id", "fund_id", *NEVER_MOVED)
ColumnFilter = tuple[str, list[int]]


@dataclass(frozen=True)
class Filters:
    """Which entries to sum. Days are inclusive and speak of the day it happened."""

    organisation_id: int | None = None
    fund_id: int | None = None
    station_id: int | None = None
    street_id: int | None = None
    project_id: int | None = None
    campaign_id: int | None = None
    direction: Direction | None = None
    form: Form | None = None
    channel: Channel | None = None
    first_day: date | None = None
    last_day: date | None = None

    def conditions(self, kept: Kept = DailyTotal) -> list[ColumnElement[bool]]:
        """The same as conditions on kept sums, the days left out."""
        equal = {name: getattr(self, name) for name in (*THINGS, "direction", "form", "channel")}
        return [getattr(kept, name) == value for name, value in equal.items() if value is not None]

    @property
    def things(self) -> list[str]:
        """Which things of the registry are asked for, of ``THINGS``; the sums of the whole district answer for none."""
        return [name for name in THINGS if getattr(self, name) is not None]

    def moves(self) -> list[ColumnElement[bool]] | None:
        """The days as conditions on transfers; None when what is asked for has none, such as a station."""
        others = (self.direction, self.channel)
        if set(self.things) & set(NEVER_MOVED) or any(one is not None for one in others):
            return None
        if self.form not in (None, Form.MONEY):
            return None
        conditions: list[ColumnElement[bool]] = []
        if self.first_day is not None:
            conditions.append(Entry.occurred_on >= self.first_day)
        if self.last_day is not None:
            conditions.append(Entry.occurred_on <= self.last_day)
        return conditions


@dataclass
class Totals:
    """Sums in fen; a reversal has taken back what its entry added, in amount and in number.

    What only passed through an organisation's hands (``agency``) stands apart and is in none of the other figures. What
    came from and went to other funds (``moved``) was received and spent only once, elsewhere: it counts to the balance.
    """

    received_fen: int = 0
    disbursed_fen: int = 0
    donations: int = 0
    disbursements: int = 0
    agency_received_fen: int = 0
    agency_disbursed_fen: int = 0
    by_form: dict[str, int] = field(default_factory=dict)
    moved: Moved = field(default_factory=Moved)

    @property
    def balance_fen(self) -> int:
        """What came in less what went out, transfers included."""
        return self.received_fen - self.disbursed_fen + self.moved.in_fen - self.moved.out_fen

    def add(self, direction: Direction, form: Form, entries: int, amount_fen: int, *, agency: bool) -> None:
        """Count one group in."""
        if agency:
            if direction is Direction.IN:
                self.agency_received_fen += amount_fen
            else:
                self.agency_disbursed_fen += amount_fen
        elif direction is Direction.IN:
            self.received_fen += amount_fen
            self.donations += entries
            self.by_form[form.value] = self.by_form.get(form.value, 0) + amount_fen
        else:
            self.disbursed_fen += amount_fen
            self.disbursements += entries


_GROUP = ("direction", "form", "agency")
_LENGTH: dict[Kept, InstrumentedAttribute[Length]] = {
    PeriodTotal: PeriodTotal.length,
    DistrictTotal: DistrictTotal.length,
}


def _sums(
    session: Session,
    filters: Filters,
    *group: str,
    longest: Length = Length.YEAR,
    only: ColumnFilter | None = None,
) -> Iterator[Sequence[Any]]:
    """Rows of the words of ``group``, then number and amount: as many as there are stretches of time for each group."""
    whole = not filters.things and only is None and not set(THINGS) & set(group)
    for span in spans(filters.first_day, filters.last_day, longest):
        kept: Kept = DistrictTotal if whole else DailyTotal if span.length is Length.DAY else PeriodTotal
        columns = [getattr(kept, name) for name in group]
        query = select(*columns, func.sum(kept.entries), func.sum(kept.amount_fen)).group_by(*columns)
        query = query.where(*filters.conditions(kept), *_within(span, kept))
        if only is not None:
            query = query.where(getattr(kept, only[0]).in_(only[1]))
        yield from session.execute(query)


def _within(span: Span, kept: Kept) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kept in _LENGTH:
        conditions.append(_LENGTH[kept] == span.length)
    if span.first is not None:
        conditions.append(kept.day >= span.first)
    if span.last is not None:
        conditions.append(kept.day <= span.last)
    return conditions


def totals(session: Session, filters: Filters) -> Totals:
    """The sums of what the filters let through."""
    result = Totals()
    for direction, form, agency, entries, amount in _sums(session, filters, *_GROUP):
        result.add(direction, form, int(entries), int(amount), agency=agency)
    days = filters.moves()
    if days is not None and (filters.fund_id is not None or filters.organisation_id is not None):
        result.moved = transfers.moved(
            session, *days, fund_id=filters.fund_id, organisation_id=filters.organisation_id
        )
    return result


def by_dimension(
    session: Session, filters: Filters, dimension: Dimension, only: Iterable[int] | None = None
) -> dict[object, Totals]:
    """The sums per organisation, fund, station and so on (of some ids only); key 0 holds what has none."""
    wanted = None if only is None else (dimension, list(only))
    result: dict[object, Totals] = defaultdict(Totals)
    for key, direction, form, agency, entries, amount in _sums(
        session, filters, dimension, *_GROUP, only=wanted
    ):
        result[key].add(direction, form, int(entries), int(amount), agency=agency)
    days = filters.moves()
    if days is not None and dimension in ("fund_id", "organisation_id"):
        ids = None if wanted is None else wanted[1]
        for owner, sums in transfers.moved_by(session, dimension, *days, only=ids).items():
            result[owner].moved = sums
    return dict(result)


def series(session: Session, filters: Filters, by: Literal["day", "month", "year"]) -> dict[str, Totals]:
    """The sums per day, month (``2026-09``) or year (``2026``), in order of time; empty periods are left out."""
    letters = {"day": 10, "month": 7, "year": 4}[by]
    rows = sorted(_sums(session, filters, "day", *_GROUP, longest=Length(by)), key=lambda row: row[0])
    result: dict[str, Totals] = defaultdict(Totals)
    for day, direction, form, agency, entries, amount in rows:
        result[day.isoformat()[:letters]].add(direction, form, int(entries), int(amount), agency=agency)
    return dict(result)


@dataclass(frozen=True)
class Flow:
    """What came into a fund by one channel, or left it for one project (0: for none), in fen."""

    direction: Direction
    channel: Channel
    fund_id: int
    project_id: int
    amount_fen: int


def flows(session: Session, filters: Filters) -> list[Flow]:
    """Gifts by channel and fund, payouts by fund and project; what is only passed on is left out."""
    sums: dict[tuple[Direction, Channel, int, int], int] = defaultdict(int)
    group = ("direction", "channel", "fund_id", "project_id", "agency")
    for direction, channel, fund_id, project_id, agency, _entries, amount in _sums(session, filters, *group):
        if not agency:
            sums[direction, channel, fund_id, project_id] += int(amount)
    return [Flow(*key, amount) for key, amount in sums.items()]


def years(session: Session) -> list[int]:
    """The years that have entries, the newest first."""
    return list(session.scalars(select(YearTotal.year).distinct().order_by(YearTotal.year.desc())))


def fund_balances(session: Session, fund_ids: Iterable[int]) -> dict[int, int]:
    """What funds hold, in fen."""
    rows = session.execute(
        select(FundBalance.fund_id, FundBalance.balance_fen).where(FundBalance.fund_id.in_(list(fund_ids)))
    )
    held = {fund_id: int(balance) for fund_id, balance in rows}
    return {fund_id: held.get(fund_id, 0) for fund_id in fund_ids}


def fund_pots(session: Session, fund_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What funds hold by ``Pot`` in fen: money, goods, other holdings, and what is only passed on."""
    wanted = list(fund_ids)
    columns = (
        FundBalance.balance_fen.label("money"),
        FundBalance.goods_fen.label("goods"),
        FundBalance.holdings_fen.label("holdings"),
        FundBalance.agency_fen.label("agency"),
    )
    rows = session.execute(select(FundBalance.fund_id, *columns).where(FundBalance.fund_id.in_(wanted)))
    held = {row.fund_id: {column.name: int(getattr(row, column.name)) for column in columns} for row in rows}
    nothing = {column.name: 0 for column in columns}
    return {fund_id: held.get(fund_id, nothing) for fund_id in wanted}


def ledger_size(session: Session) -> int:
    """How many entries the ledger has: its state's name until a checkpoint stands for it."""
    return int(session.scalar(select(Head.size).where(Head.id == 1)) or 0)
