"""What every process of ours stands on: settings, log lines, the database and its guards, the languages.

The site is put on top of it by ``portal/application.py``. A process that only makes a report goes without: the pages,
the desk and what they need of other people's libraries take a quarter of its memory.
"""

from flask import Flask

from portal import i18n, logs
from portal.config import PROJECT, Settings
from portal.db import db, prepare_engine
from portal.disclosure.bill_words import BILLS
from portal.search import keeping
from portal.search.things import THINGS
from portal.watch import doubts


def lay_foundation(settings: Settings | None = None) -> Flask:
    """An app without pages, from settings (by default from the environment): enough to read the books and to write.

    Raises:
        pydantic.ValidationError: a setting is wrong, or a production start with a default secret.
    """
    settings = settings or Settings()
    app = Flask(
        "portal",
        instance_path=str(PROJECT / "instance"),
        template_folder=str(PROJECT / "templates"),
        static_folder=str(PROJECT / "static"),
    )
    _configure(app, settings)
    logs.install(app)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)
    i18n.install(app)
    keeping.install(app, (*THINGS, BILLS))
    doubts.install(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    if settings.database_url.startswith("sqlite:///"):
        (PROJECT / "instance").mkdir(exist_ok=True)
    app.config.update(
        PORTAL_SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # The message of a database error ends in the log: never with the values of a row.
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,
            "pool_pre_ping": settings.database_url.startswith("postgresql"),
        },
        TESTING=settings.environment == "test",
    )
