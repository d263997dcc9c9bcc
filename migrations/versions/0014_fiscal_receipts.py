"""The register of fiscal receipts, and waivers of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "fiscal_receipt",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("check_digest", sa.String(64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("red_number", sa.String(20), nullable=False),
        sa.Column("red_on", sa.Date(), nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", ID, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fiscal_receipt_amount_positive")),
        sa.CheckConstraint(
            "(red_number = '') = (red_on IS NULL)", name=op.f("ck_fiscal_receipt_red_has_day")
        ),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_fiscal_receipt_donation_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["staff_member.id"], name=op.f("fk_fiscal_receipt_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_receipt")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_fiscal_receipt_code_number")),
    )
    op.create_index(op.f("ix_fiscal_receipt_donation_id"), "fiscal_receipt", ["donation_id"])
    op.create_table(
        "fiscal_waiver",
        sa.Column("donation_id", ID, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_fiscal_waiver_donation_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["staff_member.id"], name=op.f("fk_fiscal_waiver_made_by_id")
        ),
        sa.PrimaryKeyConstraint("donation_id", name=op.f("pk_fiscal_waiver")),
    )


def downgrade() -> None:
    for table in ("fiscal_waiver", "fiscal_receipt"):
        op.drop_table(table)
