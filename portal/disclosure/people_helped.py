"""How many people a project helped, by month and group; small groups are merged before anybody sees them (I25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.beneficiaries.cells import Cell, merged_cells
from portal.ledger.models import Entry
from portal.periods import Month, today, year_bounds
from portal.spending.helped import LISTED
from portal.spending.models import Disbursement

Group = tuple[Month, str]

_Reversal = aliased(Entry, name="helped_reversal")


@dataclass(frozen=True)
class PeopleHelped:
    """What may be published of a year: its cells, and together how many; None is fewer than five."""

    year: int
    years: Sequence[int]
    cells: Sequence[Cell[Group]]

    @property
    def together(self) -> int | None:
        """All cells added up."""
        known = [cell.people for cell in self.cells]
        return None if None in known else sum(people or 0 for people in known)


def of_project(session: Session, project_id: int, year: int | None = None) -> PeopleHelped:
    """People helped by a project in a year (by default its last), in public words; 人次, reversals left out."""
    ends = session.execute(
        select(func.min(Entry.occurred_on), func.max(Entry.occurred_on))
        .where(Entry.project_id == project_id)
        .having(func.count() > 0)
    ).one_or_none()
    years = range(ends[1].year, ends[0].year - 1, -1) if ends is not None else ()
    wanted = year if year is not None else next(iter(years), today().year)
    rows = session.execute(
        select(Entry.occurred_on, Disbursement.recipient, func.sum(Disbursement.beneficiary_count))
        .join(Entry, Entry.id == Disbursement.entry_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(
            Disbursement.project_id == project_id,
            Disbursement.kind.in_(LISTED),
            Disbursement.beneficiary_count.is_not(None),
            Entry.occurred_on.between(*year_bounds(wanted)),
            _Reversal.id.is_(None),
        )
        .group_by(Entry.occurred_on, Disbursement.recipient)
        .order_by(Entry.occurred_on.desc(), Disbursement.recipient)
    )
    counted = [((Month.of(day), group), int(people or 0)) for day, group, people in rows]
    return PeopleHelped(wanted, years, merged_cells(counted))


def by_project(
    session: Session,
    first: date,
    last: date,
    project_ids: Sequence[int],
    *,
    fund_id: int | None = None,
) -> Sequence[Cell[int]]:
    """People helped by each of several projects in some days (人次), reversals left out; small cells merged."""
    query = (
        select(Disbursement.project_id, func.sum(Disbursement.beneficiary_count))
        .join(Entry, Entry.id == Disbursement.entry_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(
            Disbursement.project_id.in_(project_ids),
            Disbursement.beneficiary_count.is_not(None),
            Entry.occurred_on.between(first, last),
            _Reversal.id.is_(None),
        )
        .group_by(Disbursement.project_id)
        .order_by(Disbursement.project_id)
    )
    rows = session.execute(query.where(Entry.fund_id == fund_id) if fund_id is not None else query)
    return merged_cells(
        (int(project_id), int(people)) for project_id, people in rows if project_id and people
    )
