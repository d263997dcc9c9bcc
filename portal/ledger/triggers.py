"""What the database itself refuses: unbalanced entries, late postings, and any change of what was written.

Postings are inserted first (their foreign key is deferred to the commit); inserting the entry seals them. So one
``BEFORE INSERT`` trigger on the entry can check the whole, alike on SQLite and PostgreSQL.
"""

from collections.abc import Iterable

# "+ 0" keeps PostgreSQL from walking the index by fund to have the groups in order: on a table without statistics it
# did, and posting a list of 49,691 gifts took ten minutes instead of ten seconds.
_SEAL_PROBLEM = """
    (SELECT count(*) FROM ledger_posting WHERE entry_id = NEW.id) < 2
        AND (NEW.amount_fen <> 0 OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id))
    OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id GROUP BY fund_id + 0 HAVING sum(amount_fen) <> 0)
"""


def append_only_statements(dialect: str, tables: Iterable[str]) -> list[str]:
    """Statements that make the database refuse UPDATE and DELETE (and TRUNCATE) on tables."""
    return [statement for table in tables for statement in _append_only(dialect, table)]


def ledger_statements(dialect: str) -> list[str]:
    """Statements that make the database refuse an unbalanced entry and a posting added to a sealed one."""
    return _ledger_sqlite() if dialect == "sqlite" else _ledger_postgresql()


def _append_only(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_refuse_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for action in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()",
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change()",
    ]


def _ledger_sqlite() -> list[str]:
    return [
        "CREATE TRIGGER ledger_entry_seal BEFORE INSERT ON ledger_entry "
        f"WHEN {_SEAL_PROBLEM} BEGIN SELECT RAISE(ABORT, 'entry does not balance'); END",
        "CREATE TRIGGER ledger_posting_sealed BEFORE INSERT ON ledger_posting "
        "WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id) "
        "BEGIN SELECT RAISE(ABORT, 'entry is sealed'); END",
    ]


def _ledger_postgresql() -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION ledger_entry_seal() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {_SEAL_PROBLEM} THEN RAISE EXCEPTION 'entry does not balance' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER ledger_entry_seal BEFORE INSERT ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entry_seal()",
        "CREATE OR REPLACE FUNCTION ledger_posting_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id) THEN "
        "RAISE EXCEPTION 'entry is sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER ledger_posting_sealed BEFORE INSERT ON ledger_posting "
        "FOR EACH ROW EXECUTE FUNCTION ledger_posting_sealed()",
    ]
