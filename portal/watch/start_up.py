"""What must hold before the portal serves: the schema is the code's, its guards stand, and commits are durable."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from portal.config import PROJECT, Settings
from portal.db import db
from portal.schema import missing_guards


class Unsound(RuntimeError):
    """The portal must not serve; the message says why and what to do."""


def require_sound(settings: Settings) -> None:
    """Look at the database before serving from it.

    Raises:
        Unsound: something is missing that the promises of the books rest on.
    """
    try:
        connection = db.session().connection()
        _require_schema(connection)
        guards = missing_guards(connection)
        if guards:
            raise Unsound(
                f"数据库缺少保护账本的触发器：{'、'.join(guards)}。请从备份恢复，不要直接修改数据库。"
            )
        if settings.environment != "test":
            _require_durable(connection)
    except SQLAlchemyError as problem:
        raise Unsound(f"连不上数据库：{type(problem).__name__}") from problem
    finally:
        db.session.remove()


def _require_schema(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    expected = ScriptDirectory(str(PROJECT / "migrations")).get_current_head()
    if current != expected:
        raise Unsound(f"数据库结构是 {current or '空的'}，程序需要 {expected}。请先运行 portal init。")


def _require_durable(connection: Connection) -> None:
    """Read back that a commit reaches the disk before it is answered: a power cut was measured to lose all else."""
    if connection.dialect.name == "sqlite":
        found = {"synchronous": connection.execute(text("PRAGMA synchronous")).scalar_one()}
        wanted: dict[str, object] = {"synchronous": 2}
    else:
        names = ("fsync", "full_page_writes", "synchronous_commit")
        found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in names}
        wanted = dict.fromkeys(names, "on")
        # Replicas that confirm are more than the disk.
        if found["synchronous_commit"] in ("remote_write", "remote_apply"):
            found["synchronous_commit"] = "on"
    wrong = [f"{name}={found[name]}" for name in wanted if found[name] != wanted[name]]
    if wrong:
        raise Unsound(f"数据库的设置会在断电时丢账：{'、'.join(wrong)}。请改回默认的安全设置。")
