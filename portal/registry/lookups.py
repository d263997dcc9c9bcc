"""Reading the registry: one thing by its public code, what is open for business, names for lists.

Nothing here writes. ``…_by_code`` functions raise ``NotFound``; a foreign thing looks like an absent one.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.i18n import gettext as _
from portal.refusals import NotFound
from portal.registry.models import Campaign, Community, Fund, Organisation, Project, Station, Status, Street
from portal.staff.scope import Scope

Choices = list[tuple[str, str]]
"""Code and words of each option of a select box."""

Named = Organisation | Fund | Station | Project | Campaign | Street | Community

Thing = TypeVar("Thing")


def organisation_by_uscc(session: Session, uscc: str) -> Organisation:
    """The organisation with a credit code.

    Raises:
        NotFound: when there is none.
    """
    return _one(session, Organisation, Organisation.uscc, uscc)


def fund_by_code(session: Session, code: str) -> Fund:
    """The fund with a code.

    Raises:
        NotFound: when there is none.
    """
    return _one(session, Fund, Fund.code, code)


def fund_by_id(session: Session, fund_id: int) -> Fund:
    """The fund with an id that something else points at."""
    return session.get_one(Fund, fund_id)


def station_by_code(session: Session, code: str) -> Station:
    """The station with a code.

    Raises:
        NotFound: when there is none.
    """
    return _one(session, Station, Station.code, code)


def project_by_code(session: Session, code: str) -> Project:
    """The project with a code.

    Raises:
        NotFound: when there is none.
    """
    return _one(session, Project, Project.code, code)


def campaign_by_code(session: Session, code: str) -> Campaign:
    """The campaign with a code or, failing that, with a filing number.

    Raises:
        NotFound: when there is none.
    """
    wanted = code.strip().upper()
    found = session.scalar(select(Campaign).where(Campaign.code == wanted))
    return found or _one(session, Campaign, Campaign.filing_no, wanted)


def street_by_code(session: Session, code: str) -> Street:
    """The street with a statistical code.

    Raises:
        NotFound: when there is none.
    """
    return _one(session, Street, Street.code, code)


def active_organisations(session: Session, scope: Scope) -> Sequence[Organisation]:
    """Organisations that do business, within a scope, by name."""
    query = select(Organisation).where(Organisation.status == Status.ACTIVE)
    if scope.organisation_id is not None:
        query = query.where(Organisation.id == scope.organisation_id)
    return session.scalars(query.order_by(Organisation.name)).all()


def active_funds(session: Session, scope: Scope) -> Sequence[Fund]:
    """Funds that take gifts, within a scope, by code. Both the fund and its organisation must be active."""
    return session.scalars(_active(select(Fund), Fund.organisation_id, Fund.status, scope, Fund.code)).all()


def active_stations(session: Session, scope: Scope) -> Sequence[Station]:
    """Stations that take gifts, within a scope, by code."""
    query = _active(select(Station), Station.organisation_id, Station.status, scope, Station.code)
    if scope.station_id is not None:
        query = query.where(Station.id == scope.station_id)
    return session.scalars(query).all()


def active_projects(session: Session, scope: Scope) -> Sequence[Project]:
    """Projects under way, within a scope, by code."""
    return session.scalars(
        _active(select(Project), Project.organisation_id, Project.status, scope, Project.code)
    ).all()


def active_campaigns(session: Session, scope: Scope) -> Sequence[Campaign]:
    """Campaigns not suspended or closed, within a scope, by code; their period is not looked at."""
    return session.scalars(
        _active(select(Campaign), Campaign.organisation_id, Campaign.status, scope, Campaign.code)
    ).all()


def streets(session: Session) -> Sequence[Street]:
    """All streets, by code."""
    return session.scalars(select(Street).order_by(Street.code)).all()


def communities(session: Session) -> Sequence[Community]:
    """All communities, by code (those of a street stand together)."""
    return session.scalars(select(Community).order_by(Community.code)).all()


def organisation_choices(session: Session, scope: Scope) -> Choices:
    """Options of active organisations: credit code and name."""
    return [(one.uscc, one.name) for one in active_organisations(session, scope)]


def choices(things: Iterable[Fund | Station | Project | Campaign | Street | Community]) -> Choices:
    """Options of a select box: code, and code with name."""
    return [(one.code, f"{one.code} {one.name}") for one in things]


def community_choices(session: Session) -> Choices:
    """Options of all communities, each with the name of its street."""
    rows = session.execute(
        select(Community.code, Street.name, Community.name)
        .join(Street, Street.id == Community.street_id)
        .order_by(Community.code)
    )
    return [(code, f"{street} · {name}") for code, street, name in rows]


def names_by_id(session: Session, model: type[Named], ids: Iterable[int | None]) -> dict[int, str]:
    """The names of the rows with these ids, in one query; ``None`` among the ids is skipped."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _one(session: Session, model: type[Thing], column: InstrumentedAttribute[Any], text: str) -> Thing:
    found = session.scalar(select(model).where(column == text.strip().upper()))
    if found is None:
        raise NotFound(_("没有找到“%(code)s”。", code=text))
    return found


def _active(
    query: Select[Thing],
    organisation_id: InstrumentedAttribute[int],
    status: InstrumentedAttribute[Status],
    scope: Scope,
    order: InstrumentedAttribute[str],
) -> Select[Thing]:
    query = query.join(Organisation, Organisation.id == organisation_id).where(
        status == Status.ACTIVE, Organisation.status == Status.ACTIVE
    )
    if scope.organisation_id is not None:
        query = query.where(organisation_id == scope.organisation_id)
    return query.order_by(order)
