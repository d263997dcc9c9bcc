"""Acknowledgements for many gifts at once: which gifts, and giving them out in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased, joinedload

from portal.db import insert_many
from portal.giving.models import Donation
from portal.ledger.models import Entry
from portal.periods import now
from portal.receipts.facts import PaperFacts, facts_of
from portal.receipts.models import Acknowledgement, Certificate
from portal.receipts.service import new_lookup_code
from portal.staff import audit
from portal.staff.models import StaffMember

JOB_KIND = "acknowledgements"
"""What the piece of work is called that makes many papers; ``donation_ids`` among its parameters says of which."""
MOST = 5_000
_CHUNK = 500


@dataclass(frozen=True)
class BatchQuery:
    """Gifts received from one day to another, of a fund or station if given; ``again`` takes printed ones as well.

    ``certificates`` asks for certificates instead of acknowledgements.
    """

    first_day: date
    last_day: date
    fund_id: int | None = None
    station_id: int | None = None
    again: bool = False
    certificates: bool = False


def wanted(session: Session, query: BatchQuery, by: StaffMember) -> list[int]:
    """The gifts that get a paper, in the order of their receipts: in the ledger, neither reversed, erased nor void."""
    reversal = aliased(Entry)
    paper = Certificate if query.certificates else Acknowledgement
    found = (
        select(Donation.id)
        .join(Entry, Entry.id == Donation.entry_id)
        .outerjoin(paper, paper.donation_id == Donation.id)
        .outerjoin(reversal, reversal.reverses_id == Entry.id)
        .where(
            Donation.received_on.between(query.first_day, query.last_day),
            Donation.erased_at.is_(None),
            reversal.id.is_(None),
        )
        .order_by(Entry.receipt_no)
        .limit(MOST)
    )
    if not query.certificates:
        found = found.where(Acknowledgement.voided_at.is_(None))
    scope = by.scope
    if scope.organisation_id is not None:
        found = found.where(Donation.organisation_id == scope.organisation_id)
    station_id = scope.station_id if scope.station_id is not None else query.station_id
    if station_id is not None:
        found = found.where(Donation.station_id == station_id)
    if query.fund_id is not None:
        found = found.where(Donation.fund_id == query.fund_id)
    if not query.again:
        found = found.where(paper.id.is_(None))
    return list(session.scalars(found))


def issue(session: Session, donation_ids: Sequence[int], by: StaffMember) -> None:
    """Give out papers inside the caller's transaction: new ones are entered, known ones count one print more."""
    known = set(
        session.scalars(
            select(Acknowledgement.donation_id).where(Acknowledgement.donation_id.in_(donation_ids))
        )
    )
    session.execute(
        update(Acknowledgement)
        .where(Acknowledgement.donation_id.in_(known), Acknowledgement.voided_at.is_(None))
        .values(printed=Acknowledgement.printed + 1)
    )
    numbers = session.execute(
        select(Donation.id, Entry.receipt_no)
        .join(Entry, Entry.id == Donation.entry_id)
        .where(Donation.id.in_(set(donation_ids) - known))
        .order_by(Entry.receipt_no)
    )
    at = now()
    insert_many(
        session,
        Acknowledgement,
        [
            {
                "donation_id": donation_id,
                "receipt_no": receipt_no,
                "lookup_code": new_lookup_code(),
                "issued_at": at,
                "issued_by_id": by.id,
                "printed": 1,
                "void_reason": "",
            }
            for donation_id, receipt_no in numbers
        ],
    )
    audit.record(
        session,
        staff=by,
        action="acknowledgement.batch",
        subject_kind="acknowledgement",
        detail={"count": len(donation_ids)},
    )


def papers(session: Session, donation_ids: Sequence[int]) -> Iterator[PaperFacts]:
    """What the papers of gifts say, in order; one that became void or was erased meanwhile is left out."""
    for first in range(0, len(donation_ids), _CHUNK):
        chunk = donation_ids[first : first + _CHUNK]
        given = {
            one.donation_id: one
            for one in session.scalars(select(Acknowledgement).where(Acknowledgement.donation_id.in_(chunk)))
        }
        gifts = gifts_by_id(session, chunk)
        for donation_id in chunk:
            paper = given.get(donation_id)
            if paper is not None and paper.voided_at is None and gifts[donation_id].erased_at is None:
                yield facts_of(
                    gifts[donation_id], paper.receipt_no, lookup_code=paper.lookup_code, copy=paper.printed
                )


def gifts_by_id(session: Session, donation_ids: Sequence[int]) -> dict[int, Donation]:
    """Gifts with all that their papers say."""
    query = select(Donation).where(Donation.id.in_(donation_ids))
    parts = (Donation.entry, Donation.organisation, Donation.fund, Donation.station, Donation.maker)
    return {one.id: one for one in session.scalars(query.options(*map(joinedload, parts)))}
