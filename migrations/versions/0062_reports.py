"""Reports that were made, and those that were published."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0062"
down_revision = "0050"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = "published_report"


def _facts() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("appendix", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("log_size", sa.BigInteger(), nullable=False),
        sa.Column("log_root", sa.String(64), nullable=False),
        sa.Column("words_mark", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("maker_id", ID, nullable=True),
    ]


def _keys(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f(f"fk_{table}_maker_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "made_report",
        sa.Column("id", ID, nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False),
        sa.Column("state_key", sa.String(120), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offered_at", INSTANT, nullable=True),
        sa.Column("offered_by_id", ID, nullable=True),
        *_facts(),
        *_keys("made_report"),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["staff_member.id"], name=op.f("fk_made_report_offered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_report")),
        sa.UniqueConstraint("content_key", "state_key", name=op.f("uq_made_report_content_key_state_key")),
    )
    op.create_index(op.f("ix_made_report_organisation_id"), "made_report", ["organisation_id"])
    op.create_table(
        APPEND_ONLY,
        sa.Column("id", ID, nullable=False),
        sa.Column("report_no", sa.String(20), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("publisher_id", ID, nullable=False),
        *_facts(),
        *_keys(APPEND_ONLY),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["staff_member.id"], name=op.f("fk_published_report_publisher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_report")),
        sa.UniqueConstraint("report_no", name=op.f("uq_published_report_report_no")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_published_report_leaf_index")),
    )
    op.create_index(op.f("ix_published_report_organisation_id"), APPEND_ONLY, ["organisation_id"])
    for statement in append_only_statements(op.get_bind().dialect.name, (APPEND_ONLY,)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(APPEND_ONLY)
    op.drop_table("made_report")
