"""From a made report to a published one: somebody offers it, a second person publishes it, its hash becomes a leaf."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.db import take_row, take_turn, writing
from portal.disclosure.report_models import MadeReport, PublishedReport, ReportFacts
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.periods import local, now, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.reports import shelf
from portal.reports.kinds import KINDS
from portal.reports.wanted import words_mark
from portal.reports.withholding import is_withheld
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.translog.appending import append

SUBJECT = "report"
PAGE = 30
_FACTS = tuple(name for name in ReportFacts.__annotations__)


def offer(report_id: int, by: StaffMember, version: int) -> MadeReport:
    """Offer a report to be published; a second person looks through it.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it was offered or published before, or names are to be shown no more.
    """
    with writing() as session:
        report = find(session, report_id, by, lock=True)
        report.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        _require_version(report, version)
        if not KINDS[report.kind].public:
            raise Conflict(_l("这种报告只给当事人，不公布。"))
        _require_shown(session, report)
        report.state, report.version = DocumentState.PENDING, report.version + 1
        report.offered_at, report.offered_by_id = now(), by.id
        _note(session, report, by, "offered")
        return report


def publish(report_id: int, by: StaffMember, version: int) -> PublishedReport:
    """Publish a report as it was made: nobody can put another file in its place unseen.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it does not wait, was made anew, or its file is gone.
        Forbidden: this person had a hand in it.
    """
    with writing() as session:
        posting.lock(session)
        report = _decided(session, report_id, by, version, Decision.APPROVED)
        _require_shown(session, report)
        if not shelf.publish(report):
            raise Conflict(_l("报告的文件已经清理，请退回，让经办人重新生成一份。"))
        take_turn(session, "report-number")
        count = session.scalar(select(func.count()).select_from(PublishedReport)) or 0
        number = f"R-{today().year}-{count + 1:04d}"
        published = PublishedReport(
            **{name: getattr(report, name) for name in (*_FACTS, "organisation_id", "maker_id")},
            report_no=number,
            leaf_index=append(session, leaf_of(report, number)),
            published_at=now(),
            publisher_id=by.id,
        )
        session.add(published)
        report.state = DocumentState.POSTED
        session.flush()
        _note(session, report, by, "published")
        return published


def return_to_maker(report_id: int, by: StaffMember, version: int, reason: str) -> MadeReport:
    """Send a report back; it is made anew, or offered again.

    Raises:
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid({"reason": _l("请写明哪里要改，经办人会看到。")})
    with writing() as session:
        report = _decided(session, report_id, by, version, Decision.RETURNED, reason.strip())
        report.state = DocumentState.RETURNED
        _note(session, report, by, "returned")
        return report


def leaf_of(report: ReportFacts, number: str) -> dict[str, Any]:
    """The leaf that fixes a report on the day it is published: no name, no title, only what the file is."""
    return {
        "kind": "report",
        "date": local(now()).date().isoformat(),
        "report": report.kind,
        "no": number,
        "sha256": report.sha256,
        "entries": report.entries,
        "pages": report.pages,
    }


def find(session: Session, report_id: int, by: StaffMember, *, lock: bool = False) -> MadeReport:
    """A made report within a person's reach.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, MadeReport, report_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份报告。"))
    return found


def page(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[MadeReport]:
    """What staff had made within a person's reach, newest first; ``before`` is the last of the page before."""
    query = _within(select(MadeReport), by).order_by(MadeReport.id.desc()).limit(PAGE)
    query = query.where(or_(MadeReport.maker_id.is_not(None), MadeReport.scheduled))
    return session.scalars(query if before is None else query.where(MadeReport.id < before)).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[MadeReport]:
    """What waits to be published, oldest first."""
    query = _within(select(MadeReport), by).where(MadeReport.state == DocumentState.PENDING)
    return session.scalars(query.order_by(MadeReport.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many wait to be published."""
    query = _within(select(func.count(MadeReport.id)), by)
    return session.scalar(query.where(MadeReport.state == DocumentState.PENDING)) or 0


def listing(
    session: Session, *, before: int | None = None, organisation_id: int | None = None, limit: int = PAGE
) -> Sequence[PublishedReport]:
    """Published reports, newest first; ``before`` is the id of the last of the page before."""
    query = select(PublishedReport).order_by(PublishedReport.id.desc()).limit(limit)
    if before is not None:
        query = query.where(PublishedReport.id < before)
    if organisation_id is not None:
        query = query.where(PublishedReport.organisation_id == organisation_id)
    return session.scalars(query).all()


def published(session: Session, report_no: str) -> PublishedReport:
    """A published report by its number.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(PublishedReport).where(PublishedReport.report_no == report_no))
    if found is None:
        raise NotFound(_l("没有这份报告。"))
    return found


def sweep(session: Session) -> int:
    """Delete every file that shows what may be shown no more; return how many went."""
    mark, gone = words_mark(session), 0
    for made in session.scalars(select(MadeReport).where(MadeReport.words_mark < mark)):
        if shelf.made_file(made) is not None and is_withheld(session, made):
            shelf.forget(made.sha256)
            gone += 1
    for one in session.scalars(select(PublishedReport).where(PublishedReport.words_mark < mark)):
        if shelf.published_file(one) is not None and is_withheld(session, one):
            shelf.forget_published(one.sha256)
            gone += 1
    return gone


def _decided(
    session: Session, report_id: int, by: StaffMember, version: int, verdict: Decision, reason: str = ""
) -> MadeReport:
    report = find(session, report_id, by, lock=True)
    report.require_state(DocumentState.PENDING)
    _require_version(report, version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=report.id,
        version=version,
        makers=report.makers,
        checker=by,
        decision=verdict,
        reason=reason,
    )
    return report


def _require_version(report: MadeReport, version: int) -> None:
    if report.version != version:
        raise Conflict(_l("在您查看之后情况又变了，请刷新页面再操作。"))


def _require_shown(session: Session, report: MadeReport) -> None:
    if is_withheld(session, report):
        raise Conflict(_l("生成之后有人撤回了公开姓名的同意，这一份不能再用。请重新生成。"))


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(MadeReport.organisation_id == by.scope.organisation_id)
    return query


def _note(session: Session, report: MadeReport, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"report.{what}", subject_kind=SUBJECT, subject_id=report.id)
