"""What the Charity Day report of a year says: every figure from the ledger's own sums. Amounts in fen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from portal.disclosure import entries, uses
from portal.disclosure.checkpoints import Mark, mark
from portal.disclosure.entries import PublicEntry
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.indicators.services.per_capita import Series, Year, per_capita
from portal.ledger.figures import Dimension, Filters, Totals, by_dimension, ledger_size, series, totals
from portal.ledger.models import DailyTotal, Entry, EntryKind
from portal.periods import today, year_bounds
from portal.refusals import NotFound
from portal.registry.geography import current_district
from portal.registry.models import Fund, Organisation, Station, Street

LARGEST = 20
MOST_REVERSALS = 200
_NONE = 0
"""The key of the sums that belong to no station or street."""


@dataclass(frozen=True)
class Row:
    """One organisation, fund, station or street: its sums of the year and what it held at the year's end."""

    name: str
    belongs_to: str
    year: Totals
    held_fen: int


@dataclass(frozen=True)
class CharityDay:
    """Everything the report shows."""

    year: int
    until: date
    district: str
    demonstration: bool
    sums: Totals
    opening_fen: int
    people_helped: int
    months: Sequence[tuple[str, Totals]]
    indicator: Series
    indicator_year: Year | None
    organisations: Sequence[Row]
    funds: Sequence[Row]
    stations: Sequence[Row]
    streets: Sequence[Row]
    largest_uses: Sequence[PublicEntry]
    reversals: Sequence[PublicEntry]
    reversal_count: int
    ledger_size: int
    checkpoint: Mark | None

    @property
    def is_over(self) -> bool:
        """Whether the year has ended."""
        return self.until == date(self.year, 12, 31)

    @property
    def closing_fen(self) -> int:
        """What was held at the end of the year, or of the day it has come to."""
        return self.opening_fen + self.sums.balance_fen


def charity_day(session: Session, year: int) -> CharityDay:
    """Read the report of a year.

    Raises:
        NotFound: the year is still to come, or the books hold nothing of it.
    """
    if year not in years(session):
        raise NotFound(_l("账本里没有 %(year)s 年的记录，没有这一年的报告。", year=year))
    first, last = year_bounds(year)
    period = Filters(first_day=first, last_day=last)
    indicator = per_capita(session)
    district = current_district(session)
    return CharityDay(
        year=year,
        until=min(last, today()),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
        sums=totals(session, period),
        opening_fen=totals(session, Filters(last_day=date(year - 1, 12, 31))).balance_fen,
        people_helped=uses.people_helped(session, first, last),
        months=_months(session, period, year),
        indicator=indicator,
        indicator_year=next((one for one in indicator.years if one.year == year), None),
        organisations=_rows(session, period, Organisation, "organisation_id"),
        funds=_rows(session, period, Fund, "fund_id"),
        stations=_rows(session, period, Station, "station_id", rest=_("不经捐赠站点")),
        streets=_rows(session, period, Street, "street_id", rest=_("不限街道")),
        largest_uses=uses.largest_uses(session, first, last, LARGEST),
        reversals=_reversals(session, first, last),
        reversal_count=session.scalar(select(func.count()).where(*_reversed_between(first, last))) or 0,
        ledger_size=ledger_size(session),
        checkpoint=mark(session),
    )


def years(session: Session) -> list[int]:
    """The years of which the books hold something, newest first."""
    held = session.scalars(select(func.extract("year", DailyTotal.day)).distinct())
    return sorted({int(year) for year in held if year <= today().year}, reverse=True)


def _months(session: Session, period: Filters, year: int) -> list[tuple[str, Totals]]:
    sums = series(session, period, "month")
    return [
        (f"{year:04d}-{month:02d}", sums.get(f"{year:04d}-{month:02d}", Totals())) for month in range(1, 13)
    ]


def _rows(
    session: Session, period: Filters, model: Any, dimension: Dimension, *, rest: str = ""
) -> list[Row]:
    """Everything of one kind that the books know by the year's end, in order of code.

    ``rest`` names a last row with what belongs to none of them, so that the rows add up to the whole.
    """
    of_year = by_dimension(session, period, dimension)
    ever = by_dimension(session, replace(period, first_day=None), dimension)
    query = select(model).order_by(model.uscc if model is Organisation else model.code)
    if model in (Fund, Station):
        query = query.options(joinedload(model.organisation))
    rows = [
        Row(
            name=one.name,
            belongs_to=one.organisation.shown_name if model in (Fund, Station) else "",
            year=of_year.get(one.id, Totals()),
            held_fen=ever[one.id].balance_fen if one.id in ever else 0,
        )
        for one in session.scalars(query)
        if one.id in ever
    ]
    if rest and _NONE in of_year:
        rows.append(Row(rest, "", of_year[_NONE], ever[_NONE].balance_fen))
    return rows


def _reversed_between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (Entry.kind == EntryKind.REVERSAL, Entry.occurred_on.between(first, last))


def _reversals(session: Session, first: date, last: date) -> list[PublicEntry]:
    query = select(Entry.id).where(*_reversed_between(first, last))
    return entries.of_ids(
        session, list(session.scalars(query.order_by(Entry.index.desc()).limit(MOST_REVERSALS)))
    )
