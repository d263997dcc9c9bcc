"""What the home page says, from the one sentence on top to the book's checkpoint at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.disclosure import bills, entries, uses
from portal.disclosure.emergencies import Emergency, emergencies
from portal.disclosure.entries import LedgerQuery
from portal.disclosure.models import Bill
from portal.disclosure.public_entries import PublicEntry
from portal.disclosure.street_profiles import StreetFigures, figures_of
from portal.i18n import lazy_gettext as _l
from portal.indicators.services.per_capita import Series, Year, per_capita
from portal.ledger.figures import Filters, Totals, totals
from portal.ledger.models import Direction
from portal.periods import Month, today, year_bounds
from portal.refusals import Sentence
from portal.site.seasons import Season, season_of

NEWEST = 5
SLIPS = 6


@dataclass(frozen=True)
class Period:
    """A stretch of time in words, with what came in and went out in it."""

    words: Sentence
    first: date
    last: date
    sums: Totals

    @property
    def left_fen(self) -> int:
        """What came in less what went out."""
        return self.sums.received_fen - self.sums.disbursed_fen


@dataclass(frozen=True)
class Front:
    """Everything the home page shows. Amounts in fen."""

    year: int
    periods: Sequence[Period]
    all_time: Totals
    people_helped: int
    series: Series
    season: Season | None
    emergencies: Sequence[Emergency]
    gifts: Sequence[PublicEntry]
    payouts: Sequence[PublicEntry]
    streets: Sequence[StreetFigures]
    bills: Sequence[Bill]

    @property
    def this_year(self) -> Totals:
        """The sums of this year."""
        return self.periods[-1].sums

    @property
    def last_known(self) -> Year | None:
        """The newest year whose giving per resident is known."""
        return next((one for one in reversed(self.series.years) if one.per_capita_fen is not None), None)


def front(session: Session) -> Front:
    """Read the home page."""
    day = today()
    first, last = year_bounds(day.year)
    month = Month.of(day)
    return Front(
        year=day.year,
        periods=[
            _period(session, _l("今天"), day, day),
            _period(session, _l("本月"), month.first, month.last),
            _period(session, _l("今年"), first, last),
        ],
        all_time=totals(session, Filters()),
        people_helped=uses.people_helped(session, first, last),
        series=per_capita(session),
        season=season_of(session, day),
        emergencies=emergencies(session, day),
        gifts=_newest(session, Direction.IN),
        payouts=_newest(session, Direction.OUT),
        streets=figures_of(session, Filters(first_day=first, last_day=last)),
        bills=bills.listing(session, limit=SLIPS),
    )


def _period(session: Session, words: Sentence, first: date, last: date) -> Period:
    return Period(words, first, last, totals(session, Filters(first_day=first, last_day=last)))


def _newest(session: Session, direction: Direction) -> Sequence[PublicEntry]:
    """The newest gifts or payouts; what only moved between funds is neither."""
    found = entries.page(session, LedgerQuery(Filters(direction=direction)), limit=3 * NEWEST).entries
    return [one for one in found if not one.moves][:NEWEST]
