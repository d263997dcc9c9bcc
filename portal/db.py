"""The database: one declarative base, the session, and the one way to write.

Reading requests see one consistent snapshot. Writers go through ``writing()``: on SQLite they take the write lock
at once (``BEGIN IMMEDIATE``), because a lock taken later was measured to fail or to overdraw.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Engine,
    Enum,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    any_,
    bindparam,
    cast,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from portal.crashing import crash_point

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration never has to rebuild a table to find one."""

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit surrogate key (SQLite numbers rows by itself only in an INTEGER column)."""


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


Thing = TypeVar("Thing", bound=Base)

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Instant(TypeDecorator[datetime]):
    """A point in time: stored in UTC, always read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would mean something else on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive values their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """A column of the words of an enumeration, stored as text."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def index_of_some(name: str, column: str, *more: str) -> Index:
    """An index over the rows that have a value in its first column: where most have none, it is written seldom."""
    condition = text(f"{column} IS NOT NULL")
    return Index(name, column, *more, sqlite_where=condition, postgresql_where=condition)


@contextmanager
def writing(*, even_in_doubt: bool = False) -> Iterator[Session]:
    """Open the write transaction, or join the one that is open; commit at the outermost end.

    What was read before is forgotten, so that rules are checked against what is true under the lock. What is kept
    beside other rows (the search) is brought in step as the last act before the commit. While the books are in doubt
    (``portal/watch/doubts.py``) nothing is written but what says so: logins and the like.

    Raises:
        RuntimeError: when unsaved changes were made outside a write transaction.
        Unavailable: the books are in doubt.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside writing()")
    session.rollback()
    session.info["writing"] = session.connection(execution_options={"portal_writer": True})
    try:
        if not even_in_doubt:
            for guard in current_app.extensions.get("write_guards", ()):
                guard(session)
        yield session
        for finish in current_app.extensions.get("write_finishers", ()):
            finish(session)
        crash_point("before_commit")
        session.commit()
        crash_point("after_commit")
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def held(session: Session, model: type[Thing], id_: int, *, lock: bool) -> Thing | None:
    """A row by its id; with ``lock`` nobody else changes it before the transaction ends, and it is read anew.

    A row that was read before the lock was had may be an older one: whoever waited would decide on what is past.
    """
    if lock:
        session.flush()
    return session.get(model, id_, with_for_update=lock or None, populate_existing=lock)


def take_row(session: Session, model: type[Thing], id_: int, *, lock: bool) -> Thing | None:
    """A row by its id; with ``lock`` nobody else changes it before the transaction ends, and it is read anew.

    A row that was read before the lock was had may be an older one: whoever waited would decide on what is past.
    """
    if lock:
        session.flush()
    return session.get(model, id_, with_for_update=lock or None, populate_existing=lock)


def connection_of(session: Session) -> Connection:
    """The connection of the transaction; the session itself takes longer to find it than a statement to run."""
    connection: Connection = session.info.get("writing") or session.connection()
    return connection


def take_turn(session: Session, *keys: str) -> None:
    """Make commands with the same key run one after the other, until the transaction ends.

    What is looked for and not found cannot be locked as a row; SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(keys):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def is_any_of(
    session: Session, column: ColumnElement[str] | InstrumentedAttribute[Any], texts: Sequence[str]
) -> ColumnElement[bool]:
    """Whether a column holds one of many texts: tens of thousands travel as a single parameter."""
    dialect = session.get_bind().dialect.name
    return is_any_in(dialect, column, bindparam(None, texts_for(dialect, texts)))


def is_one_of(
    session: Session, column: InstrumentedAttribute[int], numbers: Sequence[int]
) -> ColumnElement[bool]:
    """Whether a column holds one of many numbers: thousands travel as a single parameter."""
    if session.get_bind().dialect.name == "sqlite":
        given = func.json_each(json.dumps(list(numbers))).table_valued("value")
        return column.in_(select(given.c.value))
    return column == any_(cast(literal(list(numbers), ARRAY(BigInteger)), ARRAY(BigInteger)))


def is_any_in(
    dialect: str, column: ColumnElement[str] | InstrumentedAttribute[Any], texts: BindParameter[Any]
) -> ColumnElement[bool]:
    """The same for a statement that is built once; ``texts`` is later given ``texts_for``.

    PostgreSQL is given an array to compare with: asked to join with the array's rows, it was seen to walk through a
    table that it has no statistics of yet, once for each row.
    """
    if dialect == "sqlite":
        return column.in_(select(func.json_each(texts).table_valued("value").c.value))
    return column == any_(cast(texts, ARRAY(String)))


def texts_for(dialect: str, texts: Sequence[str]) -> str | list[str]:
    """Texts as the single parameter of ``is_any_in``."""
    return json.dumps(list(texts)) if dialect == "sqlite" else list(texts)


def insert_many(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert plain rows, all with the same columns; Python-side defaults are not filled in.

    PostgreSQL takes them by COPY: fifty thousand gifts were measured at half the time of single statements. Its
    triggers fire as for INSERT.
    """
    if not rows:
        return
    connection = connection_of(session)
    plan = _plan_of(model, tuple(rows[0]), connection.dialect)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(plan.insert, list(plan.values(rows)))
        return
    with connection.connection.cursor().copy(plan.copy) as copy:
        for values in plan.values(rows):
            copy.write_row(values)


@dataclass(frozen=True)
class _Plan:
    """How rows of one shape are written: the statements, and what makes a driver's value of each."""

    names: tuple[str, ...]
    binds: tuple[Callable[[Any], Any] | None, ...]
    insert: str
    copy: str

    def values(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """The values of rows in the order of the columns."""
        columns = (
            _column([row[name] for row in rows], bind)
            for name, bind in zip(self.names, self.binds, strict=True)
        )
        return zip(*columns, strict=True)


def _column(values: list[Any], bind: Callable[[Any], Any] | None) -> list[Any]:
    """The driver's values of one column. Days, words and flags repeat from row to row: each is made once."""
    if bind is None:
        return values
    made: dict[Any, Any] = {}
    try:
        for value in set(values):
            made[value] = bind(value)
    except TypeError:
        return [bind(value) for value in values]
    return [made[value] for value in values]


@cache
def _plan_of(model: type[Base], names: tuple[str, ...], dialect: Dialect) -> _Plan:
    table = Base.metadata.tables[model.__tablename__]
    binds = tuple(_bind_of(table.c[name].type, dialect) for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return _Plan(
        names,
        binds,
        insert=f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})',  # noqa: S608
        copy=f'COPY "{table.name}" ({columns}) FROM STDIN',
    )


def _bind_of(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, LargeBinary):
        return None  # both drivers take bytes as they are
    return kind.dialect_impl(dialect).bind_processor(dialect)


def prepare_engine(engine: Engine) -> None:
    """Set durability and locking on every connection of an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-65536",
        # A statement that fires a trigger keeps a journal of the pages it touches; in a file it was measured to cost
        # more than the statement.
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writer = connection.get_execution_options().get("portal_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("portal_writer", False):
        # Whatever the server's default: at this level a conditional UPDATE sees what others committed while it waited
        # for the row, and nobody is sent away to try again.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    else:
        # One page shows one state of the books, whatever is posted while it is drawn.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
