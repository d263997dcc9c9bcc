"""What the money did: how many people were helped, and the largest uses."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.disclosure import entries
from portal.disclosure.entries import PublicEntry
from portal.ledger.models import Direction, Entry, EntryKind
from portal.spending.models import Disbursement

_Reversal = aliased(Entry, name="use_reversal")


def people_helped(session: Session, first: date, last: date) -> int:
    """Beneficiary counts (人次) of the payouts of some days, reversed ones left out."""
    query = (
        select(func.coalesce(func.sum(Disbursement.beneficiary_count), 0))
        .join(Entry, Entry.id == Disbursement.entry_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(Entry.occurred_on.between(first, last), _Reversal.id.is_(None))
    )
    return int(session.scalar(query) or 0)


def largest_uses(session: Session, first: date, last: date, limit: int) -> Sequence[PublicEntry]:
    """The largest payouts of some days, reversed ones left out, the largest first."""
    query = (
        select(Entry.id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(
            Entry.kind == EntryKind.DISBURSEMENT,
            Entry.direction == Direction.OUT,
            Entry.occurred_on.between(first, last),
            _Reversal.id.is_(None),
        )
        .order_by(Entry.amount_fen.desc(), Entry.index)
        .limit(limit)
    )
    found = entries.of_ids(session, list(session.scalars(query)))
    return sorted(found, key=lambda one: (-one.amount_fen, one.index))
