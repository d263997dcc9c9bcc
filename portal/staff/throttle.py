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


@dataclass(frozen=True)
class Limit:
    """So many failures under a key are allowed before it is locked for a while."""

    key: str
    allowed: int


def locked(session: Session, limits: Sequence[Limit]) -> bool:
    """Whether any of the keys is locked."""
    keys = [limit.key for limit in limits]
    rows = session.scalars(select(LoginThrottle).where(LoginThrottle.key.in_(keys)))
    return any(row.locked_until is not None and row.locked_until > now() for row in rows)


def count_failure(session: Session, limits: Sequence[Limit]) -> None:
    """Count a failure under each key, and lock those that had too many."""
    for limit in limits:
        row = session.get(LoginThrottle, limit.key)
        if row is None:
            row = LoginThrottle(key=limit.key, failures=0, last_failure_at=now())
            session.add(row)
        if now() - row.last_failure_at > FORGET:
            row.failures = 0
        row.failures += 1
        row.last_failure_at = now()
        if row.failures >= limit.allowed:
            row.locked_until = now() + LOCK
            row.failures = 0


def network_of(address: str) -> str:
    """The network of an address: one household or office has many addresses in it."""
    return ":".join(address.split(":")[:4]) if ":" in address else ".".join(address.split(".")[:3])
