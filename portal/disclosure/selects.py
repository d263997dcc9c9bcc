"""What the filter of the public ledger offers to choose from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.registry.models import PUBLIC, Campaign, Fund, Organisation, Project, Station, Street

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class FilterOptions:
    """Code and name of everything that entries can be filtered by; closed things stay, as their entries do."""

    organisations: Pairs
    funds: Pairs
    stations: Pairs
    projects: Pairs
    campaigns: Pairs
    streets: Pairs


def filter_options(session: Session) -> FilterOptions:
    """Read the options, each list by name."""
    return FilterOptions(
        organisations=[
            (code, name)
            for code, name in session.execute(
                select(Organisation.uscc, Organisation.name)
                .where(Organisation.status.in_(PUBLIC))
                .order_by(Organisation.id)
            )
        ],
        funds=_pairs(session, Fund),
        stations=_pairs(session, Station),
        projects=_pairs(session, Project),
        campaigns=_pairs(session, Campaign),
        streets=[
            (code, name)
            for code, name in session.execute(select(Street.code, Street.name).order_by(Street.code))
        ],
    )


def _pairs(session: Session, model: type[Fund | Station | Project | Campaign]) -> Pairs:
    query = select(model.code, model.name).where(model.status.in_(PUBLIC)).order_by(model.code)
    return [(code, name) for code, name in session.execute(query)]
