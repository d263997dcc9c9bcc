"""Monthly bills: drawn up from the ledger while the month runs, frozen when staff publish them.

A bill counts entries by the day they are booked on, so that what comes in after publication stands in the next
bill and the closing balance of one month is the opening balance of the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import entries as public_entries
from portal.disclosure.entries import PublicEntry
from portal.disclosure.models import Bill
from portal.disclosure.published import report_leaf
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting, transfers
from portal.ledger.closing import close_books, closed_through
from portal.ledger.figures import ledger_size
from portal.ledger.models import Channel, Direction, Entry, Posting, Transfer
from portal.ledger.transfers import Moved, is_move
from portal.periods import Month, now, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry import lookups
from portal.registry.models import Fund, Organisation
from portal.spending.models import COST_OF_ACCOUNT, CostKind
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope
from portal.translog.appending import append

SUBJECT = "bill"


@dataclass(frozen=True)
class BillScope:
    """Whose bill it is: an organisation's, or one fund's."""

    organisation: Organisation
    fund: Fund | None = None

    @property
    def code(self) -> str:
        """The code that stands in the bill's number."""
        return self.fund.code if self.fund else self.organisation.uscc

    @property
    def name(self) -> str:
        """The name on the bill."""
        return self.fund.name if self.fund else self.organisation.name


@dataclass(frozen=True)
class BillFigures:
    """Everything a bill shows. ``published_at`` is None while the month runs and the figures may still move."""

    bill_no: str
    scope: BillScope
    month: Month
    opening_fen: int
    income_fen: int
    outgo_fen: int
    moved: Moved
    closing_fen: int
    entry_count: int
    note: str
    published_at: datetime | None
    ledger_size: int
    income_by_channel: dict[Channel, int] = field(default_factory=dict)
    outgo_by_cost: dict[CostKind, int] = field(default_factory=dict)
    rows: Sequence[PublicEntry] = ()

    @property
    def running(self) -> bool:
        """Whether it is not yet published."""
        return self.published_at is None


def bill_no_of(scope: BillScope, month: Month) -> str:
    """The number of a bill: month and code of its scope, the same before and after publication."""
    return f"{month}-{scope.code}"


def find_scope(session: Session, code: str) -> BillScope:
    """The organisation or fund with a code.

    Raises:
        NotFound: there is neither.
    """
    fund = session.scalar(select(Fund).where(Fund.code == code))
    if fund is not None:
        return BillScope(fund.organisation, fund)
    organisation = session.scalar(select(Organisation).where(Organisation.uscc == code))
    if organisation is None:
        raise NotFound(_l("没有这份账单。"))
    return BillScope(organisation)


def bill_figures(session: Session, bill_no: str, *, row_limit: int | None = None) -> BillFigures:
    """A bill by its number: the frozen figures when published, the live ones while the month runs.

    Raises:
        NotFound: no such month, organisation or fund, or a month still to come.
    """
    try:
        month = Month.parse(bill_no[:7])
    except ValueError:
        raise NotFound(_l("没有这份账单。")) from None
    if bill_no[7:8] != "-" or month > Month.of(today()):
        raise NotFound(_l("没有这份账单。"))
    scope = find_scope(session, bill_no[8:])
    return figures_of(session, scope, month, row_limit=row_limit)


def figures_of(
    session: Session, scope: BillScope, month: Month, *, row_limit: int | None = None
) -> BillFigures:
    """The figures of one month of a scope."""
    published = session.scalar(select(Bill).where(Bill.bill_no == bill_no_of(scope, month)))
    opening = _balance(session, scope, None, month.plus(-1).last)
    sums = _sums(session, scope, month.first, month.last)
    income, outgo = sums[Direction.IN], sums[Direction.OUT]
    moved = _moved(session, scope, month.first, month.last)
    count = session.scalar(select(func.count()).where(*_within(scope, month.first, month.last))) or 0
    return BillFigures(
        bill_no=bill_no_of(scope, month),
        scope=scope,
        month=month,
        opening_fen=published.opening_fen if published else opening,
        income_fen=published.income_fen if published else income,
        outgo_fen=published.outgo_fen if published else outgo,
        moved=Moved(published.moved_in_fen, published.moved_out_fen) if published else moved,
        closing_fen=published.closing_fen
        if published
        else opening + income - outgo + moved.in_fen - moved.out_fen,
        entry_count=published.entries if published else count,
        note=published.note if published else "",
        published_at=published.published_at if published else None,
        ledger_size=published.ledger_size if published else ledger_size(session),
        income_by_channel=_by_channel(session, scope, month),
        outgo_by_cost=_by_cost(session, scope, month),
        rows=_rows(session, scope, month, row_limit),
    )


def publish(scope_code: str, month: Month, note: str, by: StaffMember) -> Bill:
    """Publish and freeze the bill of a month that has ended, and close its books.

    Raises:
        NotFound: no such scope, or none for this person.
        Conflict: the month runs still, or its bill (or a later one) is out already.
        Invalid: the note is too long.
    """
    if len(note) > 2000:
        raise Invalid({"note": _l("说明最多 2000 个字。")})
    with writing() as session:
        posting.lock(session)
        scope = find_scope(session, scope_code)
        if not by.scope.permits(scope.organisation.id, None):
            raise NotFound(_l("没有这份账单。"))
        if month.last >= today():
            raise Conflict(_l("%(month)s 还没有结束，月末之后才能公布账单。", month=str(month)))
        closed = closed_through(session, [scope.organisation.id])
        own = closed.get((scope.organisation.id, scope.fund.id if scope.fund else 0))
        earlier = session.scalar(select(Bill.id).where(Bill.bill_no == bill_no_of(scope, month)))
        if earlier is not None:
            raise Conflict(_l("这个月的账单已经公布，不能再改。更正请红冲后重新登记。"))
        figures = figures_of(session, scope, month, row_limit=0)
        bill = Bill(
            bill_no=figures.bill_no,
            organisation_id=scope.organisation.id,
            fund_id=scope.fund.id if scope.fund else None,
            month=str(month),
            opening_fen=figures.opening_fen,
            income_fen=figures.income_fen,
            outgo_fen=figures.outgo_fen,
            moved_in_fen=figures.moved.in_fen,
            moved_out_fen=figures.moved.out_fen,
            closing_fen=figures.closing_fen,
            entries=figures.entry_count,
            ledger_size=figures.ledger_size,
            note=note.strip(),
            published_at=now(),
            maker_id=by.id,
        )
        session.add(bill)
        session.flush()
        append(session, report_leaf(bill, scope.code))
        if own is None or own < month.last:
            close_books(session, scope.organisation.id, scope.fund.id if scope.fund else None, month.last)
        audit.record(session, staff=by, action="bill.published", subject_kind=SUBJECT, subject_id=bill.id)
        return bill


@dataclass(frozen=True)
class DueBill:
    """One organisation or fund in a month: its published bill, or that it waits to be published."""

    scope: BillScope
    bill_no: str
    bill: Bill | None


def due(session: Session, scope: Scope, month: Month) -> list[DueBill]:
    """The bills of a month within a person's reach: each active organisation with its active funds."""
    published = {one.bill_no: one for one in session.scalars(select(Bill).where(Bill.month == str(month)))}
    rows: list[DueBill] = []
    for organisation in lookups.active_organisations(session, scope):
        funds = [fund for fund in organisation.funds if fund.opened_on <= month.last]
        for of in (BillScope(organisation), *(BillScope(organisation, fund) for fund in funds)):
            number = bill_no_of(of, month)
            rows.append(DueBill(of, number, published.get(number)))
    return rows


def listing(
    session: Session,
    *,
    organisation_id: int | None = None,
    fund_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Bill]:
    """Published bills, newest first; ``before`` is the id of the last of the page before."""
    query = select(Bill).order_by(Bill.id.desc()).limit(limit)
    if organisation_id is not None:
        query = query.where(Bill.organisation_id == organisation_id)
    if fund_id is not None:
        query = query.where(Bill.fund_id == fund_id)
    if before is not None:
        query = query.where(Bill.id < before)
    return session.scalars(query).all()


def _booked(first: date | None, last: date) -> list[ColumnElement[bool]]:
    # What only passes through is nobody's income and stands in no bill (E33).
    conditions: list[ColumnElement[bool]] = [Entry.booked_on <= last, Entry.agency.is_(False)]
    return conditions if first is None else [*conditions, Entry.booked_on >= first]


def _within(scope: BillScope, first: date | None, last: date) -> list[ColumnElement[bool]]:
    """All entries of a scope, those that came by transfer included."""
    if scope.fund is not None:
        own: ColumnElement[bool] = Entry.fund_id == scope.fund.id
        arrived = select(Transfer.entry_id).where(Transfer.to_fund_id == scope.fund.id)
    else:
        own = Entry.organisation_id == scope.organisation.id
        arrived = select(Transfer.entry_id).where(Transfer.to_organisation_id == scope.organisation.id)
    return [*_booked(first, last), or_(own, Entry.id.in_(arrived))]


def _counted(scope: BillScope, first: date | None, last: date) -> list[ColumnElement[bool]]:
    """What counts as income or outgo: transfers stand on lines of their own."""
    if scope.fund is not None:
        own: ColumnElement[bool] = Entry.fund_id == scope.fund.id
    else:
        own = Entry.organisation_id == scope.organisation.id
    return [*_booked(first, last), own, ~is_move()]


def _sums(session: Session, scope: BillScope, first: date | None, last: date) -> dict[Direction, int]:
    rows = session.execute(
        select(Entry.direction, func.sum(Entry.amount_fen))
        .where(*_counted(scope, first, last))
        .group_by(Entry.direction)
    )
    return {Direction.IN: 0, Direction.OUT: 0} | {direction: int(amount) for direction, amount in rows}


def _moved(session: Session, scope: BillScope, first: date | None, last: date) -> Moved:
    if scope.fund is not None:
        return transfers.moved(session, *_booked(first, last), fund_id=scope.fund.id)
    return transfers.moved(session, *_booked(first, last), organisation_id=scope.organisation.id)


def _balance(session: Session, scope: BillScope, first: date | None, last: date) -> int:
    sums, moved = _sums(session, scope, first, last), _moved(session, scope, first, last)
    return sums[Direction.IN] - sums[Direction.OUT] + moved.in_fen - moved.out_fen


def _by_channel(session: Session, scope: BillScope, month: Month) -> dict[Channel, int]:
    rows = session.execute(
        select(Entry.channel, func.sum(Entry.amount_fen))
        .where(*_counted(scope, month.first, month.last), Entry.direction == Direction.IN)
        .group_by(Entry.channel)
    )
    return {channel: int(amount) for channel, amount in rows}


def _by_cost(session: Session, scope: BillScope, month: Month) -> dict[CostKind, int]:
    rows = session.execute(
        select(Posting.account_code, func.sum(Posting.amount_fen))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            *_counted(scope, month.first, month.last),
            Entry.direction == Direction.OUT,
            Posting.account_code.in_(COST_OF_ACCOUNT),
        )
        .group_by(Posting.account_code)
    )
    return {COST_OF_ACCOUNT[account]: int(amount) for account, amount in rows}


def _rows(session: Session, scope: BillScope, month: Month, limit: int | None) -> list[PublicEntry]:
    if limit == 0:
        return []
    query = select(Entry.id).where(*_within(scope, month.first, month.last)).order_by(Entry.index.desc())
    if limit is not None:
        query = query.limit(limit)
    ids = list(session.scalars(query))
    rows: list[PublicEntry] = []
    for start in range(0, len(ids), 500):
        rows += public_entries.of_ids(session, ids[start : start + 500])
    return rows
