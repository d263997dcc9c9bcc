"""The history of the registry: each change with who, when, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.periods import now
from portal.registry.models import RegistryChange, SubjectKind
from portal.staff.models import StaffMember

Facts = dict[str, str | bool | None]
"""The columns of a thing in words that stay readable: codes for references, ISO dates."""


@dataclass(frozen=True)
class Difference:
    """One column before and after a change; ``None`` stands for "not filled in"."""

    field: str
    before: str | bool | None
    after: str | bool | None


@dataclass(frozen=True)
class Change:
    """One recorded change, ready to be shown. ``made_by`` is empty for the command line."""

    made_at: datetime
    made_by: str
    created: bool
    differences: tuple[Difference, ...]
    reason: str


def record(
    session: Session,
    subject: tuple[SubjectKind, int],
    by: StaffMember | None,
    before: Facts,
    after: Facts,
    reason: str,
) -> None:
    """Keep one change for good."""
    kind, subject_id = subject
    session.add(
        RegistryChange(
            subject_kind=kind,
            subject_id=subject_id,
            staff_id=by.id if by else None,
            made_at=now(),
            before=before,
            after=after,
            reason=reason,
        )
    )
    session.flush()


@dataclass(frozen=True)
class Hands:
    """Who had a hand in a thing, and which change was the last."""

    makers: frozenset[int]
    version: int


def hands(session: Session, subject: tuple[SubjectKind, int]) -> Hands:
    """Everybody who entered or edited a thing, for the rule of two persons."""
    kind, subject_id = subject
    rows = session.execute(
        select(RegistryChange.id, RegistryChange.staff_id).where(
            RegistryChange.subject_kind == kind, RegistryChange.subject_id == subject_id
        )
    ).all()
    makers = frozenset(staff_id for _id, staff_id in rows if staff_id is not None)
    return Hands(makers, max((number for number, _staff in rows), default=0))


def history(session: Session, kind: SubjectKind, subject_id: int) -> list[Change]:
    """All changes of one thing, the newest first."""
    rows = session.execute(
        select(RegistryChange, StaffMember.display_name)
        .outerjoin(StaffMember, StaffMember.id == RegistryChange.staff_id)
        .where(RegistryChange.subject_kind == kind, RegistryChange.subject_id == subject_id)
        .order_by(RegistryChange.id.desc())
    )
    return [
        Change(
            made_at=row.made_at,
            made_by=name or "",
            created=not row.before,
            differences=differences(row.before, row.after),
            reason=row.reason,
        )
        for row, name in rows
    ]


def differences(
    before: Mapping[str, str | bool | None], after: Mapping[str, str | bool | None]
) -> tuple[Difference, ...]:
    """The columns that differ, in the order in which they are filled in; empty text counts as not filled in."""
    fields = [*after, *(field for field in before if field not in after)]
    found = (Difference(field, before.get(field) or None, after.get(field) or None) for field in fields)
    return tuple(one for one in found if one.before != one.after)
