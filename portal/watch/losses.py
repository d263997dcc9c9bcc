"""What cannot be compared with its leaf any more: only where it is on record why (I12, I26).

A row that says that its private part was erased, or was lost when an older copy was put back, would else be the easiest
way round every comparison. An erasing has a leaf of its own; what was brought back from the published list has a line
in the audit trail, which the database lets nobody change.
"""

import json
from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.giving.models import Donation
from portal.ledger.models import Entry, LedgerArrival
from portal.spending.models import Disbursement
from portal.staff import audit
from portal.staff.models import AuditEvent
from portal.translog.models import Leaf

RECOVERED = "log.recovered"
SUBJECT = "leaf"

Finding = tuple[str, str | None, str]

_CHUNK = 1_000


def note_recovered(session: Session, index: int) -> None:
    """Put on record that what a leaf speaks of came back without its private part, in the caller's transaction."""
    audit.record(session, staff=None, action=RECOVERED, subject_kind=SUBJECT, subject_id=index)


def unrecorded_losses(session: Session) -> Iterator[Finding]:
    """Rows that say that their private part is gone, and nothing on record says so."""
    recovered, erased = _recovered(session), _erased(session)
    for entry_no, index, was_erased, lost in _gifts(session):
        if was_erased and index not in erased:
            yield "erasure", entry_no, "the donor is said to be erased, and the log holds no erasing"
        if lost and index not in recovered:
            yield "loss", entry_no, "its private part is said to be lost, and nothing on record says so"
    for entry_no, index in _payouts(session):
        if index not in recovered:
            yield "loss", entry_no, "its private part is said to be lost, and nothing on record says so"
    for index, entry_no, data in _without_words(session):
        if b'"words":' in data and "words" in _sealed(data) and index not in recovered:
            yield "loss", entry_no, "the salt of its words is gone, and nothing on record says so"
    for index, entry_no, data in _arrivals(session):
        if "people" in _sealed(data) and index not in recovered:
            yield "loss", entry_no, "the salt of how many it reached is gone, and nothing on record says so"


def _recovered(session: Session) -> set[int]:
    found = select(AuditEvent.subject_id).where(AuditEvent.action == RECOVERED)
    return {int(index) for index in session.scalars(found) if index is not None}


def _erased(session: Session) -> set[int]:
    """Leaves that an erasing speaks of; leaves of entries are passed over."""
    others = select(Leaf.data).outerjoin(Entry, Entry.index == Leaf.index).where(Entry.id.is_(None))
    leaves = (json.loads(data) for data in session.scalars(others) if b'"erasure"' in data)
    return {leaf["of"] for leaf in leaves if leaf["kind"] == "erasure"}


def _gifts(session: Session) -> Iterator[tuple[str, int, bool, bool]]:
    rows = session.execute(
        select(Entry.entry_no, Entry.index, Donation.erased_at, Donation.seal_lost)
        .join(Donation, Donation.entry_id == Entry.id)
        .where(Donation.erased_at.is_not(None) | Donation.seal_lost)
        .order_by(Entry.index)
    )
    for entry_no, index, erased_at, lost in rows:
        yield entry_no, index, erased_at is not None, lost


def _payouts(session: Session) -> Iterator[tuple[str, int]]:
    rows = session.execute(
        select(Entry.entry_no, Entry.index)
        .join(Disbursement, Disbursement.entry_id == Entry.id)
        .where(Disbursement.seal_lost)
        .order_by(Entry.index)
    )
    for row in rows:
        yield row[0], row[1]


def _without_words(session: Session) -> Iterator[tuple[int, str, bytes]]:
    rows = select(Entry.index, Entry.entry_no, Leaf.data).join(Leaf, Leaf.index == Entry.index)
    yield from _read(session, rows.where(Entry.words_salt.is_(None)))


def _arrivals(session: Session) -> Iterator[tuple[int, str, bytes]]:
    rows = (
        select(LedgerArrival.index, Entry.entry_no, Leaf.data)
        .join(Entry, Entry.id == LedgerArrival.entry_id)
        .join(Leaf, Leaf.index == LedgerArrival.index)
        .where(LedgerArrival.people_salt.is_(None))
    )
    yield from _read(session, rows)


def _read(session: Session, rows: Select[int, str, bytes]) -> Iterator[tuple[int, str, bytes]]:
    for row in session.execute(rows.execution_options(yield_per=_CHUNK)):
        yield row[0], row[1], row[2]


def _sealed(data: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(data).get("sealed", {})
    return found
