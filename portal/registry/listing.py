"""Lists of the desk: find by name or code, page by page (keyset, no OFFSET)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.registry.models import Organisation, Status
from portal.registry.services.keeping import Keeper
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
