"""Compare arrivals with their leaves, and what is kept of each payout's way with what its arrivals come to."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.ledger.leaves import arrival_leaf
from portal.ledger.models import Delivery, Entry, EntryKind, LedgerArrival
from portal.translog.canonical import canonical
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]

_CHUNK = 2_000
_TakenBack = aliased(LedgerArrival, name="taken_back")
_Reversal = aliased(Entry, name="reversal")


def doubtful_arrivals(session: Session) -> Iterator[Finding]:
    """What does not agree: kind, number of the entry, sentence."""
    arrived: dict[int, list[LedgerArrival]] = defaultdict(list)
    rows = session.execute(
        select(LedgerArrival, Entry.entry_no, Entry.index, _TakenBack.index, Leaf.data)
        .join(Entry, Entry.id == LedgerArrival.entry_id)
        .outerjoin(_TakenBack, _TakenBack.id == LedgerArrival.takes_back_id)
        .outerjoin(Leaf, Leaf.index == LedgerArrival.index)
        .order_by(LedgerArrival.index)
        .execution_options(yield_per=_CHUNK)
    )
    for arrival, entry_no, entry_index, taken_back, data in rows:
        arrived[arrival.entry_id].append(arrival)
        if not data or data != _expected(arrival, entry_no, taken_back, data):
            yield "arrival", entry_no, f"leaf {arrival.index} does not say what arrived"
        if arrival.index < entry_index:
            yield "arrival", entry_no, "something arrived before it was paid"
    yield from _wrong_deliveries(session, arrived)


def _expected(arrival: LedgerArrival, entry_no: str, taken_back: int | None, stored: bytes) -> bytes:
    leaf = arrival_leaf(vars(arrival), entry_no, taken_back)
    said = json.loads(stored)
    if (
        arrival.people_salt is None and "sealed" in said
    ):  # brought back from the list; how many people is lost
        leaf["sealed"] = said["sealed"]
    return canonical({"v": 1, "seq": arrival.index, **leaf})


def _wrong_deliveries(session: Session, arrived: dict[int, list[LedgerArrival]]) -> Iterator[Finding]:
    rows = session.execute(
        select(Delivery, Entry, _Reversal.id)
        .join(Entry, Entry.id == Delivery.entry_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .order_by(Entry.id)
        .execution_options(yield_per=_CHUNK)
    )
    for delivery, entry, reversal in rows:
        kept = (delivery.arrived_fen, delivery.arrivals, delivery.arrived_on, delivery.people)
        if kept != (computed := _computed(arrived.pop(entry.id, []))):
            yield "delivery", entry.entry_no, f"kept {kept} of what arrived, computed {computed}"
        if entry.kind is not EntryKind.DISBURSEMENT or reversal is not None:
            yield "delivery", entry.entry_no, "is no payout that has to arrive"
        if (delivery.amount_fen, delivery.paid_on) != (entry.amount_fen, entry.occurred_on):
            yield "delivery", entry.entry_no, "is not as much as was paid, or of another day"
    for entry_id, arrivals in arrived.items():
        if _computed(arrivals)[0]:
            yield "delivery", session.get_one(Entry, entry_id).entry_no, "arrives, and is not on its way"


def _computed(arrivals: Sequence[LedgerArrival]) -> tuple[object, ...]:
    gone = {one.takes_back_id for one in arrivals}
    stand = [one for one in arrivals if one.takes_back_id is None and one.id not in gone]
    people = [one.people for one in stand if one.people is not None]
    return (
        sum(one.amount_fen for one in arrivals),
        len(stand),
        max((one.arrived_on for one in stand), default=None),
        sum(people) if people else None,
    )
