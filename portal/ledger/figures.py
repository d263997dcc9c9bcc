"""Every figure of money in the portal comes from here: pages, API, files, bills' checks and PDFs alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

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
from portal.ledger.transfers import Moved

Dimension = Literal[
    "organisation_id", "fund_id", "station_id", "street_id", "project_id", "campaign_id", "channel", "form"
]


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

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on the daily totals."""
        equal = {
            name: getattr(self, name)
            for name in (
                "organisation_id",
                "fund_id",
                "station_id",
                "street_id",
                "project_id",
                "campaign_id",
                "direction",
                "form",
                "channel",
            )
        }
        conditions = [
            getattr(DailyTotal, name) == value for name, value in equal.items() if value is not None
        ]
        if self.first_day is not None:
            conditions.append(DailyTotal.day >= self.first_day)
        if self.last_day is not None:
            conditions.append(DailyTotal.day <= self.last_day)
        return conditions

    def moves(self) -> list[ColumnElement[bool]] | None:
        """The days as conditions on transfers; None when what is asked for has none, such as a station."""
        others = (
            self.station_id,
            self.street_id,
            self.project_id,
            self.campaign_id,
            self.direction,
            self.channel,
        )
        if any(one is not None for one in others) or self.form not in (None, Form.MONEY):
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


_GROUP = (DailyTotal.direction, DailyTotal.form, DailyTotal.agency)
_SUMS = (func.sum(DailyTotal.entries), func.sum(DailyTotal.amount_fen))


def totals(session: Session, filters: Filters) -> Totals:
    """The sums of what the filters let through."""
    rows = session.execute(select(*_GROUP, *_SUMS).where(*filters.conditions()).group_by(*_GROUP))
    result = Totals()
    for direction, form, agency, entries, amount in rows:
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
    column = getattr(DailyTotal, dimension)
    query = select(column, *_GROUP, *_SUMS).where(*filters.conditions()).group_by(column, *_GROUP)
    rows = session.execute(query.where(column.in_(list(only))) if only is not None else query)
    result: dict[object, Totals] = defaultdict(Totals)
    for key, direction, form, agency, entries, amount in rows:
        result[key].add(direction, form, int(entries), int(amount), agency=agency)
    days = filters.moves()
    if days is not None and dimension in ("fund_id", "organisation_id"):
        for owner, sums in transfers.moved_by(session, dimension, *days, only=only).items():
            result[owner].moved = sums
    return dict(result)


def series(session: Session, filters: Filters, by: Literal["day", "month", "year"]) -> dict[str, Totals]:
    """The sums per day, month (``2026-09``) or year (``2026``), in order of time; empty periods are left out."""
    rows = session.execute(
        select(DailyTotal.day, *_GROUP, *_SUMS)
        .where(*filters.conditions())
        .group_by(DailyTotal.day, *_GROUP)
        .order_by(DailyTotal.day)
    )
    length = {"day": 10, "month": 7, "year": 4}[by]
    result: dict[str, Totals] = defaultdict(Totals)
    for day, direction, form, agency, entries, amount in rows:
        result[day.isoformat()[:length]].add(direction, form, int(entries), int(amount), agency=agency)
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
    group = (DailyTotal.direction, DailyTotal.channel, DailyTotal.fund_id, DailyTotal.project_id)
    rows = session.execute(
        select(*group, func.sum(DailyTotal.amount_fen))
        .where(*filters.conditions(), DailyTotal.agency.is_(False))
        .group_by(*group)
    )
    return [Flow(*row[:4], int(row[4])) for row in rows]


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
