"""The poster of a station, for whoever wants to print it."""

from flask import Response

from portal.db import db
from portal.disclosure import profiles
from portal.disclosure.directory import SHELVES
from portal.i18n import gettext as _
from portal.reports.pages import pdf_response, reports
from portal.reports.poster import set_poster
from portal.reports.publisher import current_publisher

__all__ = ["reports"]


@reports.get("/stations/<code>/poster.pdf")
def station_poster(code: str) -> Response:
    """A page to hang up at the station."""
    station = profiles.find(db.session(), SHELVES["stations"], code)
    return pdf_response(set_poster(station, current_publisher()), _("%(name)s海报", name=station.name))
