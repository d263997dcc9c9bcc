"""Which bills wait to be published, and by when those of campaigns have to be public (慈善法 79; R11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure.bill_names import period_words
from portal.disclosure.bill_scopes import BillScope, bill_no_of
from portal.disclosure.models import Bill
from portal.periods import CalendarPeriod, PeriodKind, Quarter, local, today
from portal.projects.deadlines import CLOSING_WITHIN, LONG_PROJECT, PROGRESS_EVERY, months_after
from portal.registry import lookups
from portal.registry.models import PUBLIC, Campaign, Organisation, SubjectKind
from portal.staff.scope import Scope


@dataclass(frozen=True)
class DueBill:
    """A bill that is published, or waits to be; ``due_on`` is the last day the law gives for it, if it gives any."""

    scope: BillScope
    bill_no: str
    period_words: str
    bill: Bill | None
    due_on: date | None = None

    @property
    def overdue(self) -> bool:
        """Whether the law's last day for it has passed."""
        return self.bill is None and self.due_on is not None and self.due_on < today()


def due(session: Session, scope: Scope, period: CalendarPeriod, of: SubjectKind) -> list[DueBill]:
    """The bills of a calendar period within a person's reach: of organisations with their funds, stations, projects."""
    published = {one.bill_no: one for one in session.scalars(select(Bill).where(Bill.period == str(period)))}
    return [
        DueBill(one, number, period_words(period), published.get(number))
        for one in _things(session, scope, period, of)
        if period.kind in one.periods
        for number in [bill_no_of(one, period)]
    ]


def due_of_campaigns(session: Session, scope: Scope) -> list[DueBill]:
    """For each campaign the bill that comes next, and when it has to be public; the most urgent first."""
    query = (
        select(Campaign)
        .join(Organisation, Organisation.id == Campaign.organisation_id)
        .where(Campaign.status.in_(PUBLIC), Campaign.starts_on <= today())
        .order_by(Campaign.ends_on.desc(), Campaign.code)
    )
    if scope.organisation_id is not None:
        query = query.where(Campaign.organisation_id == scope.organisation_id)
    found = [_of_campaign(session, campaign) for campaign in session.scalars(query)]
    return sorted(found, key=lambda one: (one.bill is not None, one.due_on or date.max))


def _things(session: Session, scope: Scope, period: CalendarPeriod, of: SubjectKind) -> Iterator[BillScope]:
    if of is SubjectKind.STATION:
        yield from map(BillScope, lookups.active_stations(session, scope))
    elif of is SubjectKind.PROJECT:
        projects = lookups.active_projects(session, scope)
        yield from (BillScope(one) for one in projects if one.starts_on <= period.last)
    else:
        for organisation in lookups.active_organisations(session, scope):
            yield BillScope(organisation)
            yield from (BillScope(fund) for fund in organisation.funds if fund.opened_on <= period.last)


def _of_campaign(session: Session, campaign: Campaign) -> DueBill:
    scope = BillScope(campaign)
    published = session.scalars(select(Bill).where(*scope.owns()).order_by(Bill.id)).all()
    run = scope.run
    if run is not None and (run.last < today() or not _runs_long(campaign)):
        final = next((one for one in published if one.days.kind is PeriodKind.RUN), None)
        last_day = months_after(campaign.ends_on, CLOSING_WITHIN.amount)
        return DueBill(scope, bill_no_of(scope, run), period_words(run), final, last_day)
    return _interim(scope, campaign, published)


def _interim(scope: BillScope, campaign: Campaign, published: Sequence[Bill]) -> DueBill:
    """The bill of the last quarter that is over, or of the first one of the campaign."""
    quarter = max(Quarter.of(today()).plus(-1), Quarter.of(campaign.starts_on))
    bill = next((one for one in published if one.period == str(quarter)), None)
    since = local(published[-1].published_at).date() if published else campaign.starts_on
    last_day = months_after(since, PROGRESS_EVERY.amount)
    return DueBill(scope, bill_no_of(scope, quarter), period_words(quarter), bill, last_day)


def _runs_long(campaign: Campaign) -> bool:
    return campaign.ends_on + timedelta(days=1) > months_after(campaign.starts_on, LONG_PROJECT.amount)
