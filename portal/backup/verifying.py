"""Look into a copy before it is trusted: the schema is known, the guards stand, everything recomputed agrees."""

from dataclasses import dataclass

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.config import PROJECT, Settings
from portal.db import db
from portal.refusals import Refusal
from portal.schema import missing_guards
from portal.translog.beginning import signer_of
from portal.translog.reading import log_size
from portal.watch.recomputing import recompute


class Damaged(Refusal):
    """A copy of the books that must not be used."""


@dataclass(frozen=True)
class Contents:
    """What a copy holds."""

    entries: int
    leaves: int


def require_sound(app: Flask) -> Contents:
    """Recompute everything in the database of an app.

    Raises:
        Damaged: the copy is unreadable, of an unknown schema, without its guards, or does not agree with itself.
    """
    settings: Settings = app.config["PORTAL_SETTINGS"]
    with app.app_context():
        try:
            connection = db.session().connection()
            revision = MigrationContext.configure(connection).get_current_revision()
            if revision not in _known_revisions():
                raise Damaged(f"备份的数据库结构是 {revision}，这个版本的程序不认识。")
            missing = missing_guards(connection) if revision == _newest() else []
            if missing:
                raise Damaged(f"备份缺少保护账本的触发器：{'、'.join(missing)}")
            report = recompute(db.session(), signer_of(settings))
            if not report.ok:
                first = report.differences[0]
                raise Damaged(f"备份里的账核对不上：{first.kind} {first.entry_no or ''} {first.message}")
            return Contents(report.entries, log_size(db.session()))
        except SQLAlchemyError as problem:
            raise Damaged(f"备份读不出来：{type(problem).__name__}") from problem
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(PROJECT / "migrations"))


def _newest() -> str | None:
    return _scripts().get_current_head()


def _known_revisions() -> set[str]:
    return {script.revision for script in _scripts().walk_revisions()}
