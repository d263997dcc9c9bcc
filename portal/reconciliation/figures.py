"""What is open on either side: lines of statements without an entry, entries without a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.giving.models import Donation
from portal.ledger.models import Cancellation, Entry, Posting, Transfer
from portal.reconciliation.models import LineMatch, StatementLine
from portal.reconciliation.suggesting import NEAR_DAYS, Booked, Line, Suggestion, suggest
from portal.registry.models import Fund
from portal.spending.models import Disbursement

LONGEST_SETTLEMENT = 35
"""Platforms pay out what they took in at the latest after a month."""
MOST_CANDIDATES = 500


@dataclass(frozen=True)
class Account:
    """An account of an organisation in the ledger."""

    organisation_id: int
    code: str


@dataclass(frozen=True)
class Standing:
    """How an account stands up to a day. Sums in fen; what is matched agrees by itself."""

    ledger_fen: int
    bank_fen: int
    open_lines: Sequence[StatementLine]
    open_entries: Sequence[Booked]


def period_of(session: Session, account: Account) -> tuple[date, date] | None:
    """First and last day that statements of an account cover."""
    first: date | None = session.scalar(select(func.min(StatementLine.day)).where(*_of(account)))
    last: date | None = session.scalar(select(func.max(StatementLine.day)).where(*_of(account)))
    return None if first is None or last is None else (first, last)


def open_lines(session: Session, account: Account, through: date | None = None) -> Sequence[StatementLine]:
    """Lines that are not, or not wholly, explained by entries, oldest first."""
    moved = (
        select(func.coalesce(func.sum(Posting.amount_fen), 0))
        .join(LineMatch, LineMatch.entry_id == Posting.entry_id)
        .where(LineMatch.line_id == StatementLine.id, *_moves(account))
        .scalar_subquery()
    )
    query = select(StatementLine).where(*_of(account), moved != StatementLine.amount_fen)
    if through is not None:
        query = query.where(StatementLine.day <= through)
    query = query.options(selectinload(StatementLine.matches))
    return session.scalars(query.order_by(StatementLine.day, StatementLine.id)).all()


def open_entries(session: Session, account: Account, first: date, through: date) -> list[Booked]:
    """Entries in the account, within the days, that stand in the books and have no line."""
    references = func.coalesce(Donation.external_ref, Disbursement.payment_ref, "")
    query = (
        select(Entry.id, Entry.occurred_on, func.sum(Posting.amount_fen), references)
        .join(Posting, Posting.entry_id == Entry.id)
        .outerjoin(Donation, Donation.entry_id == Entry.id)
        .outerjoin(Disbursement, Disbursement.entry_id == Entry.id)
        .outerjoin(LineMatch, _matched_for(account))
        .where(
            _stands_with(account.organisation_id),
            *_moves(account),
            Entry.occurred_on.between(first, through),
            LineMatch.id.is_(None),
            ~select(Cancellation.entry_id).where(Cancellation.entry_id == Entry.id).exists(),
        )
        .group_by(Entry.id, Entry.occurred_on, references)
        .having(func.sum(Posting.amount_fen) != 0)
        .order_by(Entry.occurred_on, Entry.id)
    )
    return [Booked(row[0], row[1], int(row[2]), row[3] or "") for row in session.execute(query)]


def candidates(session: Session, line: StatementLine) -> list[Booked]:
    """Entries that may be part of a line: the same direction, not more than the line, and not much later."""
    account = Account(line.organisation_id, line.account_code)
    first, last = line.day - timedelta(days=LONGEST_SETTLEMENT), line.day + timedelta(days=NEAR_DAYS)
    return [
        one
        for one in open_entries(session, account, first, last)
        if one.amount_fen * line.amount_fen > 0 and abs(one.amount_fen) <= abs(line.amount_fen)
    ][-MOST_CANDIDATES:]


def suggestions(session: Session, account: Account, lines: Sequence[StatementLine]) -> dict[int, Suggestion]:
    """For each open line the entry that it may be, by line."""
    fresh = [line for line in lines if not line.matches]
    if not fresh:
        return {}
    near = timedelta(days=NEAR_DAYS)
    entries = open_entries(
        session, account, min(line.day for line in fresh) - near, max(line.day for line in fresh) + near
    )
    found = suggest([Line(one.id, one.day, one.amount_fen, one.reference) for one in fresh], entries)
    return {one.line_id: one for one in found}


def standing(session: Session, account: Account, through: date) -> Standing:
    """How an account stands at the end of a day, from the first day that its statements cover."""
    covered = period_of(session, account)
    if covered is None:
        return Standing(0, 0, (), ())
    bank = session.scalar(
        select(func.coalesce(func.sum(StatementLine.amount_fen), 0)).where(
            *_of(account), StatementLine.day <= through
        )
    )
    lines = open_lines(session, account, through)
    entries = open_entries(session, account, covered[0], through)
    matched = int(bank or 0) - sum(line.amount_fen for line in lines)
    partly = sum(_moved(session, account, lines).values())
    ledger = matched + partly + sum(one.amount_fen for one in entries)
    return Standing(ledger, int(bank or 0), lines, entries)


def entries_by_id(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Entries to show beside lines."""
    return {one.id: one for one in session.scalars(select(Entry).where(Entry.id.in_(ids)))}


def moved_by(session: Session, account: Account, entry_ids: Sequence[int]) -> int:
    """What entries move in an account."""
    total = session.scalar(
        select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(
            Posting.entry_id.in_(entry_ids), *_moves(account)
        )
    )
    return int(total or 0)


def _moved(session: Session, account: Account, lines: Sequence[StatementLine]) -> dict[int, int]:
    """What the entries of each line move in the account, the fee that was made from it included."""
    ids = [line.id for line in lines]
    sums = dict.fromkeys(ids, 0)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        of_matches: Sequence[Row[int, int]] = session.execute(
            select(LineMatch.line_id, func.sum(Posting.amount_fen))
            .join(Posting, Posting.entry_id == LineMatch.entry_id)
            .where(LineMatch.line_id.in_(part), *_moves(account))
            .group_by(LineMatch.line_id)
        ).all()
        for line_id, amount in of_matches:
            sums[line_id] += int(amount)
    return sums


def own_entries(session: Session, organisation_id: int, entry_ids: Sequence[int]) -> Sequence[int]:
    """Which of some entries stand in the books of an organisation, a transfer to it among them."""
    return session.scalars(
        select(Entry.id).where(Entry.id.in_(entry_ids), _stands_with(organisation_id))
    ).all()


def _stands_with(organisation_id: int) -> ColumnElement[bool]:
    """An entry of the organisation, or one by which another moved money to it."""
    arrived = select(Transfer.entry_id).where(Transfer.to_organisation_id == organisation_id)
    return or_(Entry.organisation_id == organisation_id, Entry.id.in_(arrived))


def _moves(account: Account) -> tuple[ColumnElement[bool], ...]:
    """Of the postings of an entry those in the account: the other side of a transfer is in another's."""
    own_funds = select(Fund.id).where(Fund.organisation_id == account.organisation_id)
    return Posting.account_code == account.code, Posting.fund_id.in_(own_funds)


def _matched_for(account: Account) -> ColumnElement[bool]:
    return and_(LineMatch.entry_id == Entry.id, LineMatch.organisation_id == account.organisation_id)


def _of(account: Account) -> tuple[ColumnElement[bool], ...]:
    return (
        StatementLine.organisation_id == account.organisation_id,
        StatementLine.account_code == account.code,
    )
