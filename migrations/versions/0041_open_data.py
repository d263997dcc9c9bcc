"""What changed of public words after an entry was published, noted by the database itself."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements
from portal.opendata.models import public_words_statements

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "public_words_change"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_words_change")),
    )
    op.create_index(op.f("ix_public_words_change_entry_id"), TABLE, ["entry_id"])
    dialect = op.get_bind().dialect.name
    for statement in [*append_only_statements(dialect, (TABLE,)), *public_words_statements(dialect)]:
        op.execute(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in (
        "donation",
        "disbursement",
        "stock_document",
        "organisation",
        "fund",
        "station",
        "project",
        "campaign",
        "street",
    ):
        name = f"{table}_notes_public_words"
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table(TABLE)
