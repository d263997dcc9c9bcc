"""Lists of gifts at the desk."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.giving.models import Donation
from portal.ledger.models import Channel, Entry
from portal.periods import today
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

PAGE = 50


def page(
    session: Session, by: StaffMember, *, state: DocumentState | None = None, before: int | None = None
) -> Sequence[Donation]:
    """Gifts within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(Donation), by).order_by(Donation.id.desc()).limit(PAGE)
    if state is not None:
        query = query.where(Donation.state == state)
    if before is not None:
        query = query.where(Donation.id < before)
    return session.scalars(query.options(joinedload(Donation.fund))).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[Donation]:
    """Gifts that wait for review, oldest first."""
    query = _within(select(Donation), by).where(Donation.state == DocumentState.PENDING)
    query = query.options(joinedload(Donation.fund), joinedload(Donation.maker))
    return session.scalars(query.order_by(Donation.id).limit(limit)).all()


def gifts_of(session: Session, donor_ids: Sequence[int]) -> Sequence[Donation]:
    """The newest gifts of a donor, whose record may be several that were merged."""
    query = select(Donation).where(Donation.donor_id.in_(donor_ids)).options(joinedload(Donation.fund))
    return session.scalars(query.order_by(Donation.id.desc()).limit(PAGE)).all()


def booked_of(session: Session, donor_ids: Sequence[int], first: date, last: date) -> list[Donation]:
    """The gifts of a donor in some days that stand in the books, in order of days; what was reversed is left out."""
    reversal = aliased(Entry)
    query = (
        select(Donation)
        .outerjoin(reversal, reversal.reverses_id == Donation.entry_id)
        .where(
            Donation.donor_id.in_(donor_ids),
            Donation.state == DocumentState.POSTED,
            Donation.received_on.between(first, last),
            reversal.id.is_(None),
        )
        .order_by(Donation.received_on, Donation.id)
        .options(joinedload(Donation.fund), joinedload(Donation.entry))
    )
    return list(session.scalars(query))


def logged_today(session: Session, by: StaffMember) -> dict[Channel, tuple[int, int]]:
    """What a person took in today, by channel: how many gifts and how many fen; what was taken back counts no more."""
    rows = session.execute(
        select(Donation.channel, func.count(Donation.id), func.sum(Donation.amount_fen))
        .where(
            Donation.maker_id == by.id,
            Donation.received_on == today(),
            Donation.state != DocumentState.WITHDRAWN,
        )
        .group_by(Donation.channel)
        .order_by(Donation.channel)
    )
    return {channel: (count, int(total)) for channel, count, total in rows}


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many gifts wait for review."""
    query = _within(select(func.count(Donation.id)), by).where(Donation.state == DocumentState.PENDING)
    return session.scalar(query) or 0


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    scope = by.scope
    if scope.organisation_id is not None:
        query = query.where(Donation.organisation_id == scope.organisation_id)
    if scope.station_id is not None:
        query = query.where(Donation.station_id == scope.station_id)
    return query
