"""Home page, about, and what search engines ask for."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.config import Settings
from portal.db import db
from portal.disclosure.directory import SHELVES
from portal.disclosure.models import Bill
from portal.registry.models import PUBLIC
from portal.reports.sections.scope import reported_years
from portal.site.front import front

site = Blueprint("site", __name__)

PAGES = (
    "site.home",
    "disclosure.ledger",
    "disclosure.organisations",
    "disclosure.funds",
    "disclosure.stations",
    "disclosure.projects",
    "disclosure.campaigns",
    "disclosure.landmarks",
    "disclosure.bills",
    "disclosure.overview",
    "disclosure.streets",
    "disclosure.honour_roll",
    "disclosure.how_to_give",
    "notices.index",
    "opendata.index",
    "opendata.dictionary",
    "indicators.per_capita",
    "reports.index",
    "disclosure.verify",
    "my_gift.ask_for_code",
    "questions.index",
    "complaints.index",
    "site.about",
)


@site.get("/")
def home() -> ResponseReturnValue:
    """The district's giving at a glance."""
    return render_template("site/home.html", front=front(db.session()))


@site.get("/about")
def about() -> ResponseReturnValue:
    """Who runs the site, how the books are kept, where to complain."""
    return render_template("site/about.html")


@site.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What crawlers may read: everything public, but no filtered list without end."""
    lines = (
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /ledger?",
        "Disallow: /search?",
        "Disallow: /search/",
        "Disallow: /questions?",
        "",
        f"Sitemap: {_base()}/sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@site.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """Every public page that has an address of its own, single entries left out."""
    return Response(
        render_template("site/sitemap.xml", addresses=list(_addresses())), mimetype="application/xml"
    )


def _addresses() -> Iterator[str]:
    session = db.session()
    base = _base()
    for endpoint in PAGES:
        yield base + url_for(endpoint)
    for shelf in SHELVES.values():
        for code in session.scalars(
            select(shelf.code).where(shelf.model.status.in_(PUBLIC)).order_by(shelf.code)
        ):
            arguments: dict[str, Any] = {shelf.code_name: code}
            yield base + url_for(shelf.endpoint, **arguments)
    for bill_no in session.scalars(select(Bill.bill_no).order_by(Bill.id)):
        yield base + url_for("disclosure.bill", bill_no=bill_no)
    for year in reported_years(session):
        yield base + url_for("reports.charity_day_twin", year=year)


def _base() -> str:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return settings.site_address
