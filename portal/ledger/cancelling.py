"""Which money never counts for a gift's way: that of a reversed entry, and that of its reversal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import insert_many
from portal.ledger import accounts
from portal.ledger.entries import NewEntry
from portal.ledger.models import Cancellation, Posting

FACTS = ("came_fen", "went_fen", "came_after_fen", "went_after_fen")

Row = dict[str, int]


def note(
    session: Session, entries: Sequence[NewEntry], first_id: int, posting_rows: Iterable[Mapping[str, Any]]
) -> None:
    """Keep what the reversals among new entries cancel; the entries are numbered from ``first_id``."""
    reversals = {first_id + offset for offset, entry in enumerate(entries) if entry.reverses_id}
    if not reversals:
        return
    query = select(Posting.__table__).where(
        Posting.entry_id.in_([entry.reverses_id for entry in entries if entry.reverses_id])
    )
    originals = session.execute(query).mappings()
    own = (row for row in posting_rows if row["entry_id"] in reversals)
    insert_many(session, Cancellation, rows_of([*originals, *own]))


def rows_of(postings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows for these postings: the money that came and went, by fund and entry."""
    sums: dict[tuple[int, int], Row] = defaultdict(lambda: {"came_fen": 0, "went_fen": 0})
    for posting in postings:
        if not accounts.is_money(posting["account_code"]):
            continue
        row = sums[posting["fund_id"], posting["entry_id"]]
        row["came_fen" if posting["amount_fen"] > 0 else "went_fen"] += abs(posting["amount_fen"])
        row["came_after_fen"] = posting["fund_in_after_fen"]
        row["went_after_fen"] = posting["fund_out_after_fen"]
    return [{"fund_id": fund_id, "entry_id": entry_id, **row} for (fund_id, entry_id), row in sums.items()]
