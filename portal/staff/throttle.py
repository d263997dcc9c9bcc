"""Guessing is slowed down: failures of a name or a network are counted in the database, shared by all workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.periods import now
from portal.staff.models import LoginThrottle

LOCK = timedelta(minutes=15)
FORGET = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=2)


@dataclass(frozen=True)
class Limit:
    """So many failures under a key are allowed before it is locked for a while.

    A ``growing`` one is not locked: each failure beyond makes the next try wait twice as long, at most as long as a
    lock.
    """

    key: str
    allowed: int
    growing: bool = False


def locked(session: Session, limits: Sequence[Limit]) -> bool:
    """Whether any of the keys is locked."""
    return seconds_left(session, limits) > 0


def seconds_left(session: Session, limits: Sequence[Limit]) -> int:
    """How long the next try has to wait; 0 when it may be made."""
    keys = [limit.key for limit in limits]
    ends = session.scalars(select(LoginThrottle.locked_until).where(LoginThrottle.key.in_(keys)))
    left = [(end - now()).total_seconds() for end in ends if end is not None and end > now()]
    return int(max(left)) + 1 if left else 0


def count_failure(session: Session, limits: Sequence[Limit]) -> list[Limit]:
    """Count a failure under each key; return those that were locked, or slowed down for the first time, by it."""
    reached = []
    for limit in limits:
        row = session.get(LoginThrottle, limit.key)
        if row is None:
            row = LoginThrottle(key=limit.key, failures=0, last_failure_at=now())
            session.add(row)
        if now() - row.last_failure_at > FORGET:
            row.failures = 0
        row.failures += 1
        row.last_failure_at = now()
        beyond = row.failures - limit.allowed
        if beyond < 0:
            continue
        if beyond == 0:
            reached.append(limit)
        if limit.growing:
            row.locked_until = now() + min(FIRST_WAIT * 2 ** min(beyond, 16), LOCK)
        else:
            row.locked_until, row.failures = now() + LOCK, 0
    return reached


def network_of(address: str) -> str:
    """The network of an address: one household or office has many addresses in it."""
    return ":".join(address.split(":")[:4]) if ":" in address else ".".join(address.split(".")[:3])
