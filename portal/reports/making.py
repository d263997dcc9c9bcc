"""Making a report: read from one snapshot of the books, set, archived with its tables, laid down, written down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.disclosure.report_models import MadeReport
from portal.i18n import gettext as _
from portal.ledger.figures import Filters
from portal.periods import now, year_bounds
from portal.reports import asked, shelf
from portal.reports.appendix import LedgerAppendix
from portal.reports.archive import archived
from portal.reports.attachments import csv_of
from portal.reports.data_tables import tables_of
from portal.reports.document import Document
from portal.reports.document_pdf import Appendix, print_document
from portal.reports.sheet import Printed
from portal.reports.wanted import BooksState, Wanted, state_of
from portal.staff.documents import DocumentState

_CACHE_KILOBYTES = 8_192
Progress = Callable[[int], None]
"""Is told how many entries of the appendix are set."""


def lying(session: Session, wanted: Wanted, state: BooksState | None = None) -> MadeReport | None:
    """The report as it was made from the present state of the books, if it was and its file lies there."""
    key = (state or state_of(session)).key
    made = session.scalar(
        select(MadeReport).where(MadeReport.content_key == wanted.content_key, MadeReport.state_key == key)
    )
    return made if made is not None and shelf.made_file(made) is not None else None


def make(
    wanted: Wanted, *, by_id: int | None = None, scheduled: bool = False, progress: Progress | None = None
) -> MadeReport:
    """The report from the present state of the books; it is made only where it was not made yet.

    Raises:
        NotFound: there is no such report.
        Invalid: it is asked for with something wrong.
    """
    kind = wanted.known_kind()
    with snapshot() as reading, _speaking(wanted.language):
        state = state_of(reading)
        found = lying(reading, wanted, state)
        if found is not None:
            return _claimed(found.id, by_id, scheduled=scheduled)
        document = kind.read(reading, wanted.parameters)
        appendix = _appendix(reading, wanted, progress) if wanted.appendix else None
        printed = _printed(document, appendix)
        tables = [csv_of(table) for table in tables_of(document)]
        tables += [appendix.attachment] if appendix else []
        content = archived(printed.content, tables)
        row = _row(reading, wanted, state, document)
    row.sha256, row.size_bytes, row.pages = shelf.lay_down(content), len(content), printed.pages
    row.maker_id, row.scheduled = by_id, scheduled
    return _written_down(row)


@contextmanager
def snapshot() -> Iterator[Session]:
    """One state of the books to read from, whatever is written down of the progress meanwhile, in little memory."""
    with Session(db.engine, expire_on_commit=False) as reading:
        if db.engine.dialect.name == "sqlite":
            # Each page of the file is read about once: keeping them was measured to take 60 MB and to save nothing.
            reading.execute(text(f"PRAGMA cache_size=-{_CACHE_KILOBYTES}"))
        yield reading


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """Words and headlines in a language, and addresses as the settings state them, whoever asks."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    with (
        current_app.test_request_context("/", query_string={"lang": language}, base_url=settings.base_url),
        force_locale(language),
    ):
        yield


def _appendix(session: Session, wanted: Wanted, progress: Progress | None) -> LedgerAppendix:
    first, last = year_bounds(asked.year_of(wanted.parameters))
    organisation = asked.organisation_of(session, wanted.parameters)
    fund = asked.fund_of(session, wanted.parameters) if wanted.parameters.get("fund") else None
    filters = Filters(
        organisation_id=organisation.id if organisation else None, fund_id=fund.id if fund else None
    )
    return LedgerAppendix(session, first, last, filters, progress=progress)


def _printed(document: Document, appendix: LedgerAppendix | None) -> Printed:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    last_part = Appendix(_("附：全部收支明细"), [appendix.table]) if appendix else None
    return print_document(document, settings.site_address, last_part)


def _row(session: Session, wanted: Wanted, state: BooksState, document: Document) -> MadeReport:
    organisation = asked.organisation_of(session, wanted.parameters)
    organisation_id = organisation.id if organisation else None
    if wanted.parameters.get("fund"):
        organisation_id = asked.fund_of(session, wanted.parameters).organisation_id
    return MadeReport(
        **wanted.as_document(),
        content_key=wanted.content_key,
        state_key=state.key,
        title=f"{document.subtitle} {document.title}".strip()[:300],
        organisation_id=organisation_id,
        entries=state.entries,
        log_size=state.signed.size if state.signed else 0,
        log_root=state.signed.root if state.signed else "",
        words_mark=state.words_mark,
        made_at=now(),
        state=DocumentState.DRAFT,
        version=1,
    )


def _written_down(row: MadeReport) -> MadeReport:
    """Write the row down in place of those that nobody needs any more."""
    same = (MadeReport.content_key == row.content_key, MadeReport.state_key == row.state_key)
    try:
        with writing(even_in_doubt=True) as session:
            _clear(session, row)
            session.add(row)
            session.flush()
            return row
    except IntegrityError:
        # Somebody made the same at the same time, or has a hand in it whose file was gone: the bytes are the same.
        made = db.session.scalars(select(MadeReport).where(*same)).one()
        return _claimed(made.id, row.maker_id, scheduled=row.scheduled)


_NOBODYS = (
    MadeReport.maker_id.is_(None),
    MadeReport.scheduled.is_(False),
    MadeReport.offered_by_id.is_(None),
)


def _clear(session: Session, made: MadeReport) -> None:
    """Forget what was made of the same for citizens from an older state; what staff had made stays."""
    of_same = MadeReport.content_key == made.content_key
    old = session.scalars(select(MadeReport).where(of_same, *_NOBODYS)).all()
    for one in old:
        session.delete(one)
    session.flush()
    for one in old:
        used = session.scalar(select(MadeReport.id).where(MadeReport.sha256 == one.sha256).limit(1))
        if used is None and one.sha256 != made.sha256:
            shelf.forget(one.sha256)


def _claimed(report_id: int, by_id: int | None, *, scheduled: bool) -> MadeReport:
    """A report that lies there already, for somebody of the staff: from now on it is theirs as well."""
    with writing(even_in_doubt=True) as session:
        made = session.get_one(MadeReport, report_id, with_for_update=True, populate_existing=True)
        if made.maker_id is None and by_id is not None and made.state is DocumentState.DRAFT:
            made.maker_id = by_id
        made.scheduled = made.scheduled or scheduled
        return made
