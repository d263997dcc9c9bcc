"""The feed: newly published bills, and the signed head of the log, so that many hold a copy of it."""

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import bills, checkpoints
from portal.disclosure.blueprint import disclosure
from portal.registry.geography import current_district

ENTRIES = 40


@disclosure.get("/feed.atom")
def feed() -> ResponseReturnValue:
    """What is new, as an Atom feed (RFC 4287)."""
    session = db.session()
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    mark = checkpoints.mark(session)
    published = bills.listing(session, limit=ENTRIES)
    times = [one.published_at for one in published] + ([mark.signed_at] if mark else [])
    body = render_template(
        "disclosure/feed.xml",
        base=settings.site_address,
        district=current_district(session),
        bills=published,
        mark=mark,
        updated=max(times, default=None),
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")
