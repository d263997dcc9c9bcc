"""Whether the migrated schema is the one that the models describe, on SQLite and on PostgreSQL.

Alembic compares tables, columns, indexes and keys; checks and triggers, which it does not see, are compared with those
of a second database that was made from the models without any migration.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from portal.config import PROJECT
from portal.db import Base
from portal.schema import described_by_models, install_guards, missing_guards
from tests import databases

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname || ' on ' || tgrelid::regclass, pg_get_triggerdef(pg_trigger.oid) || pg_get_functiondef(tgfoid) "
        "FROM pg_trigger WHERE NOT tgisinternal"
    ),
}

ALEMBIC = {"compare_type": True, "compare_server_default": True, "include_name": described_by_models}


def triggers(connection: Connection) -> dict[str, str]:
    """What the database does by itself: the text of each trigger by its name."""
    rows = connection.execute(text(TRIGGERS[connection.dialect.name]))
    return {name: re.sub(r"\s+", " ", body) for name, body in rows}


def checks(connection: Connection) -> dict[str, str]:
    """The conditions that the database keeps, by table and name."""
    inspector = inspect(connection)
    return {
        f"{table}.{check['name']}": re.sub(r"\s+", " ", check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def differences(kind: str, migrated: dict[str, str], described: dict[str, str]) -> Iterator[str]:
    """What one database has and the other has not, or has otherwise."""
    for name in sorted(migrated.keys() | described.keys()):
        if name not in migrated:
            yield f"{kind} {name}: no migration makes it"
        elif name not in described:
            yield f"{kind} {name}: made by a migration, unknown to the models"
        elif migrated[name] != described[name]:
            yield f"{kind} {name}: migrated {migrated[name]!r}, described {described[name]!r}"


def compare(migrated_url: str, described_url: str) -> Iterator[str]:
    """Every difference between a migrated database and one made from the models."""
    migrated, described = create_engine(migrated_url), create_engine(described_url)
    with migrated.connect() as one, described.begin() as other:
        Base.metadata.create_all(other)
        install_guards(other)
        context = MigrationContext.configure(one, opts=ALEMBIC)
        yield from (str(difference) for difference in compare_metadata(context, Base.metadata))
        yield from (f"table {table}: its guard is missing" for table in missing_guards(one))
        yield from differences("trigger", triggers(one), triggers(other))
        yield from differences("check", checks(one), checks(other))
    migrated.dispose()
    described.dispose()


def heads() -> list[str]:
    """The last migrations; more than one means that two lines of work were not joined."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return ScriptDirectory.from_config(config).get_heads()


def main() -> int:
    """Compare on both engines and say every difference."""
    problems = [] if len(heads()) == 1 else [f"there is not one last migration but {heads()}"]
    with tempfile.TemporaryDirectory() as folder, databases.running_cluster() as cluster:
        for name in ("migrated", "described"):
            cluster.execute(f"CREATE DATABASE {name}")
        urls = {
            "SQLite": [f"sqlite:///{Path(folder) / name}.sqlite3" for name in ("migrated", "described")],
            "PostgreSQL": [cluster.url(name) for name in ("migrated", "described")],
        }
        for engine, (migrated, described) in urls.items():
            databases.build(migrated)
            found = list(compare(migrated, described))
            print(f"{engine}: {len(Base.metadata.tables)} tables, {len(found)} differences")
            problems += [f"{engine}: {difference}" for difference in found]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
