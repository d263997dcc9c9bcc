"""What pages ask for beside their own matter: bills in words and on the national platform, ways to give, a visit."""

from flask import Flask

from portal.db import db
from portal.disclosure.bill_lines import corrected_words, slip_lines
from portal.disclosure.bill_names import period_words, sums_in_words, title_of
from portal.disclosure.how_to_give import ways_of
from portal.disclosure.national_pages import page_of
from portal.disclosure.stations import Visit, visit_of
from portal.registry.models import Campaign, Station
from portal.ways_to_give.models import GivingWay


def install(app: Flask) -> None:
    """Give templates the functions."""

    def page(bill_no: str) -> str:
        return page_of(db.session(), bill_no)

    def ways(campaign: Campaign) -> list[GivingWay]:
        return list(ways_of(db.session(), campaign))

    def visit(station: Station) -> Visit:
        return visit_of(db.session(), station)

    app.jinja_env.globals.update(
        platform_page_of_bill=page,
        ways_to_give_of=ways,
        station_visit_of=visit,
        period_words=period_words,
        title_of_bill=title_of,
        sums_of_bill=sums_in_words,
        corrected_words=corrected_words,
        slip_lines=slip_lines,
    )
