"""The blueprint of the public pages and files of open data."""

from flask import Blueprint, current_app

from portal.opendata.service import OpenData

opendata = Blueprint("opendata", __name__)

_PLACE = "portal_open_data"


def open_data() -> OpenData:
    """What this app gives away; one for all its requests."""
    found: OpenData | None = current_app.extensions.get(_PLACE)
    if found is None:
        found = current_app.extensions[_PLACE] = OpenData(current_app.config["PORTAL_SETTINGS"])
    return found
