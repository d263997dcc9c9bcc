"""Whose bills there are, and their numbers: ``2026-09-…``, ``2026Q3-…``, ``2026-…`` and ``campaign-…`` with a code.

The codes of organisations and funds stand alone; those of stations, projects and campaigns follow a word in small
letters (``2026Q3-station-ST01``), which no code has, so that no number means two bills.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.disclosure.models import Bill
from portal.i18n import gettext as _
from portal.ledger.figures import Dimension
from portal.periods import CalendarPeriod, Period, PeriodKind, Run, parse_period, today
from portal.refusals import NotFound
from portal.registry.models import PUBLIC, Campaign, Fund, Organisation, Project, Station, SubjectKind

_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9-]{1,24}", re.ASCII)
_PERIOD_LENGTHS = (7, 6, 4)

EARLIEST = date(1990, 1, 1)
"""No books are older; what comes before it is a slip of the pen."""

CALENDAR_KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


@dataclass(frozen=True)
class _Keeping:
    """How one kind of thing is found, and which periods its bills have."""

    model: Any
    code: Any
    column: Dimension
    prefix: str
    periods: tuple[PeriodKind, ...] = CALENDAR_KINDS


_KEEPINGS = {
    SubjectKind.ORGANISATION: _Keeping(Organisation, Organisation.uscc, "organisation_id", ""),
    SubjectKind.FUND: _Keeping(Fund, Fund.code, "fund_id", ""),
    SubjectKind.STATION: _Keeping(Station, Station.code, "station_id", "station-"),
    SubjectKind.PROJECT: _Keeping(Project, Project.code, "project_id", "project-"),
    SubjectKind.CAMPAIGN: _Keeping(
        Campaign,
        Campaign.code,
        "campaign_id",
        "campaign-",
        (PeriodKind.QUARTER, PeriodKind.YEAR, PeriodKind.RUN),
    ),
}

KINDS = tuple(_KEEPINGS)
"""Whose bills there are, in the order in which pages offer them."""


BillThing = Organisation | Fund | Station | Project | Campaign


@dataclass(frozen=True)
class BillScope:
    """Whose bill it is."""

    thing: BillThing

    @property
    def kind(self) -> SubjectKind:
        """What it is."""
        return next(kind for kind, keeping in _KEEPINGS.items() if isinstance(self.thing, keeping.model))

    @property
    def organisation(self) -> Organisation:
        """The organisation that answers for it."""
        return self.thing if isinstance(self.thing, Organisation) else self.thing.organisation

    @property
    def fund(self) -> Fund | None:
        """The fund, where it is one's."""
        return self.thing if isinstance(self.thing, Fund) else None

    @property
    def code(self) -> str:
        """The code of the thing itself."""
        return self.thing.uscc if isinstance(self.thing, Organisation) else self.thing.code

    @property
    def number_part(self) -> str:
        """What stands in a bill's number for it."""
        return f"{_KEEPINGS[self.kind].prefix}{self.code}"

    @property
    def name(self) -> str:
        """The name on the bill."""
        return self.thing.name

    @property
    def dimension(self) -> Dimension:
        """The column of entries and kept sums that points at it."""
        return _KEEPINGS[self.kind].column

    @property
    def periods(self) -> tuple[PeriodKind, ...]:
        """The kinds of periods that its bills have."""
        return _KEEPINGS[self.kind].periods

    @property
    def has_pot(self) -> bool:
        """Whether money is kept in its name; stations, projects and campaigns only pass on what funds keep."""
        return self.kind in (SubjectKind.ORGANISATION, SubjectKind.FUND)

    @property
    def run(self) -> Run | None:
        """The whole of a campaign."""
        return Run(self.thing.starts_on, self.thing.ends_on) if isinstance(self.thing, Campaign) else None

    def owns(self) -> list[ColumnElement[bool]]:
        """Its published bills, as conditions."""
        columns: dict[str, Any] = dict.fromkeys(keeping.column for keeping in _KEEPINGS.values())
        mine = columns | {"organisation_id": self.organisation.id, self.dimension: self.thing.id}
        return [
            getattr(Bill, column).is_(None) if value is None else getattr(Bill, column) == value
            for column, value in mine.items()
        ]


def bill_no_of(scope: BillScope, period: Period) -> str:
    """The number of a bill, the same before and after publication."""
    return scope.number_part if isinstance(period, Run) else f"{period}-{scope.number_part}"


def find_published(session: Session, bill_no: str) -> Bill | None:
    """The published bill with a number, if there is one; whatever is typed is no danger to the database."""
    if not _NUMBER.fullmatch(bill_no):
        return None
    return session.scalar(select(Bill).where(Bill.bill_no == bill_no))


def number_as_kept(typed: str) -> str:
    """A bill's number that was typed in capital letters, as it is kept."""
    for keeping in _KEEPINGS.values():
        if keeping.prefix:
            typed = typed.replace(keeping.prefix.upper(), keeping.prefix, 1)
    return typed


def scope_of(bill: Bill) -> BillScope:
    """Whose a published bill is."""
    return BillScope(bill.subject)


def find_scope(session: Session, number_part: str) -> BillScope:
    """What a part of a bill's number stands for: a fund or an organisation by its code, others with their word.

    Raises:
        NotFound: there is none that the public sees.
    """
    for kind in (SubjectKind.STATION, SubjectKind.PROJECT, SubjectKind.CAMPAIGN):
        prefix = _KEEPINGS[kind].prefix
        if number_part.startswith(prefix):
            return _find(session, (kind,), number_part.removeprefix(prefix))
    return _find(session, (SubjectKind.FUND, SubjectKind.ORGANISATION), number_part)


def find_thing(session: Session, kind: SubjectKind, code: str) -> BillScope:
    """The thing of a kind with a code.

    Raises:
        NotFound: there is none that the public sees.
    """
    return _find(session, (kind,), code)


def read_number(session: Session, bill_no: str) -> tuple[BillScope, Period]:
    """Whose bill a number is, and of which period.

    Raises:
        NotFound: no such period or thing, or a period still to come.
    """
    for period, number_part in _readings(bill_no):
        try:
            scope = find_scope(session, number_part)
        except NotFound:
            continue
        days = scope.run if period is None else period
        if days is not None and days.kind in scope.periods and EARLIEST <= days.first <= today():
            return scope, days
    raise _no_bill()


def _readings(bill_no: str) -> Iterator[tuple[CalendarPeriod | None, str]]:
    """Every way to cut a number into a period (None: the whole run) and a thing, the longest period first."""
    if bill_no.startswith(_KEEPINGS[SubjectKind.CAMPAIGN].prefix):
        yield None, bill_no
    for length in _PERIOD_LENGTHS:
        if bill_no[length : length + 1] == "-":
            try:
                yield parse_period(bill_no[:length]), bill_no[length + 1 :]
            except ValueError:
                continue


def _find(session: Session, kinds: tuple[SubjectKind, ...], code: str) -> BillScope:
    if _CODE.fullmatch(code):
        for kind in kinds:
            keeping = _KEEPINGS[kind]
            found = session.scalar(select(keeping.model).where(keeping.code == code))
            if found is not None and found.status in PUBLIC:
                return BillScope(found)
    raise _no_bill()


def _no_bill() -> NotFound:
    return NotFound(_("没有这份账单。"))
