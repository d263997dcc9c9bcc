"""Landmarks, people in charge, papers, and the states before a thing is active."""

import sqlalchemy as sa
from alembic import op

from portal.schema import change_check

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = "status IN ('active', 'suspended', 'closed')"
NEW = "status IN ('applied', 'checked', 'refused', 'active', 'suspended', 'closed')"
THINGS = ("organisation", "fund", "station", "project", "campaign")


def upgrade() -> None:
    op.create_table(
        "landmark",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("street_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(24), nullable=False),
        sa.CheckConstraint("kind IN ('square', 'community', 'park')", name=op.f("ck_landmark_kind_known")),
        sa.CheckConstraint(NEW, name=op.f("ck_landmark_status_known")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_landmark_community_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_landmark_organisation_id")
        ),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_landmark_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landmark")),
        sa.UniqueConstraint("code", name=op.f("uq_landmark_code")),
    )
    for column in ("community_id", "organisation_id", "street_id"):
        op.create_index(op.f(f"ix_landmark_{column}"), "landmark", [column])
    op.create_table(
        "officer",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("position", sa.String(60), nullable=False),
        sa.Column("body", sa.String(24), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "body IN ('in_charge', 'deciding', 'executing', 'supervising')",
            name=op.f("ck_officer_body_known"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_officer_until_after_since")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_index("ix_officer_subject", "officer", ["subject_kind", "subject_id"])
    op.create_table(
        "registry_attachment",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("extension", sa.String(8), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by_id", ID, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_registry_attachment_sha256_length")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["staff_member.id"], name=op.f("fk_registry_attachment_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_attachment")),
    )
    op.create_index("ix_registry_attachment_subject", "registry_attachment", ["subject_kind", "subject_id"])
    for thing in THINGS:
        change_check(op.get_bind(), (thing, f"ck_{thing}_status_known"), OLD, NEW)


def downgrade() -> None:
    for thing in THINGS:
        change_check(op.get_bind(), (thing, f"ck_{thing}_status_known"), NEW, OLD)
    for table in ("registry_attachment", "officer", "landmark"):
        op.drop_table(table)
