"""Lists of the desk: find by name or code, page by page (keyset, no OFFSET), and what waits to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.registry.models import Organisation, RegistryChange, Status
from portal.registry.services.keepers import KEEPERS
from portal.registry.services.keeping import Keeper
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

PAGE = 50


@dataclass(frozen=True)
class Search:
    """What a list is narrowed to; ``after`` is the code of the last row of the page before."""

    text: str = ""
    status: Status | None = None
    after: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a list; ``next`` is the cursor of the page after, or None."""

    rows: Sequence[Any]
    next: str | None


def find(session: Session, keeper: Keeper[Any, Any], scope: Scope, search: Search) -> Page:
    """The things of one kind within a scope, by code."""
    model = keeper.model
    code = getattr(model, keeper.code_field)
    query = select(model).order_by(code).limit(PAGE + 1)
    if model is not Organisation:
        query = query.options(joinedload(model.organisation))
    if scope.organisation_id is not None:
        owner = model.id if model is Organisation else model.organisation_id
        query = query.where(owner == scope.organisation_id)
    if search.text:
        text = search.text.strip()
        query = query.where(
            or_(model.name.contains(text, autoescape=True), code.contains(text.upper(), autoescape=True))
        )
    if search.status is not None:
        query = query.where(model.status == search.status)
    if search.after:
        query = query.where(code > search.after)
    rows = session.scalars(query).all()
    return Page(rows[:PAGE], getattr(rows[PAGE - 1], keeper.code_field) if len(rows) > PAGE else None)


@dataclass(frozen=True)
class Applied:
    """One thing that waits for a second person, and who entered it when."""

    keeper: Keeper[Any, Any]
    thing: Any
    code: str
    maker: str
    maker_id: int | None
    made_at: datetime


def applied(session: Session, scope: Scope, *, limit: int) -> list[Applied]:
    """What waits to be checked within a scope, kind by kind."""
    found = []
    for keeper in KEEPERS.values():
        things = session.scalars(_waiting(keeper, scope).order_by(keeper.model.id).limit(limit)).all()
        makers = _makers(session, keeper, [thing.id for thing in things])
        for thing in things:
            made_at, maker, maker_id = makers[thing.id]
            code = str(getattr(thing, keeper.code_field))
            found.append(Applied(keeper, thing, code, maker or "", maker_id, made_at))
    return found


def _makers(
    session: Session, keeper: Keeper[Any, Any], ids: list[int]
) -> dict[int, tuple[datetime, str | None, int | None]]:
    """When and by whom each thing was entered."""
    rows = session.execute(
        select(RegistryChange.subject_id, RegistryChange.made_at, StaffMember.display_name, StaffMember.id)
        .outerjoin(StaffMember, StaffMember.id == RegistryChange.staff_id)
        .where(RegistryChange.subject_kind == keeper.subject, RegistryChange.subject_id.in_(ids))
        .order_by(RegistryChange.id.desc())
    )
    return {subject_id: (made_at, maker, maker_id) for subject_id, made_at, maker, maker_id in rows}


def count_applied(session: Session, scope: Scope) -> int:
    """How many things wait to be checked within a scope."""
    return sum(
        session.scalar(select(func.count()).select_from(_waiting(keeper, scope).subquery())) or 0
        for keeper in KEEPERS.values()
    )


def _waiting(keeper: Keeper[Any, Any], scope: Scope) -> Any:
    model = keeper.model
    query = select(model).where(model.status == Status.APPLIED)
    if scope.organisation_id is not None:
        owner = model.id if model is Organisation else model.organisation_id
        query = query.where(owner == scope.organisation_id)
    return query
