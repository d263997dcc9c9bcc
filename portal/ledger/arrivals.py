"""What became of a payout after it was paid: parts of it reach the final beneficiaries, each a leaf of the log (E24).

The sums are kept by conditional updates, so that the database itself stops more from arriving than was paid. All run
inside the caller's ``writing()`` transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.ledger import year_totals
from portal.ledger.daily_close import close_days
from portal.ledger.head import lock
from portal.ledger.leaves import arrival_leaf
from portal.ledger.models import Delivery, Entry, LedgerArrival
from portal.money import format_yuan
from portal.periods import noon, now, today
from portal.refusals import Conflict, Invalid
from portal.translog.appending import Appending
from portal.translog.canonical import new_salt


@dataclass(frozen=True)
class NewArrival:
    """So much of a payout reached so many people on a day; 0 fen for goods that nothing gives a value."""

    arrived_on: date
    amount_fen: int
    people: int | None = None


def expect(session: Session, entry_id: int) -> None:
    """From now on a payout that was just posted is on its way, until it has arrived in full."""
    entry = session.get_one(Entry, entry_id)
    session.add(
        Delivery(
            entry_id=entry.id,
            organisation_id=entry.organisation_id,
            paid_on=entry.occurred_on,
            amount_fen=entry.amount_fen,
            arrived_fen=0,
            arrivals=0,
            arrived_on=None,
            people=None,
        )
    )
    session.flush()


def record(session: Session, entry_id: int, arrival: NewArrival) -> LedgerArrival:
    """Write down that a part of a payout arrived.

    Raises:
        Conflict: the payout was reversed, or is none that has to reach anybody.
        Invalid: more would have arrived than was paid, nothing arrived, or it arrived before it was paid.
    """
    log = _log(session)
    delivery = session.get(Delivery, entry_id, populate_existing=True)
    if delivery is None:
        raise Conflict(_l("这笔支出不需要登记送达，或者已经红冲。"))
    if not delivery.paid_on <= arrival.arrived_on <= today():
        paid = delivery.paid_on.isoformat()
        raise Invalid({"arrived_on": _l("送达日期不能早于支付日期（%(day)s），也不能晚于今天。", day=paid)})
    if arrival.amount_fen < 0 or bool(arrival.amount_fen) is not bool(delivery.amount_fen):
        raise Invalid({"amount": _l("请填写这次送达的金额；没有计价的物资填 0。")})
    stand: list[LedgerArrival | NewArrival] = [*standing(session, entry_id), arrival]
    if not _move(session, entry_id, arrival.amount_fen, stand):
        left = format_yuan(delivery.amount_fen - delivery.arrived_fen)
        raise Invalid({"amount": _l("送达的合计不能超过已支付的金额：还在途的是 %(left)s 元。", left=left)})
    return _write(session, log, delivery, arrival)


def take_back(session: Session, arrival_id: int) -> LedgerArrival:
    """Take an arrival back that was reported by mistake; both stay.

    Raises:
        Conflict: it was taken back already, or takes back another itself.
    """
    log = _log(session)
    arrival = session.get_one(LedgerArrival, arrival_id)
    if arrival not in standing(session, arrival.entry_id):
        raise Conflict(_l("这次送达已经撤回过了。"))
    return _take_back(session, log, arrival)


def give_up(session: Session, entry_id: int) -> None:
    """Take back all that arrived of a payout which is about to be reversed: it never was on its way."""
    if session.get(Delivery, entry_id) is None:
        return
    log = _log(session)
    for arrival in standing(session, entry_id):
        _take_back(session, log, arrival)
    forget(session, entry_id)


def forget(session: Session, entry_id: int) -> None:
    """A payout of which nothing stands any more is not on its way."""
    session.execute(delete(Delivery).where(Delivery.entry_id == entry_id))


def restore(session: Session, leaf: Mapping[str, Any], index: int) -> None:
    """Bring back an arrival from the published list; how many people it reached is lost."""
    entry_id = session.scalars(select(Entry.id).where(Entry.entry_no == leaf["no"])).one()
    delivery = session.get_one(Delivery, entry_id)
    takes_back: LedgerArrival | None = None
    if "takes_back" in leaf:
        takes_back = session.scalars(
            select(LedgerArrival).where(LedgerArrival.index == leaf["takes_back"])
        ).one()
    restored = LedgerArrival(
        index=index,
        entry_id=entry_id,
        organisation_id=delivery.organisation_id,
        arrived_on=date.fromisoformat(leaf["date"]),
        amount_fen=leaf["fen"],
        takes_back_id=takes_back.id if takes_back else None,
        recorded_at=noon(date.fromisoformat(leaf["published"])),
    )
    session.add(restored)
    session.flush()
    year_totals.add_arrival(session, restored.organisation_id, restored.arrived_on, restored.amount_fen)
    _move(session, entry_id, leaf["fen"], standing(session, entry_id))


def standing(session: Session, entry_id: int) -> Sequence[LedgerArrival]:
    """The arrivals of a payout that were not taken back, in the order in which they were reported."""
    taken_back = select(LedgerArrival.takes_back_id).where(
        LedgerArrival.entry_id == entry_id, LedgerArrival.takes_back_id.is_not(None)
    )
    return session.scalars(
        select(LedgerArrival)
        .where(
            LedgerArrival.entry_id == entry_id,
            LedgerArrival.takes_back_id.is_(None),
            LedgerArrival.id.not_in(taken_back),
        )
        .order_by(LedgerArrival.id)
    ).all()


def _log(session: Session) -> Appending:
    """The end of the log, all days closed that are over; the ledger's lock puts everything in one order."""
    head = lock(session)
    log = Appending(session)
    close_days(session, log, head, today())
    return log


def _take_back(session: Session, log: Appending, arrival: LedgerArrival) -> LedgerArrival:
    people = None if arrival.people is None else -arrival.people
    mirrored = NewArrival(arrival.arrived_on, -arrival.amount_fen, people)
    stand = [one for one in standing(session, arrival.entry_id) if one.id != arrival.id]
    _move(session, arrival.entry_id, mirrored.amount_fen, stand)
    delivery = session.get_one(Delivery, arrival.entry_id)
    return _write(session, log, delivery, mirrored, arrival)


def _move(
    session: Session, entry_id: int, amount_fen: int, stand: Sequence[LedgerArrival | NewArrival]
) -> bool:
    """Move what arrived of a payout; ``stand`` is what stands afterwards. Whether there was room for it."""
    people = [one.people for one in stand if one.people is not None]
    moved = session.execute(
        update(Delivery)
        .where(
            Delivery.entry_id == entry_id,
            Delivery.arrived_fen + amount_fen >= 0,
            Delivery.arrived_fen + amount_fen <= Delivery.amount_fen,
        )
        .values(
            arrived_fen=Delivery.arrived_fen + amount_fen,
            arrivals=len(stand),
            arrived_on=max((one.arrived_on for one in stand), default=None),
            people=sum(people) if people else None,
        )
        .returning(Delivery.entry_id)
    )
    return moved.one_or_none() is not None


def _write(
    session: Session,
    log: Appending,
    delivery: Delivery,
    arrival: NewArrival,
    takes_back: LedgerArrival | None = None,
) -> LedgerArrival:
    row = {
        "entry_id": delivery.entry_id,
        "organisation_id": delivery.organisation_id,
        "arrived_on": arrival.arrived_on,
        "amount_fen": arrival.amount_fen,
        "people": arrival.people,
        "people_salt": None if arrival.people is None else new_salt(),
        "takes_back_id": takes_back.id if takes_back else None,
        "recorded_at": now(),
    }
    entry_no = session.scalars(select(Entry.entry_no).where(Entry.id == delivery.entry_id)).one()
    index = log.add(arrival_leaf(row, entry_no, takes_back.index if takes_back else None))
    log.write()
    written = LedgerArrival(index=index, **row)
    session.add(written)
    session.flush()
    year_totals.add_arrival(session, written.organisation_id, written.arrived_on, written.amount_fen)
    return written
