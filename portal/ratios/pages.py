"""What the public sees: the rules one by one, and on an organisation's page how it stands by them."""

from flask import Blueprint, render_template
from sqlalchemy import select

from portal.db import db
from portal.periods import today
from portal.ratios import service, wording
from portal.ratios.models import RatioInstrument, RatioRule
from portal.ratios.service import Standing
from portal.registry.models import Organisation

ratio_pages = Blueprint("ratio_pages", __name__)


@ratio_pages.get("/ratios/rules")
def rules() -> str:
    """Every rule with its instrument, article, dates, and how sure we are of its words."""
    session = db.session()
    instruments = session.scalars(
        select(RatioInstrument).order_by(RatioInstrument.effective_from.desc())
    ).all()
    by_instrument: dict[str, list[RatioRule]] = {one.code: [] for one in instruments}
    for rule in session.scalars(select(RatioRule).order_by(RatioRule.code)):
        by_instrument[rule.instrument_code].append(rule)
    return render_template("ratios/rules.html", instruments=instruments, rules=by_instrument)


@ratio_pages.app_template_global("ratios_of")
def ratios_of(organisation: Organisation) -> list[Standing]:
    """How an organisation stands this year and stood in the last; years without any rule are left out."""
    year = today().year
    standings = [service.of_year(db.session(), organisation, one) for one in (year, year - 1)]
    return [one for one in standings if one.ratios]


ratio_pages.add_app_template_global(lambda: today().year, "ratio_this_year")
for _words in (
    wording.anchor_of,
    wording.bar_of,
    wording.notes_on,
    wording.origin_words,
    wording.percent_words,
    wording.rule_words,
    wording.source_words,
    wording.standing_words,
    wording.who_words,
):
    ratio_pages.add_app_template_global(_words, f"ratio_{_words.__name__}")
