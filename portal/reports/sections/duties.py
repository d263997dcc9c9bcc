"""What had to be published or answered in a year, and by when it was: each duty with its article.

Only what these books know is counted. What is published elsewhere, such as on the ministry's platform, is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from portal.disclosure.models import Bill
from portal.i18n import lazy_gettext as _l
from portal.inquiries.models import Inquiry
from portal.ledger.figures import by_dimension
from portal.periods import Month, local, today
from portal.projects.deadlines import CLOSING_WITHIN, PROGRESS_EVERY, months_after, runs_long
from portal.projects.paper_models import ClosingReport, ProgressReport
from portal.refusals import Sentence
from portal.registry.models import PUBLIC, Organisation, Project
from portal.reports.sections.scope import YearScope
from portal.staff.documents import DocumentState


@dataclass(frozen=True)
class Due:
    """One thing that was due, and the day it was done; None while it is not."""

    due_on: date
    done_on: date | None


@dataclass(frozen=True)
class Duty:
    """One kind of duty and how its dues of a year were met."""

    words: Sentence
    source: Sentence
    kept: int
    late: int
    missed: int

    @property
    def due(self) -> int:
        """All that had to be done by now."""
        return self.kept + self.late + self.missed


def duties(scope: YearScope) -> list[Duty]:
    """The duties of a scope's organisations in its year; what is not due yet is left out."""
    progress, closing = _project_dues(scope)
    return [
        _duty(_l("每月账单"), _l("本平台的约定：月末以后公布，没有法定期限"), _bills(scope)),
        _duty(_l("项目进展报告（超过六个月的项目，至少每三个月一次）"), PROGRESS_EVERY.source, progress),
        _duty(_l("项目结束后三个月内的全面报告"), CLOSING_WITHIN.source, closing),
        _duty(_l("捐赠人查询二十日内答复"), _l("《广州市慈善促进条例》第二十三条"), _answers(scope)),
    ]


def _duty(words: Sentence, source: Sentence, dues: Iterable[Due]) -> Duty:
    kept = late = missed = 0
    for one in dues:
        if one.done_on is None:
            missed += one.due_on < today()
        elif one.done_on <= one.due_on:
            kept += 1
        else:
            late += 1
    return Duty(words, source, kept, late, missed)


def _bills(scope: YearScope) -> Iterator[Due]:
    """A bill for each month in which an organisation's books moved; once it is out, it is kept."""
    query = select(Organisation.id).where(Organisation.status.in_(PUBLIC))
    if scope.organisation is not None:
        # What was moved is summed for other organisations as well.
        query = query.where(Organisation.id == scope.organisation.id)
    public = set(scope.session.scalars(query))
    whole = (one.is_(None) for one in (Bill.fund_id, Bill.station_id, Bill.project_id, Bill.campaign_id))
    out = {
        (one.organisation_id, one.period)
        for one in scope.session.execute(
            select(Bill.organisation_id, Bill.period).where(*whole, Bill.period.like(f"{scope.year}-%"))
        )
    }
    for month in (Month(scope.year, number) for number in range(1, 13)):
        if month.last >= today():
            return
        days = replace(scope.ever, first_day=month.first, last_day=month.last)
        moved = by_dimension(scope.session, days, "organisation_id")
        for organisation_id in public.intersection(key for key in moved if isinstance(key, int)):
            yield Due(month.last, month.last if (organisation_id, str(month)) in out else None)


def _project_dues(scope: YearScope) -> tuple[list[Due], list[Due]]:
    query = select(Project).where(Project.status.in_(PUBLIC)).order_by(Project.id)
    if scope.organisation is not None:
        query = query.where(Project.organisation_id == scope.organisation.id)
    projects = scope.session.scalars(query).all()
    published = {model: _published(scope, model) for model in (ProgressReport, ClosingReport)}
    progress: list[Due] = []
    closing: list[Due] = []
    for one in projects:
        ended = published[ClosingReport].get(one.id, [])
        progress += _progress_of(one, published[ProgressReport].get(one.id, []), ended, scope)
        if one.ends_on is not None:
            due = Due(months_after(one.ends_on, CLOSING_WITHIN.amount), ended[0] if ended else None)
            closing += [due] if scope.first <= due.due_on <= scope.last else []
    return progress, closing


def _published(scope: YearScope, model: type[ProgressReport] | type[ClosingReport]) -> dict[int, list[date]]:
    rows = scope.session.execute(
        select(model.project_id, model.published_at)
        .where(model.state == DocumentState.POSTED)
        .order_by(model.published_at)
    )
    found: dict[int, list[date]] = defaultdict(list)
    for project_id, published_at in rows:
        if published_at is not None:
            found[project_id].append(local(published_at).date())
    return found


def _progress_of(
    project: Project, published: Sequence[date], ended: Sequence[date], scope: YearScope
) -> Iterator[Due]:
    """The dues of one project that fall in the year: three months from its start, or from the report before."""
    if not runs_long(project):
        return
    end = min([scope.last, *([project.ends_on] if project.ends_on else []), *ended])
    left = list(published)
    due = months_after(project.starts_on, PROGRESS_EVERY.amount)
    while due <= end:
        following = months_after(due, PROGRESS_EVERY.amount)
        # What came before the next one was due is a late report; what did not is none.
        done = left.pop(0) if left and left[0] < following else None
        if due >= scope.first:
            yield Due(due, done)
        due = months_after(done, PROGRESS_EVERY.amount) if done else following


def _answers(scope: YearScope) -> Iterator[Due]:
    query = select(Inquiry.due_on, Inquiry.answered_at).where(Inquiry.due_on.between(scope.first, scope.last))
    if scope.organisation is not None:
        query = query.where(Inquiry.organisation_id == scope.organisation.id)
    for due_on, answered_at in scope.session.execute(query):
        yield Due(due_on, local(answered_at).date() if answered_at else None)
