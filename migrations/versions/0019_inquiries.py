"""Questions of donors; consent that a donor gives without a member of staff."""

import sqlalchemy as sa
from alembic import op

from portal.schema import allow_null

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_inquiry_answer_has_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff_member.id"], name=op.f("fk_inquiry_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_inquiry_donation_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inquiry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_donation_id"), "inquiry", ["donation_id"])
    waiting = sa.text("answered_at IS NULL")
    op.create_index(
        "ix_inquiry_open",
        "inquiry",
        ["organisation_id", "due_on"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    allow_null(op.get_bind(), "name_consent", "recorded_by_id")


def downgrade() -> None:
    op.drop_table("inquiry")
