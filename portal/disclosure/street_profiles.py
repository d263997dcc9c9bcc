"""What the public sees of a street: what it received, its stations, funds and landmarks.

Streets stand in the order of their codes and are compared with no target: nobody is shown up for what was not given
(REQ-DON-07, 慈善法 32).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.directory import SHELVES
from portal.disclosure.entries import LedgerQuery
from portal.disclosure.profiles import (
    NEWEST,
    FormSum,
    Related,
    forms_of,
    months_of,
    months_since,
    twelve_months,
)
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.figures import Filters, Totals, by_dimension, totals, years
from portal.periods import today, year_bounds
from portal.registry import lookups
from portal.registry.models import PUBLIC, Status, Street

MOST_RELATED = 50
LEVELS = 4


@dataclass(frozen=True)
class StreetFigures:
    """One street and its sums of a period in fen; ``level`` is how strong its tile is coloured, 0 to 4."""

    street: Street
    sums: Totals
    level: int = 0

    @property
    def short_name(self) -> str:
        """Its name without the word for street, as it stands on a tile."""
        return self.street.name.removesuffix("街道")


@dataclass(frozen=True)
class StreetProfile:
    """Everything the page of a street shows. Amounts in fen."""

    street: Street
    all_time: Totals
    this_year: Totals
    year: int | None
    years: Sequence[int]
    months: Sequence[tuple[str, Totals]]
    forms: Sequence[FormSum]
    newest: Sequence[PublicEntry]
    related: Sequence[Related]

    @property
    def updated_at(self) -> datetime | None:
        """When the newest of its entries was published."""
        return self.newest[0].published_at if self.newest else None


def figures_of(session: Session, period: Filters) -> list[StreetFigures]:
    """All streets by code, each with its sums of a period."""
    sums = by_dimension(session, period, "street_id")
    streets = [(one, sums.get(one.id, Totals())) for one in lookups.streets(session)]
    ranked = sorted(one.received_fen for _street, one in streets if one.received_fen > 0)
    return [StreetFigures(street, one, _level(one.received_fen, ranked)) for street, one in streets]


def _level(fen: int, ranked: Sequence[int]) -> int:
    """0 for nothing, else the quarter of the streets that gave something, 1 the least."""
    return 1 + ranked.index(fen) * LEVELS // len(ranked) if fen > 0 else 0


def street_profile(session: Session, code: str, year: int | None = None) -> StreetProfile:
    """Read one street.

    Raises:
        NotFound: there is no street with this code.
    """
    street = lookups.street_by_code(session, code)
    selection = Filters(street_id=street.id)
    first, last = year_bounds(today().year)
    since = months_since(year)
    shown = twelve_months(selection, since)
    return StreetProfile(
        street=street,
        all_time=totals(session, selection),
        this_year=totals(session, replace(selection, first_day=first, last_day=last)),
        year=year,
        years=years(session),
        months=months_of(session, shown, since),
        forms=forms_of(totals(session, shown)),
        newest=entries.page(session, LedgerQuery(selection), limit=NEWEST).entries,
        related=[_related(session, word, street) for word in ("stations", "funds", "landmarks")],
    )


def _related(session: Session, word: str, street: Street) -> Related:
    shelf = SHELVES[word]
    model: Any = shelf.model
    query = select(model).where(model.street_id == street.id, model.status.in_(PUBLIC))
    things = session.scalars(
        query.order_by(model.status != Status.ACTIVE, model.code).limit(MOST_RELATED)
    ).all()
    return Related(shelf.title, shelf, things)
