"""The same gift in two channels: once in the platform's list, once in the bank's file. It is one gift, not two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.donors.models import DonorKind
from portal.giving.models import Donation
from portal.imports.donors import donor_kind_of
from portal.imports.reading import Fault, Problem, Row
from portal.imports.reading.cells import folded
from portal.ledger.models import Channel
from portal.staff.documents import DocumentState

LONG_ENOUGH = 8
"""An order number shorter than this may stand in a remark by chance."""
NEAR = timedelta(days=1)
_TAKEN_BACK = (DocumentState.WITHDRAWN, DocumentState.DRAFT)


@dataclass(frozen=True)
class _Known:
    """A gift that came by another channel."""

    number: str
    amount_fen: int
    day: date
    name: str
    reference: str
    remark: str


def mark_crossings(session: Session, given: Sequence[Row], organisation_id: int, *, statement: bool) -> None:
    """Note on each row which gift of another channel it is: certainly by its order number, or perhaps.

    Only a statement is suspected by name, day and amount: two lists of two channels may well hold two gifts of one
    person.
    """
    rows = [row for row in given if row.amount_fen is not None and row.received_on is not None]
    if not rows:
        return
    known: dict[int, list[_Known]] = defaultdict(list)
    for one in _of_other_channels(session, rows, organisation_id):
        known[one.amount_fen].append(one)
    for row in rows:
        candidates = known.get(row.amount_fen or 0, [])
        same = next((one for one in candidates if _same_order(row, one)), None)
        perhaps = next((one for one in candidates if _same_person(row, one)), None) if statement else None
        match = same or perhaps
        if match is not None:
            candidates.remove(match)
            fault = Fault.SAME_GIFT if same else Fault.MAYBE_SAME_GIFT
            row.problems.append(Problem(fault, row.row_no, value=match.number))


def _of_other_channels(session: Session, rows: Sequence[Row], organisation_id: int) -> Iterable[_Known]:
    days = [row.received_on for row in rows if row.received_on]
    banks = {row.channel for row in rows} == {Channel.BANK}
    query = select(
        Donation.donation_no,
        Donation.amount_fen,
        Donation.received_on,
        Donation.donor_name,
        Donation.external_ref,
        Donation.remark,
    ).where(
        Donation.organisation_id == organisation_id,
        Donation.state.not_in(_TAKEN_BACK),
        Donation.received_on.between(min(days) - NEAR, max(days) + NEAR),
        Donation.channel.in_([one for one in Channel if one is not Channel.BANK])
        if banks
        else Donation.channel == Channel.BANK,
    )
    amounts = {row.amount_fen for row in rows}
    found = session.execute(query.order_by(Donation.id))
    return [_Known(*row) for row in found if row.amount_fen in amounts]


def _same_order(row: Row, one: _Known) -> bool:
    theirs, ours = folded(one.reference), folded(row.external_ref)
    return (len(theirs) >= LONG_ENOUGH and theirs in (ours, *_parts(row.remark))) or (
        len(ours) >= LONG_ENOUGH and ours in _parts(one.remark)
    )


def _same_person(row: Row, one: _Known) -> bool:
    name = folded(row.donor_name)
    told = bool(name) and "*" not in name and donor_kind_of(row.donor_name) is not DonorKind.ANONYMOUS
    near = row.received_on is not None and abs(row.received_on - one.day) <= NEAR
    return told and near and name == folded(one.name)


def _parts(remark: str) -> list[str]:
    """The order numbers that may stand in a remark."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in folded(remark))
    return [word for word in words.split() if len(word) >= LONG_ENOUGH]
