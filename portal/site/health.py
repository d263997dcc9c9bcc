"""For machines that watch the portal: is it alive, and may it be given traffic?"""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.config import PROJECT
from portal.db import db
from portal.schema import missing_guards

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers, its schema is the code's, and its guards stand."""
    try:
        connection = db.session().connection()
        current = MigrationContext.configure(connection).get_current_revision()
        guards = missing_guards(connection)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    expected = ScriptDirectory(str(PROJECT / "migrations")).get_current_head()
    problems = {}
    if current != expected:
        problems["schema"] = f"at {current}, expected {expected}"
    if guards:
        problems["guards"] = f"missing: {', '.join(guards)}"
    if problems:
        return jsonify(status="unavailable", **problems), 503
    return jsonify(status="ok", schema=current)
