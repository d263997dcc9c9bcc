"""A report as a piece of long work: begun at the desk, made by a worker, with progress and a way to stop it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.disclosure.entries import chosen
from portal.i18n import lazy_gettext as _l
from portal.jobs import service as jobs
from portal.jobs.models import LIVE, Job
from portal.jobs.running import Progress
from portal.ledger.figures import Filters
from portal.ledger.models import Entry
from portal.periods import year_bounds
from portal.refusals import NotFound
from portal.reports import asked
from portal.reports.making import make
from portal.reports.sections.scope import reported_years
from portal.reports.wanted import Wanted
from portal.staff.models import StaffMember

KIND = "report"


def begin(wanted: Wanted, by: StaffMember) -> Job:
    """Begin to make a report; while the same is under way, that is the answer.

    Raises:
        NotFound: there is no such report, or it is not this person's to make.
        Invalid: it is asked for with something wrong.
    """
    session, kind = db.session(), wanted.known_kind()
    kind.permit(session, wanted.parameters, by)
    require_books(session, wanted.parameters)
    steps = _entries_of(session, wanted) if wanted.appendix else 1
    return jobs.begin(KIND, wanted.as_document(), max(1, steps), by)


def require_books(session: Session, parameters: asked.Parameters) -> None:
    """Refuse at once what no process has to be started for.

    Raises:
        NotFound: the books hold nothing of that year, or there is no such organisation or fund.
        Invalid: the year is none.
    """
    year = asked.year_of(parameters)
    if year not in reported_years(session):
        raise NotFound(_l("账本里没有 %(year)s 年的记录，没有这一年的报告。", year=year))
    asked.organisation_of(session, parameters)
    if "fund" in parameters:
        asked.fund_of(session, parameters)


def work(job: Job, progress: Progress) -> None:
    """Make the report of a job."""
    progress(0)
    make(Wanted(**job.parameters), by_id=job.maker_id, progress=progress)


def under_way(session: Session, by: StaffMember) -> list[Job]:
    """Reports that are being made within a person's reach."""
    return [one for one in jobs.page(session, by) if one.kind == KIND and one.state in LIVE]


def _entries_of(session: Session, wanted: Wanted) -> int:
    first, last = year_bounds(asked.year_of(wanted.parameters))
    organisation = asked.organisation_of(session, wanted.parameters)
    fund = asked.fund_of(session, wanted.parameters) if wanted.parameters.get("fund") else None
    filters = Filters(
        organisation_id=organisation.id if organisation else None,
        fund_id=fund.id if fund else None,
        first_day=first,
        last_day=last,
    )
    return session.scalar(select(func.count()).select_from(Entry).where(chosen(filters))) or 0
