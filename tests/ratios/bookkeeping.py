"""Books made by hand for tests of the rules: an organisation, and what was stated of its years."""

from datetime import date
from typing import Any

from portal.ratios.figures import Books
from portal.ratios.models import BaseFigure
from portal.registry.models import Organisation, OrganisationKind

YUAN = 100
MILLION = 1_000_000 * YUAN
YEARS_AGO = date(2010, 1, 1)


def organisation(kind: OrganisationKind, *, qualified: bool, founded_on: date = YEARS_AGO) -> Organisation:
    """An organisation that is in no database."""
    since = date(2011, 1, 1) if qualified else None
    return Organisation(id=1, kind=kind, founded_on=founded_on, fundraising_since=since)


def books(of: Organisation, **years: dict[str, int]) -> Books:
    """Its books: ``y2025={"net_assets": 5}`` states net assets of 5 fen for 2025."""
    return Books(of, {int(name[1:]): _statement(figures) for name, figures in years.items()})


def _statement(figures: dict[str, int]) -> BaseFigure:
    columns: dict[str, Any] = {f"{name}_fen": fen for name, fen in figures.items()}
    return BaseFigure(**columns)
