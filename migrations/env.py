"""Run migrations on the app's own engine, as a writer, in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy.engine import Connection

from portal import schema
from portal.db import Base, Instant, db

assert schema.MODELS, "all models must be imported before their tables are compared"


def _render(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    # A migration stands on its own: it must not change when our column types do.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Instant) else False


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        include_name=schema.described_by_models,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Migrate with the engine of the running app."""
    if context.is_offline_mode():
        raise SystemExit("migrations run against a database only")
    with current_app.app_context():
        engine = db.engine
        with engine.connect().execution_options(portal_writer=True) as connection:
            _configure(connection)


run()
