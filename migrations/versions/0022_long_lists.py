"""Long lists are read and posted by a worker, part by part."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import ledger_statements

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

SOME = (
    *(
        ("ledger_entry", f"ix_ledger_entry_{kind}_index", [f"{kind}_id", "index"])
        for kind in ("station", "street", "project", "campaign")
    ),
    *(
        ("donation", f"ix_donation_{kind}_id", [f"{kind}_id"])
        for kind in ("station", "campaign", "project", "donor", "pledge")
    ),
)
"""Indexes over columns that most rows have no value in."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in ledger_statements("postgresql"):
            op.execute(statement)
    for table, name, columns in SOME:
        op.drop_index(name, table)
        condition = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.add_column("job", sa.Column("started_at", INSTANT, nullable=True))
    op.add_column("job", sa.Column("started_done", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("import_batch", sa.Column("stage", sa.String(24), server_default="ready", nullable=False))
    op.add_column(
        "import_batch",
        sa.Column("posted_through", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE import_batch ADD COLUMN job_id {kind} CONSTRAINT fk_import_batch_job_id REFERENCES job (id)"
    )
    op.create_index(
        "ix_donation_organisation_channel_day", "donation", ["organisation_id", "channel", "received_on"]
    )


def downgrade() -> None:
    for table, name, columns in SOME:
        op.drop_index(name, table)
        op.create_index(name, table, columns)
    op.drop_index("ix_donation_organisation_channel_day", "donation")
    for column in ("job_id", "posted_through", "stage"):
        op.drop_column("import_batch", column)
    for column in ("started_done", "started_at"):
        op.drop_column("job", column)
