"""What was brought back from the published list before now gets its line in the audit trail."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_MARKED = """
SELECT e."index" FROM ledger_entry e JOIN {table} d ON d.entry_id = e.id WHERE d.seal_lost
"""
_WITHOUT_SALT = {
    "words": """
SELECT l."index", l.data FROM ledger_entry e JOIN log_leaf l ON l."index" = e."index" WHERE e.words_salt IS NULL
""",
    "people": """
SELECT l."index", l.data FROM ledger_arrival a JOIN log_leaf l ON l."index" = a."index" WHERE a.people_salt IS NULL
""",
}

_EVENTS = sa.table(
    "audit_event",
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("action", sa.String),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.BigInteger),
    sa.column("outcome", sa.String),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    lost = sorted(set(_lost(op.get_bind())))
    if lost:
        op.bulk_insert(
            _EVENTS,
            [
                {
                    "at": datetime.now(UTC),
                    "action": "log.recovered",
                    "subject_kind": "leaf",
                    "subject_id": index,
                    "outcome": "done",
                    "detail": {"found_by": revision},
                }
                for index in lost
            ],
        )


def downgrade() -> None:
    """A line of the audit trail stays."""


def _lost(connection: sa.Connection) -> Iterator[int]:
    for table in ("donation", "disbursement"):
        yield from connection.scalars(sa.text(_MARKED.format(table=table)))
    for part, query in _WITHOUT_SALT.items():
        for index, data in connection.execute(sa.text(query)):
            if f'"{part}":'.encode() in bytes(data) and part in json.loads(bytes(data)).get("sealed", {}):
                yield index
