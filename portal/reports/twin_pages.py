"""The reports as web pages: the accessible twins of the printed ones, with the same figures."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import written
from portal.reports import twin
from portal.reports.document import Written
from portal.reports.kinds import KINDS
from portal.reports.poster_pages import reports
from portal.reports.sections.scope import reported_years

__all__ = ["reports"]


@reports.get("/reports/charity-day/<int:year>")
def charity_day_twin(year: int) -> ResponseReturnValue:
    """The Charity Day report of the district."""
    return _show("charity-day", {"year": str(year)})


@reports.get("/reports/charity-day/<int:year>/<uscc>")
def organisation_twin(year: int, uscc: str) -> ResponseReturnValue:
    """The Charity Day report of one organisation."""
    return _show("charity-day", {"year": str(year), "organisation": uscc})


@reports.get("/reports/annual/<uscc>/<int:year>")
def annual_twin(uscc: str, year: int) -> ResponseReturnValue:
    """The books' part of an organisation's annual work report."""
    return _show("annual", {"year": str(year), "organisation": uscc})


@reports.get("/reports/fund/<code>/<int:year>")
def fund_twin(code: str, year: int) -> ResponseReturnValue:
    """The report of a fund."""
    return _show("fund", {"year": str(year), "fund": code})


def _show(kind: str, parameters: dict[str, Any]) -> str:
    document = KINDS[kind].read(db.session(), parameters)
    pdf = url_for("reports.pdf", kind=kind, **parameters)
    return render_template("reports/document.html", document=document, pdf=pdf)


@reports.app_template_filter("report_words")
def report_words(text: str) -> str | None:
    """Words of a report; those that staff wrote are marked as Chinese on pages in other languages."""
    return written(text) if isinstance(text, Written) else text


@reports.app_template_global("report_years")
def report_years() -> list[int]:
    """The years that there are reports of, the newest first."""
    return reported_years(db.session())


for _reader in (twin.shape_of, twin.twin_table, twin.twin_chart, twin.twin_tiles, twin.twin_card):
    reports.add_app_template_global(_reader, f"report_{_reader.__name__}")
