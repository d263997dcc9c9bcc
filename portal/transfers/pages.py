"""Public notices of changes of purpose: the text, until when it runs, and how to object."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.registry.models import Fund
from portal.transfers.models import FundTransfer
from portal.transfers.noticing import notice_of, notices
from portal.transfers.rules import NOTICE

notice_pages = Blueprint("notices", __name__)


@notice_pages.get("/notices")
def index() -> ResponseReturnValue:
    """All notices, the newest first."""
    return render_template("transfers/notices.html", notices=notices(db.session()), rule=NOTICE)


@notice_pages.get("/notices/<transfer_no>")
def show(transfer_no: str) -> ResponseReturnValue:
    """One notice in full."""
    found = notice_of(db.session(), transfer_no.upper())
    return render_template("transfers/notice.html", transfer=found, change=found.change)


def install(app: Flask) -> None:
    """Let the page of a fund ask for the notices that touch it."""

    def notices_of(thing: Fund) -> list[FundTransfer]:
        return list(notices(db.session(), fund_id=thing.id))

    app.jinja_env.globals["notices_of"] = notices_of
