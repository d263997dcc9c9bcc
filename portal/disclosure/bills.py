"""Publishing bills (晒账单), and the lists of them. What a bill says is read by ``bill_reading``.

A bill is drawn up from the ledger while its period runs, and frozen when staff publish it.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure.bill_corrections import Correction, CorrectionKind
from portal.disclosure.bill_freezing import Document, document_of
from portal.disclosure.bill_names import period_words
from portal.disclosure.bill_reading import BillFigures, bill_figures, figures_of
from portal.disclosure.bill_scopes import BillScope, bill_no_of, find_published, find_scope, read_number
from portal.disclosure.models import Bill
from portal.disclosure.published import report_leaf
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.ledger.closing import close_books, closed_through
from portal.periods import Period, PeriodKind, Run, now, today, year_bounds
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.translog.appending import append

__all__ = ["BillFigures", "BillScope", "bill_figures", "bill_no_of", "figures_of", "find_scope"]

SUBJECT = "bill"
LONGEST_NOTE = 2000

_LIKE = {
    PeriodKind.MONTH: "____-__",
    PeriodKind.QUARTER: "____Q_",
    PeriodKind.YEAR: "____",
    PeriodKind.RUN: PeriodKind.RUN.value,
}


def publish(number_part: str, period: Period, note: str, by: StaffMember) -> Bill:
    """Publish and freeze the bill of a period that is over; ``number_part`` is what stands in its number.

    The bill of an organisation or a fund closes its books. What has no books of its own waits until those of its
    organisation are closed, so that nothing can slip into the period any more.

    Raises:
        NotFound: no such scope, or none for this person.
        Conflict: the period runs still, its bill is out already, or the organisation's books are open.
        Invalid: the note is too long.
    """
    check_note(note)
    with writing() as session:
        posting.lock(session)
        scope = find_scope(session, number_part)
        if not by.scope.permits(scope.organisation.id, None):
            raise NotFound(_l("没有这份账单。"))
        _check_time(session, scope, period)
        figures = figures_of(session, scope, period, row_limit=0)
        bill = _frozen(figures, note.strip(), by)
        bill.figures = frozen_figures(figures)
        session.add(bill)
        session.flush()
        append(session, report_leaf(bill, scope.code))
        if scope.has_pot:
            _close(session, scope, period)
        audit.record(session, staff=by, action="bill.published", subject_kind=SUBJECT, subject_id=bill.id)
        return bill


def check_note(note: str) -> None:
    """Refuse words that are too long, or that nobody may publish.

    Raises:
        Invalid: they are.
    """
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": _l("说明最多 2000 个字。")})
    private = private_words({"note": note})
    if private:
        raise Invalid(private)


def frozen_figures(figures: BillFigures) -> Document:
    """Everything besides its totals that a published bill shows of the books."""
    return {
        "now": document_of(figures.sums),
        "before": document_of(figures.before) if figures.before else None,
        "corrected": [kept_correction(one) for one in figures.corrected],
    }


def kept_correction(correction: Correction) -> Document:
    """A correction of an earlier bill as the file of the one that counts it has it."""
    # No reason: its words may have to be erased, and what is hashed never is.
    words: Document = {"bill": correction.bill_no, "kind": correction.kind.value}
    if correction.kind is CorrectionKind.NOTE or correction.figure is None:
        return words
    values = {"old": correction.old_fen, "new": correction.new_fen}
    return words | {"entry": correction.entry_no, "figure": correction.figure.value} | values


def _check_time(session: Session, scope: BillScope, period: Period) -> None:
    if period.last >= today():
        raise Conflict(_l("%(month)s 还没有结束，结束之后才能公布账单。", month=period_words(period)))
    number = bill_no_of(scope, period)
    if find_published(session, number) is not None:
        raise Conflict(_l("这份账单已经公布，不能再改。数字记错请红冲后重新登记，说明写错请更正说明。"))
    if read_number(session, number) != (scope, period):
        raise Conflict(_l("编号 %(number)s 已经是另一份账单的，请联系管理员。", number=number))
    if not scope.has_pot and not _is_closed(session, scope, period):
        raise Conflict(
            _l(
                "请先公布%(organisation)s到 %(day)s 为止的账单：账结了，这份账单的数字才不会再变。",
                organisation=scope.organisation.name,
                day=period.last.isoformat(),
            )
        )


def _is_closed(session: Session, scope: BillScope, period: Period) -> bool:
    owner = scope.organisation.id
    closed = closed_through(session, [owner]).get((owner, scope.fund.id if scope.fund else 0))
    return closed is not None and closed >= period.last


def _close(session: Session, scope: BillScope, period: Period) -> None:
    if not _is_closed(session, scope, period):
        fund_id = scope.fund.id if scope.fund else None
        close_books(session, scope.organisation.id, fund_id, period.last)


def _frozen(figures: BillFigures, note: str, by: StaffMember) -> Bill:
    run = figures.period if isinstance(figures.period, Run) else None
    bill = Bill(
        bill_no=figures.bill_no,
        organisation_id=figures.scope.organisation.id,
        period=str(figures.period),
        run_first=run.first if run else None,
        run_last=run.last if run else None,
        opening_fen=figures.opening_fen,
        income_fen=figures.income_fen,
        outgo_fen=figures.outgo_fen,
        moved_in_fen=figures.moved.in_fen,
        moved_out_fen=figures.moved.out_fen,
        closing_fen=figures.closing_fen,
        entries=figures.entry_count,
        ledger_size=figures.ledger_size,
        note=note,
        published_at=now(),
        maker_id=by.id,
    )
    setattr(bill, figures.scope.dimension, figures.scope.thing.id)
    return bill


def published(session: Session, bill_no: str) -> Bill:
    """A published bill by its number.

    Raises:
        NotFound: there is none.
    """
    found = find_published(session, bill_no)
    if found is None:
        raise NotFound(_l("这份账单还没有公布。"))
    return found


def listing(
    session: Session,
    *,
    scope: BillScope | None = None,
    organisation_id: int | None = None,
    fund_id: int | None = None,
    kind: PeriodKind | None = None,
    year: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Bill]:
    """Published bills, newest first; ``before`` is the id of the last of the page before."""
    query = select(Bill).order_by(Bill.id.desc()).limit(limit)
    if scope is not None:
        query = query.where(*scope.owns())
    if organisation_id is not None:
        query = query.where(Bill.organisation_id == organisation_id)
    if fund_id is not None:
        query = query.where(Bill.fund_id == fund_id)
    if kind is not None:
        query = query.where(Bill.period.like(_LIKE[kind]))
    if year is not None:
        query = query.where(_in_year(year))
    if before is not None:
        query = query.where(Bill.id < before)
    return session.scalars(query).all()


def _in_year(year: int) -> ColumnElement[bool]:
    return or_(Bill.period.startswith(f"{year:04d}"), Bill.run_last.between(*year_bounds(year)))


def years(session: Session) -> list[int]:
    """The years that have published bills, the newest first."""
    rows = session.execute(select(Bill.period, Bill.run_last).distinct())
    return sorted({last.year if last else int(period[:4]) for period, last in rows}, reverse=True)
