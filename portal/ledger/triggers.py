"""What the database itself refuses: unbalanced entries, late postings, and any change of what was written.

Postings are inserted first (their foreign key is deferred to the commit); inserting the entry seals them. So one
trigger on the entry can check the whole: on SQLite row by row, on PostgreSQL all rows of a statement at once, which was
measured to take a third of the time.
"""

from collections.abc import Iterable

_SEAL_PROBLEM = """
    (SELECT count(*) FROM ledger_posting WHERE entry_id = NEW.id) < 2
        AND (NEW.amount_fen <> 0 OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id))
    OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id GROUP BY fund_id HAVING sum(amount_fen) <> 0)
"""
_FRESH_ENTRIES = "BETWEEN (SELECT min(id) FROM fresh) AND (SELECT max(id) FROM fresh)"
_SEAL_PROBLEM_OF_MANY = f"""
    EXISTS (
        SELECT 1 FROM fresh LEFT JOIN (
            SELECT entry_id, sum(lines) AS lines, bool_or(fen <> 0) AS uneven FROM (
                SELECT entry_id, fund_id, count(*) AS lines, sum(amount_fen) AS fen
                FROM ledger_posting WHERE entry_id {_FRESH_ENTRIES} GROUP BY entry_id, fund_id
            ) AS of_fund GROUP BY entry_id
        ) AS found ON found.entry_id = fresh.id
        WHERE found.uneven OR coalesce(found.lines, 0) < 2 AND (fresh.amount_fen <> 0 OR found.lines > 0)
    )
"""  # noqa: S608
_SEALED_OF_MANY = """
    EXISTS (
        SELECT 1 FROM ledger_entry
        WHERE id BETWEEN (SELECT min(entry_id) FROM fresh) AND (SELECT max(entry_id) FROM fresh)
        AND id IN (SELECT entry_id FROM fresh)
    )
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
        *_refusing("ledger_entry", "ledger_entry_seal", _SEAL_PROBLEM_OF_MANY, "entry does not balance"),
        *_refusing("ledger_posting", "ledger_posting_sealed", _SEALED_OF_MANY, "entry is sealed"),
    ]


def _refusing(table: str, name: str, problem: str, message: str) -> list[str]:
    """Statements that make PostgreSQL look at all rows that one statement inserted; they are called ``fresh``."""
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {problem} THEN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
