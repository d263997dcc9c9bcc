"""Acknowledgements and certificates that were given out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("receipt_no", sa.String(40), nullable=False),
        sa.Column("lookup_code", sa.String(12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", ID, nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", ID, nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("printed >= 1", name=op.f("ck_acknowledgement_printed_at_least_once")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason = '')", name=op.f("ck_acknowledgement_void_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_acknowledgement_donation_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["staff_member.id"], name=op.f("fk_acknowledgement_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["staff_member.id"], name=op.f("fk_acknowledgement_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("donation_id", name=op.f("uq_acknowledgement_donation_id")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_acknowledgement_receipt_no")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("certificate_no", sa.String(24), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", ID, nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_certificate_donation_id")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["staff_member.id"], name=op.f("fk_certificate_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("donation_id", name=op.f("uq_certificate_donation_id")),
        sa.UniqueConstraint("certificate_no", name=op.f("uq_certificate_certificate_no")),
    )
    op.create_table(
        "certificate_counter",
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_counter_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_certificate_counter")),
    )


def downgrade() -> None:
    for table in ("certificate_counter", "certificate", "acknowledgement"):
        op.drop_table(table)
