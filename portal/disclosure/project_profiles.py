"""What the public sees of a charity project: its money, its people, its steps, its reports and every payout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.disclosure import bill_selection, entries
from portal.disclosure.bill_scopes import BillScope
from portal.disclosure.bill_selection import ListedBill
from portal.disclosure.directory import SHELVES
from portal.disclosure.entries import LedgerPage, LedgerQuery
from portal.disclosure.profiles import find, months_of, months_since, twelve_months
from portal.ledger.figures import Filters, Totals, years
from portal.ledger.models import Direction
from portal.periods import today
from portal.projects import reading
from portal.projects.reading import Overview
from portal.registry.allowing import purpose_of
from portal.registry.models import Project, Status
from portal.registry.purposes import CharitablePurpose

PAYOUTS = 20


@dataclass(frozen=True)
class Money:
    """What came in for a project, what was paid, what is asked for, and what is left, in fen.

    With a budget, ``left_fen`` is what may still be spent of it; without one, what is left of the gifts to the project.
    ``from_funds_fen`` is what its funds paid beyond those gifts.
    """

    given_fen: int
    raised_fen: int
    spent_fen: int
    committed_fen: int
    left_fen: int
    budget_fen: int | None

    @property
    def received_fen(self) -> int:
        """Gifts to the project, those through campaigns among them."""
        return self.given_fen + self.raised_fen

    @property
    def from_funds_fen(self) -> int:
        """What the funds of the project paid beyond the gifts to it."""
        return max(0, self.spent_fen - self.received_fen)


@dataclass(frozen=True)
class ProjectProfile:
    """Everything the page of a project shows."""

    project: Project
    overview: Overview
    money: Money
    purpose: CharitablePurpose
    payouts: LedgerPage
    continued: bool
    as_of: date
    updated_at: datetime | None
    year: int | None
    years: Sequence[int]
    months: Sequence[tuple[str, Totals]]
    bills: Sequence[ListedBill]

    @property
    def report_late(self) -> bool:
        """Whether a report that the law wants by now is not there."""
        dues = [self.overview.progress_due]
        if self.project.ends_on is not None and self.project.status is not Status.CLOSED:
            dues.append(self.overview.closing_due)
        return any(due is not None and due < self.as_of for due in dues)


def profile(session: Session, code: str, *, after: int | None, year: int | None = None) -> ProjectProfile:
    """Read one project; ``after`` is the index of the last payout of the page before (keyset paging).

    The months are those of a year, or the last twelve.

    Raises:
        NotFound: there is no such project, or none that was ever active.
    """
    project: Project = find(session, SHELVES["projects"], code)
    overview = reading.overview(session, project)
    query = LedgerQuery(Filters(project_id=project.id, direction=Direction.OUT))
    newest = entries.page(session, LedgerQuery(Filters(project_id=project.id)), limit=1).entries
    since = months_since(year)
    return ProjectProfile(
        project=project,
        overview=overview,
        money=_money(overview),
        purpose=purpose_of(project),
        payouts=entries.page(session, query, after=after, limit=PAYOUTS),
        continued=after is not None,
        as_of=today(),
        updated_at=newest[0].published_at if newest else None,
        year=year,
        years=years(session),
        months=months_of(session, twelve_months(Filters(project_id=project.id), since), since),
        bills=bill_selection.recent(session, BillScope(project)),
    )


def _money(overview: Overview) -> Money:
    outcome, budget = overview.outcome, overview.budget
    committed = overview.account.committed_fen
    return Money(
        given_fen=outcome.other_income_fen,
        raised_fen=outcome.campaign_income_fen,
        spent_fen=outcome.spending_fen,
        committed_fen=committed,
        left_fen=budget.left_fen if budget.lines else max(0, outcome.leftover_fen - committed),
        budget_fen=budget.amount_fen if budget.lines else None,
    )
