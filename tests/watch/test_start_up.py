"""The portal does not serve from a database that lost what its promises rest on."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from portal.config import Settings
from portal.db import db, writing
from portal.watch.start_up import Unsound, require_sound


@pytest.fixture
def served(app: Flask, app_context: None) -> Settings:
    """The settings as of a site that is to be served."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return settings.model_copy(update={"environment": "development"})


def execute(statement: str) -> None:
    with writing() as session:
        session.execute(text(statement))


def test_a_sound_database_is_served(app: Flask, app_context: None) -> None:
    require_sound(app.config["PORTAL_SETTINGS"])


@pytest.mark.parametrize(
    "trigger", ["ledger_entry_seal ON ledger_entry", "ledger_posting_sealed ON ledger_posting"]
)
def test_a_lost_trigger_is_named(app: Flask, app_context: None, trigger: str) -> None:
    name, _, _table = trigger.partition(" ON ")
    execute(f"DROP TRIGGER {trigger if db.engine.dialect.name == 'postgresql' else name}")
    with pytest.raises(Unsound, match=name):
        require_sound(app.config["PORTAL_SETTINGS"])


def test_a_trigger_that_refuses_nothing_is_named(app: Flask, app_context: None) -> None:
    if db.engine.dialect.name == "postgresql":
        name = "ledger_entry_refuse_change"
        execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )
    else:
        name = "ledger_entry_refuse_update"
        execute(f"DROP TRIGGER {name}")
        execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON ledger_entry WHEN 0 BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(Unsound, match=name):
        require_sound(app.config["PORTAL_SETTINGS"])


@pytest.mark.one_engine
def test_a_table_that_was_rebuilt_has_lost_its_triggers_and_is_found(served: Settings) -> None:
    with writing() as session:
        session.execute(text("CREATE TABLE copied AS SELECT * FROM log_leaf"))
        session.execute(text("DROP TABLE log_leaf"))
        session.execute(text("ALTER TABLE copied RENAME TO log_leaf"))
    with pytest.raises(Unsound, match="log_leaf_refuse_update"):
        require_sound(served)


@pytest.mark.one_engine
def test_every_connection_writes_through_to_the_disk(served: Settings) -> None:
    require_sound(served)
    with db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.one_engine
def test_a_connection_that_would_lose_commits_is_refused(served: Settings) -> None:
    db.session.remove()

    def careless(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    event.listen(db.engine, "checkout", careless)
    with pytest.raises(Unsound, match="synchronous=1"):
        require_sound(served)


def test_another_schema_is_refused(app: Flask, app_context: None) -> None:
    execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(Unsound, match="portal init"):
        require_sound(app.config["PORTAL_SETTINGS"])
