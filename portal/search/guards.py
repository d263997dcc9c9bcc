"""What the database itself keeps of the search: its own index over the terms, and that a name goes when consent goes.

On SQLite an FTS5 table without content of its own, kept by triggers. Its ``ascii`` tokenizer takes every character
beyond ASCII as a part of a term, however new the character is; PostgreSQL is given the terms without its parser. So
both find the same.
"""

TABLES = {"search_entry": "entry_id", "search_thing": "id"}

VECTOR = "array_to_tsvector(array_remove(string_to_array(terms, ' '), '|'))"
"""The terms for PostgreSQL; a query must say it in these words for the index to be used."""

_SHOWN = ("donor_name", "publish_name", "mask_name", "anonymous")
_OF_DONATION = (
    "DELETE FROM search_entry WHERE entry_id = NEW.entry_id "
    "OR entry_id = (SELECT id FROM ledger_entry WHERE reverses_id = NEW.entry_id)"
)


def search_statements(dialect: str) -> list[str]:
    """Statements that make the indexes and their triggers."""
    indexes = [_sqlite_index, _postgresql_index][dialect == "postgresql"]
    return [
        *(statement for table, key in TABLES.items() for statement in indexes(table, key)),
        *(_consent_sqlite() if dialect == "sqlite" else _consent_postgresql()),
    ]


def is_kept_here(name: str | None) -> bool:
    """Whether a table or index is one of these, which models cannot describe."""
    return bool(name) and any(
        str(name).startswith((f"{table}_index", f"ix_{table}_terms")) for table in TABLES
    )


def _sqlite_index(table: str, key: str) -> list[str]:
    forget = (
        f"INSERT INTO {table}_index ({table}_index, rowid, terms) VALUES ('delete', OLD.{key}, OLD.terms);"  # noqa: S608
    )
    add = f"INSERT INTO {table}_index (rowid, terms) VALUES (NEW.{key}, NEW.terms);"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_index USING "
        f"fts5(terms, content='{table}', content_rowid='{key}', tokenize='ascii', detail='none')",
        f"CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} BEGIN {forget} {add} END",
    ]


def _postgresql_index(table: str, _key: str) -> list[str]:
    return [f"CREATE INDEX IF NOT EXISTS ix_{table}_terms ON {table} USING gin ({VECTOR})"]


def _consent_sqlite() -> list[str]:
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in _SHOWN)
    return [
        f"CREATE TRIGGER search_entry_consent AFTER UPDATE OF {', '.join(_SHOWN)} ON donation "
        f"WHEN OLD.entry_id IS NOT NULL AND ({changed}) BEGIN {_OF_DONATION}; END"
    ]


def _consent_postgresql() -> list[str]:
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _SHOWN)
    return [
        "DROP TRIGGER IF EXISTS search_entry_consent ON donation",
        "CREATE OR REPLACE FUNCTION search_entry_consent() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {_OF_DONATION}; RETURN NULL; END $$",
        f"CREATE TRIGGER search_entry_consent AFTER UPDATE OF {', '.join(_SHOWN)} ON donation FOR EACH ROW "
        f"WHEN (OLD.entry_id IS NOT NULL AND ({changed})) EXECUTE FUNCTION search_entry_consent()",
    ]
