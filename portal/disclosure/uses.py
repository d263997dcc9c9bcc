"""What the money did: how many people were helped, and the largest gifts and uses."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from portal.disclosure import entries
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.models import Direction, Entry, EntryKind
from portal.spending.models import Disbursement

_Reversal = aliased(Entry, name="use_reversal")


def people_helped(
    session: Session,
    first: date,
    last: date,
    *,
    organisation_id: int | None = None,
    fund_id: int | None = None,
) -> int:
    """Beneficiary counts (人次) of the payouts of some days, reversed ones left out."""
    query = (
        select(func.coalesce(func.sum(Disbursement.beneficiary_count), 0))
        .join(Entry, Entry.id == Disbursement.entry_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(*_within(first, last, organisation_id, fund_id))
    )
    return int(session.scalar(query) or 0)


def largest_uses(
    session: Session,
    first: date,
    last: date,
    limit: int,
    *,
    organisation_id: int | None = None,
    fund_id: int | None = None,
) -> Sequence[PublicEntry]:
    """The largest payouts of some days, reversed ones left out, the largest first."""
    conditions = (
        Entry.kind == EntryKind.DISBURSEMENT,
        Entry.direction == Direction.OUT,
        *_within(first, last, organisation_id, fund_id),
    )
    return _largest(session, conditions, limit)


def largest_gifts(
    session: Session,
    first: date,
    last: date,
    limit: int,
    *,
    organisation_id: int | None = None,
    fund_id: int | None = None,
) -> Sequence[PublicEntry]:
    """The largest gifts of some days, reversed ones and those only passed on left out, the largest first.

    Donors stand in them as everywhere in public: by name only where they agreed to it.
    """
    conditions = (
        Entry.kind == EntryKind.DONATION,
        Entry.direction == Direction.IN,
        Entry.agency.is_(False),
        *_within(first, last, organisation_id, fund_id),
    )
    return _largest(session, conditions, limit)


def _within(
    first: date, last: date, organisation_id: int | None, fund_id: int | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Entry.occurred_on.between(first, last), _Reversal.id.is_(None)]
    if organisation_id is not None:
        conditions.append(Entry.organisation_id == organisation_id)
    if fund_id is not None:
        conditions.append(Entry.fund_id == fund_id)
    return conditions


def _largest(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int
) -> Sequence[PublicEntry]:
    query = (
        select(Entry.id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(*conditions)
        .order_by(Entry.amount_fen.desc(), Entry.index)
        .limit(limit)
    )
    found = entries.of_ids(session, list(session.scalars(query)))
    return sorted(found, key=lambda one: (-one.amount_fen, one.index))
