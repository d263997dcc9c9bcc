"""What the home page says: the year so far, the way to the target, what came and went last, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.disclosure import bills, entries, uses
from portal.disclosure.entries import LedgerQuery, PublicEntry
from portal.disclosure.models import Bill
from portal.indicators.services.per_capita import Series, per_capita
from portal.ledger.figures import Filters, Totals, by_dimension, totals
from portal.ledger.models import Direction
from portal.periods import today, year_bounds
from portal.registry import lookups
from portal.registry.models import Street
from portal.site.figures import headline

NEWEST = 5
LEVELS = 4


@dataclass(frozen=True)
class Tile:
    """One street of the schematic map: its place, this year's giving in words, and how strong its colour is."""

    name: str
    code: str
    column: int
    row: int
    level: int
    words: str


@dataclass(frozen=True)
class Front:
    """Everything the home page shows. Amounts in fen."""

    year: int
    this_year: Totals
    all_time: Totals
    people_helped: int
    series: Series
    gifts: Sequence[PublicEntry]
    payouts: Sequence[PublicEntry]
    tiles: Sequence[Tile]
    bills: Sequence[Bill]


def front(session: Session) -> Front:
    """Read the home page."""
    year = today().year
    first, last = year_bounds(year)
    period = Filters(first_day=first, last_day=last)
    return Front(
        year=year,
        this_year=totals(session, period),
        all_time=totals(session, Filters()),
        people_helped=uses.people_helped(session, first, last),
        series=per_capita(session),
        gifts=_newest(session, Direction.IN),
        payouts=_newest(session, Direction.OUT),
        tiles=_tiles(lookups.streets(session), by_dimension(session, period, "street_id")),
        bills=bills.listing(session, limit=3),
    )


def _newest(session: Session, direction: Direction) -> Sequence[PublicEntry]:
    return entries.page(session, LedgerQuery(Filters(direction=direction)), limit=NEWEST).entries


def _tiles(streets: Sequence[Street], sums: dict[object, Totals]) -> list[Tile]:
    received = {street.id: sums[street.id].received_fen if street.id in sums else 0 for street in streets}
    ranked = sorted(fen for fen in received.values() if fen > 0)
    return [
        Tile(
            name=street.name.removesuffix("街道"),
            code=street.code,
            column=street.tile_column,
            row=street.tile_row,
            level=_level(received[street.id], ranked),
            words=str(headline(received[street.id])),
        )
        for street in streets
    ]


def _level(fen: int, ranked: Sequence[int]) -> int:
    """0 for nothing, else the quarter of the streets that gave something, 1 the least."""
    return 1 + ranked.index(fen) * LEVELS // len(ranked) if fen > 0 else 0
