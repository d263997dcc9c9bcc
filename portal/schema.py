"""All tables in one place, and the guards that the database keeps over them.

Migrations, tests and the readiness check ask here, so that no list of tables is kept twice.
"""

import re

from sqlalchemy import Connection, text

from portal.beneficiaries import models as beneficiaries
from portal.committees import models as committees
from portal.disclosure import models as disclosure
from portal.disclosure import report_models
from portal.donors import models as donors
from portal.evidence import models as evidence
from portal.giving import consent_models
from portal.giving import models as giving
from portal.imports import layout_models
from portal.imports import models as imports
from portal.indicators import models as indicators
from portal.inquiries import models as inquiries
from portal.jobs import models as jobs
from portal.ledger import models as ledger
from portal.ledger import period_models
from portal.ledger.triggers import append_only_statements, ledger_statements
from portal.opendata import models as opendata
from portal.opendata.models import public_words_statements
from portal.projects import models as projects
from portal.projects import paper_models
from portal.questions import complaint_models
from portal.questions import models as questions
from portal.ratios import models as ratios
from portal.receipts import fiscal_models
from portal.receipts import models as receipts
from portal.reconciliation import models as reconciliation
from portal.registry import models as registry
from portal.registry import plan_models, record_models
from portal.reversals import models as reversals
from portal.search import models as search
from portal.search.guards import is_kept_here, search_statements
from portal.spending import models as spending
from portal.staff import models as staff
from portal.stock import models as stock
from portal.till import models as till
from portal.transfers import models as transfers
from portal.translog import models as translog
from portal.ways_to_give import models as ways_to_give

MODELS = (
    translog,
    ledger,
    period_models,
    staff,
    jobs,
    registry,
    plan_models,
    record_models,
    ways_to_give,
    projects,
    paper_models,
    evidence,
    stock,
    committees,
    reversals,
    donors,
    giving,
    consent_models,
    receipts,
    fiscal_models,
    till,
    ratios,
    spending,
    beneficiaries,
    transfers,
    imports,
    layout_models,
    reconciliation,
    indicators,
    disclosure,
    report_models,
    opendata,
    inquiries,
    questions,
    complaint_models,
    search,
)

_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+)")
_FUNCTION = re.compile(r"FUNCTION (\w+)\(\).*?AS \$\$(.*)\$\$", re.DOTALL)

APPEND_ONLY_TABLES: tuple[str, ...] = tuple(
    table for module in MODELS for table in getattr(module, "APPEND_ONLY_TABLES", ())
)


def guard_statements(dialect: str) -> list[str]:
    """Every trigger of the database, as statements for one engine (``sqlite`` or ``postgresql``)."""
    return [
        *append_only_statements(dialect, APPEND_ONLY_TABLES),
        *ledger_statements(dialect),
        *search_statements(dialect),
        *public_words_statements(dialect),
    ]


def described_by_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether Alembic compares a table or index: what the search has of the database's own it does not know."""
    return not is_kept_here(name)


def install_guards(connection: Connection) -> None:
    """Create every trigger."""
    for statement in guard_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def change_check(connection: Connection, constraint: tuple[str, str], old: str, new: str) -> None:
    """Replace the condition of a CHECK, named by table and name; every stored row must fulfil the new one.

    SQLite has no statement for it, and rebuilding the table would drop its triggers without a word. Its documentation
    ("Making Other Kinds Of Table Schema Changes") gives the way for changes that do not touch what is stored: edit the
    text of the table, and raise the schema's version so that every connection reads it anew.

    Raises:
        RuntimeError: the table does not have the old condition.
    """
    table, name = constraint
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'))
        connection.execute(text(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" CHECK ({new})'))
        return
    _edit_sqlite(connection, table, f"CONSTRAINT {name} CHECK ({old})", f"CONSTRAINT {name} CHECK ({new})")


def add_check(connection: Connection, constraint: tuple[str, str], condition: str) -> None:
    """Add a CHECK, named by table and name, in the same way.

    Raises:
        RuntimeError: a stored row does not fulfil it.
    """
    table, name = constraint
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" CHECK ({condition})'))
        return
    broken = text(f'SELECT count(*) FROM "{table}" WHERE NOT ({condition})')  # noqa: S608 - from a migration
    if connection.execute(broken).scalar_one():
        raise RuntimeError(f"{table} has rows that do not fulfil {condition}")
    stored = _stored_sqlite(connection, table).rstrip()
    _store_sqlite(connection, table, f"{stored.removesuffix(')')}, CONSTRAINT {name} CHECK ({condition}))")


def drop_check(connection: Connection, constraint: tuple[str, str], condition: str) -> None:
    """Take away what ``add_check`` added."""
    table, name = constraint
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'))
        return
    _edit_sqlite(connection, table, f", CONSTRAINT {name} CHECK ({condition})", "")


def allow_null(connection: Connection, table: str, column: str, kind: str = "INTEGER") -> None:
    """Let a column (of a type as SQLite names it) stay empty from now on; another change that rebuilds no table."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP NOT NULL'))
        return
    _edit_sqlite(connection, table, f"{column} {kind} NOT NULL", f"{column} {kind}")


def forbid_null(connection: Connection, table: str, column: str, kind: str = "INTEGER") -> None:
    """Take back what ``allow_null`` allowed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET NOT NULL'))
        return
    _edit_sqlite(connection, table, f"{column} {kind}", f"{column} {kind} NOT NULL")


def drop_reference(connection: Connection, table: str, column: str, target: str) -> None:
    """Drop a column that points at another table; SQLite drops none while a key of its table names it."""
    if connection.dialect.name == "sqlite":
        key = f"CONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES {target} (id)"
        _edit_sqlite(connection, table, f"{key}, ", "")
    connection.execute(text(f'ALTER TABLE "{table}" DROP COLUMN "{column}"'))


def _edit_sqlite(connection: Connection, table: str, before: str, after: str) -> None:
    stored = _stored_sqlite(connection, table)
    if stored.count(before) != 1:
        raise RuntimeError(f"{table} has no {before}")
    _store_sqlite(connection, table, stored.replace(before, after))


def _stored_sqlite(connection: Connection, table: str) -> str:
    stored = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), {"table": table}
    )
    return str(stored.scalar_one())


def _store_sqlite(connection: Connection, table: str, sql: str) -> None:
    version = connection.execute(text("PRAGMA schema_version")).scalar_one()
    connection.execute(text("PRAGMA writable_schema = ON"))
    connection.execute(
        text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": sql, "table": table},
    )
    connection.execute(text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(text("PRAGMA writable_schema = OFF"))


def missing_guards(connection: Connection) -> list[str]:
    """The triggers that are gone or do something else, by name.

    A table that a migration rebuilt has lost its own without a word; somebody with the database in hand may have left
    one of the same name that refuses nothing.
    """
    dialect = connection.dialect.name
    wanted = {name: one for one in guard_statements(dialect) for name in _TRIGGER.findall(one)}
    if dialect == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        held = {row.name: _plain(row.sql) for row in rows}
        return sorted(name for name, one in wanted.items() if held.get(name) != _plain(one))
    present = set(
        connection.execute(
            text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        ).scalars()
    )
    return sorted((wanted.keys() - present) | _hollow_functions(connection))


def _hollow_functions(connection: Connection) -> set[str]:
    """Functions of triggers whose body is another than ours."""
    wanted = {
        found.group(1): _plain(found.group(2))
        for one in guard_statements("postgresql")
        if (found := _FUNCTION.search(one)) is not None
    }
    rows = connection.execute(
        text(
            "SELECT proname, prosrc FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace "
            "WHERE nspname = current_schema()"
        )
    )
    held = {row.proname: _plain(row.prosrc) for row in rows}
    return {name for name, body in wanted.items() if held.get(name) != body}


def _plain(statement: str) -> str:
    return " ".join(statement.replace("IF NOT EXISTS ", "").split())
