"""The search index. ``portal init`` fills it from the books that are there."""

import sqlalchemy as sa
from alembic import op

from portal.search.guards import TABLES, search_statements

revision = "0040"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.CheckConstraint("terms <> ''", name=op.f("ck_search_entry_terms_not_empty")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_search_entry_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_entry")),
    )
    op.create_table(
        "search_thing",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("plain", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.CheckConstraint("terms <> ''", name=op.f("ck_search_thing_terms_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_thing")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_thing_kind_subject_id")),
    )
    op.create_index("ix_search_thing_plain", "search_thing", ["plain"])
    op.create_index("ix_search_thing_code", "search_thing", ["code"])
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    for statement in search_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_entry_consent")
        for table in TABLES:
            op.execute(f"DROP TABLE {table}_index")
    else:
        op.execute("DROP TRIGGER search_entry_consent ON donation")
        op.execute("DROP FUNCTION search_entry_consent()")
    for table in ("search_state", "search_thing", "search_entry"):
        op.drop_table(table)
