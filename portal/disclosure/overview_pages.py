"""Pages that look across: the charts, the streets, the honour roll, and how to give."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.disclosure import honour_roll as roll
from portal.disclosure import how_to_give as giving
from portal.disclosure import overview as charts
from portal.disclosure import street_profiles
from portal.disclosure.blueprint import disclosure
from portal.disclosure.directory import SHELVES
from portal.disclosure.honour_roll import Band
from portal.disclosure.profiles import find, year_asked
from portal.disclosure.selects import filter_options
from portal.ledger.figures import Filters, years
from portal.periods import today, year_bounds


@disclosure.get("/overview")
def overview() -> ResponseReturnValue:
    """The charts of a year, of all or of one organisation."""
    session = db.session()
    uscc = request.args.get("organisation", "")[:18]
    organisation = find(session, SHELVES["organisations"], uscc) if uscc else None
    year = year_asked(request.args.get("year", "")) or today().year
    return render_template(
        "disclosure/overview.html",
        overview=charts.overview(session, year, organisation.id if organisation else None),
        organisation=organisation,
        organisations=filter_options(session).organisations,
    )


@disclosure.get("/streets")
def streets() -> ResponseReturnValue:
    """All streets by code, with what they received in a year."""
    session = db.session()
    year = year_asked(request.args.get("year", "")) or today().year
    first, last = year_bounds(year)
    return render_template(
        "disclosure/streets.html",
        year=year,
        years=years(session),
        streets=street_profiles.figures_of(session, Filters(first_day=first, last_day=last)),
    )


@disclosure.get("/streets/<code>")
def street(code: str) -> ResponseReturnValue:
    """One street."""
    year = year_asked(request.args.get("year", ""))
    return render_template(
        "disclosure/street.html", profile=street_profiles.street_profile(db.session(), code, year)
    )


@disclosure.get("/honour-roll")
def honour_roll() -> ResponseReturnValue:
    """Donors who agreed to be named, by year, the newest first."""
    session = db.session()
    known = years(session)
    year = year_asked(request.args.get("year", "")) or (known[0] if known else today().year)
    band = request.args.get("band", "")
    return render_template(
        "disclosure/honour_roll.html",
        years=known,
        roll=roll.honour_roll(
            session,
            year,
            Band(band) if band in set(Band) else Band.ALL,
            after=request.args.get("after", "")[:40].replace("\x00", ""),
        ),
        continued=bool(request.args.get("after")),
        bands=member_pairs(Band),
    )


@disclosure.get("/how-to-give")
def how_to_give() -> ResponseReturnValue:
    """Where and how one may give; the portal takes no money."""
    after = request.args.get("after", "")[:24].replace("\x00", "")
    return render_template(
        "disclosure/how_to_give.html", giving=giving.how_to_give(db.session(), after=after), after=after
    )
