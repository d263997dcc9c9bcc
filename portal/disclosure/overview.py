"""The year in charts: giving over time, by form, by street, and from source to use, each from the kept totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.disclosure.flows import Stream, streams
from portal.disclosure.profiles import FormSum, forms_of, months_of
from portal.disclosure.street_profiles import StreetFigures, figures_of
from portal.ledger.figures import Filters, Totals, totals, years
from portal.periods import Month, year_bounds


@dataclass(frozen=True)
class Overview:
    """Everything the page of charts shows. Amounts in fen."""

    year: int
    years: Sequence[int]
    sums: Totals
    months: Sequence[tuple[str, Totals]]
    forms: Sequence[FormSum]
    streets: Sequence[StreetFigures]
    streams: Sequence[Stream]


def overview(session: Session, year: int, organisation_id: int | None = None) -> Overview:
    """Read a year of the district, or of one organisation."""
    first, last = year_bounds(year)
    period = replace(Filters(organisation_id=organisation_id), first_day=first, last_day=last)
    sums = totals(session, period)
    return Overview(
        year=year,
        years=years(session),
        sums=sums,
        months=months_of(session, period, Month(year, 1)),
        forms=forms_of(sums),
        streets=figures_of(session, period),
        streams=streams(session, period),
    )
