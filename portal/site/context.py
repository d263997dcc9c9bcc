"""What every page's frame shows: the district's name, whether the books are a demonstration, the ledger's size."""

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.demo.marker import is_demonstration
from portal.ledger.figures import ledger_size
from portal.registry.geography import district_name


def install(app: Flask) -> None:
    """Give the frame its variables."""

    @app.context_processor
    def _frame() -> dict[str, object]:
        frame: dict[str, object] = {"current_user": Reader(g.get("staff"))}
        if request.endpoint == "static":
            return frame
        try:
            session = db.session()
            frame.update(
                district_name=district_name(current_app.config["PORTAL_SETTINGS"].district_dir),
                demo_mode=is_demonstration(session),
                tree_size=ledger_size(session),
            )
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
