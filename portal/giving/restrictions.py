"""What donors bound to a purpose and a fund still holds: shown in words to whoever judges a use of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.giving.models import Donation, Restriction
from portal.ledger.models import CAME, Cancellation, Entry, FundBalance, Posting

MOST = 20
"""Listed one by one, the oldest first, as they are spent first."""


@dataclass(frozen=True)
class Bound:
    """One gift that is not wholly spent yet, and what its donor bound it to."""

    entry_no: str
    received_on: date
    amount_fen: int
    restriction: Restriction
    words: str
    until: date | None


@dataclass(frozen=True)
class Restrictions:
    """The restrictions in a fund, the oldest first; ``count`` is how many there are in all."""

    rows: Sequence[Bound] = ()
    count: int = 0

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.rows)


def unspent_restrictions(session: Session, fund_id: int) -> Restrictions:
    """Restricted gifts of money in a fund that are not wholly spent, first in, first out (docs/adr/0018)."""
    spent = select(FundBalance.out_fen).where(FundBalance.fund_id == fund_id).scalar_subquery()
    conditions = (
        Donation.fund_id == fund_id,
        Donation.restriction != Restriction.NONE,
        Posting.fund_id == fund_id,
        Posting.fund_in_after_fen > func.coalesce(spent, 0),
        CAME,
        ~select(Cancellation.entry_id).where(Cancellation.entry_id == Donation.entry_id).exists(),
    )
    query = (
        select(
            Entry.entry_no,
            Donation.received_on,
            Donation.amount_fen,
            Donation.restriction,
            Donation.restriction_text,
            Donation.restricted_until,
        )
        .join(Entry, Entry.id == Donation.entry_id)
        .join(Posting, Posting.entry_id == Donation.entry_id)
        .where(*conditions)
        .order_by(Posting.fund_in_after_fen)
        .limit(MOST + 1)
    )
    rows = [Bound(*row) for row in session.execute(query)]
    if len(rows) <= MOST:
        return Restrictions(rows, len(rows))
    counting = select(func.count()).select_from(Donation).join(Posting, Posting.entry_id == Donation.entry_id)
    return Restrictions(rows[:MOST], session.scalar(counting.where(*conditions)) or 0)
