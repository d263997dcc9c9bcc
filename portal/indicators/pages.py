"""The public page of per-capita giving."""

from flask import Blueprint, render_template

from portal.db import db
from portal.indicators.services import per_capita as indicator
from portal.registry.geography import current_district

indicators = Blueprint("indicators", __name__)


@indicators.get("/indicators")
def per_capita() -> str:
    """The series, the plan's path, the gap, and what is still missing this year."""
    session = db.session()
    return render_template(
        "indicators/per_capita.html",
        series=indicator.per_capita(session),
        district=current_district(session),
    )
