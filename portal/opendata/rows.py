"""The one source of rows: entries as the API shows them, in constant memory, within the snapshot of the session."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.documents import Document, entry_document
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.models import Entry, Posting
from portal.opendata.slices import Slice
from portal.registry.models import Fund


@dataclass(frozen=True)
class PostedLine:
    """One line of an entry in the books: debit positive, in fen."""

    line_no: int
    account_code: str
    fund_code: str
    amount_fen: int


Booked = tuple[PublicEntry, Sequence[PostedLine]]
Account = tuple[str, str]
"""A fund's code and an account's."""


def documents_of(session: Session, one: Slice) -> Iterator[Document]:
    """The entries of a slice as the API gives them, in the order of their days."""
    for part in entries.in_order(session, one.begins, one.ends):
        for entry in part:
            yield entry_document(entry)


def booked_entries(session: Session, one: Slice) -> Iterator[Booked]:
    """The entries of a slice with their lines, in the order of their days."""
    codes = fund_codes(session)
    for part in entries.in_order(session, one.begins, one.ends):
        lines: dict[int, list[PostedLine]] = {entry.id: [] for entry in part}
        found = session.execute(
            select(
                Posting.entry_id, Posting.line_no, Posting.account_code, Posting.fund_id, Posting.amount_fen
            )
            .where(Posting.entry_id.in_(list(lines)))
            .order_by(Posting.entry_id, Posting.line_no)
        )
        for entry_id, line_no, account, fund_id, fen in found:
            lines[entry_id].append(PostedLine(line_no, account, codes[fund_id], fen))
        for entry in part:
            yield entry, lines[entry.id]


def moved(session: Session, one: Slice) -> dict[Account, int]:
    """What a slice moved, by fund and account, in fen."""
    codes = fund_codes(session)
    rows = session.execute(
        select(Posting.fund_id, Posting.account_code, func.sum(Posting.amount_fen))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.occurred_on >= one.begins, Entry.occurred_on < one.ends)
        .group_by(Posting.fund_id, Posting.account_code)
    )
    return {(codes[fund_id], account): int(fen) for fund_id, account, fen in rows}


def fund_codes(session: Session) -> dict[int, str]:
    """The code of every fund by its id."""
    return dict(session.execute(select(Fund.id, Fund.code)).all())


def fund_names(session: Session) -> dict[str, str]:
    """The name of every fund by its code."""
    return dict(session.execute(select(Fund.code, Fund.name)).all())
