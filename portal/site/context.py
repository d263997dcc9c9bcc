"""What every page's frame shows: the district's name, whether the books are a demonstration, the ledger's size."""

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.db import db
from portal.disclosure.checkpoints import mark
from portal.ledger.figures import ledger_size
from portal.registry.geography import current_district
from portal.watch.doubts import current_doubts


def install(app: Flask) -> None:
    """Give the frame its variables."""

    @app.context_processor
    def _frame() -> dict[str, object]:
        settings: Settings = current_app.config["PORTAL_SETTINGS"]
        # What others copy from a page says where this site is, not under which name somebody asked for it.
        frame: dict[str, object] = {
            "current_user": Reader(g.get("staff")),
            "site_address": settings.site_address,
        }
        if request.endpoint == "static":
            return frame
        try:
            session = db.session()
            district = current_district(session)
            frame["entry_count"] = ledger_size(session)
            frame["checkpoint"] = mark(session)
            frame["doubt"] = current_doubts().reason(session)
            if district is not None:
                frame.update(district_name=district.name, demo_mode=district.demonstration)
        except SQLAlchemyError:
            # An error page must be shown even when the database is away.
            db.session.rollback()
        return frame


class Reader:
    """Whoever reads the page, as templates see them."""

    def __init__(self, staff: object | None) -> None:
        self._staff = staff
        self.is_authenticated = staff is not None

    def __getattr__(self, name: str) -> object:
        return getattr(self._staff, name)
