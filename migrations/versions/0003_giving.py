"""Gifts, one by one and in lists."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "donation_counter",
    "import_batch",
    "donation",
    "import_row",
)
GUARDED = ()
"""Tables that the database itself keeps from change."""


def upgrade() -> None:
    op.create_table(
        "donation_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_donation_counter")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("publish_names", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "cash",
                "bank",
                "wechat",
                "alipay",
                "unionpay",
                "pos",
                "other",
                name="channel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("inner_channel", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("declared_total_fen", sa.BigInteger(), nullable=True),
        sa.Column("declared_count", sa.Integer(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("needs_review", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("accepted_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "pending",
                "returned",
                "posted",
                "withdrawn",
                name="documentstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("editor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "accepted + duplicates + rejected + needs_review = rows",
            name=op.f("ck_import_batch_every_row_is_counted"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_import_batch_campaign_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["staff_member.id"], name=op.f("fk_import_batch_editor_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_import_batch_fund_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_import_batch_maker_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_import_batch_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_import_batch_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_file_sha256"), "import_batch", ["file_sha256"], unique=False)
    op.create_index(op.f("ix_import_batch_fingerprint"), "import_batch", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_import_batch_fund_id"), "import_batch", ["fund_id"], unique=False)
    op.create_index(op.f("ix_import_batch_maker_id"), "import_batch", ["maker_id"], unique=False)
    op.create_index(
        op.f("ix_import_batch_organisation_id"), "import_batch", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_import_batch_state"), "import_batch", ["state"], unique=False)
    op.create_table(
        "donation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donation_no", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("donor_name", sa.String(length=200), nullable=False),
        sa.Column(
            "donor_kind",
            sa.Enum(
                "person",
                "enterprise",
                "institution",
                "group",
                "anonymous",
                name="donorkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("publish_name", sa.Boolean(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "money",
                "goods",
                "skills",
                "services",
                "ip",
                "insurance",
                "securities",
                name="form",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "cash",
                "bank",
                "wechat",
                "alipay",
                "unionpay",
                "pos",
                "other",
                name="channel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("external_ref", sa.String(length=120), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "pending",
                "returned",
                "posted",
                "withdrawn",
                name="documentstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("editor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(state = 'posted') = (entry_id IS NOT NULL)", name=op.f("ck_donation_posted_has_entry")
        ),
        sa.CheckConstraint(
            "NOT (anonymous AND publish_name)", name=op.f("ck_donation_anonymous_is_not_published")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_donation_amount_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_donation_batch_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_donation_campaign_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["staff_member.id"], name=op.f("fk_donation_editor_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_donation_entry_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_donation_fund_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_donation_maker_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_donation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_donation_project_id")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_donation_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation")),
        sa.UniqueConstraint("donation_no", name=op.f("uq_donation_donation_no")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_donation_entry_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_donation_idempotency_key")),
        sa.UniqueConstraint(
            "organisation_id", "content_key", name=op.f("uq_donation_organisation_id_content_key")
        ),
    )
    op.create_index(op.f("ix_donation_batch_id"), "donation", ["batch_id"], unique=False)
    op.create_index(op.f("ix_donation_campaign_id"), "donation", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_donation_fund_id"), "donation", ["fund_id"], unique=False)
    op.create_index(op.f("ix_donation_maker_id"), "donation", ["maker_id"], unique=False)
    op.create_index(
        "ix_donation_organisation_state", "donation", ["organisation_id", "state", "id"], unique=False
    )
    op.create_index(op.f("ix_donation_project_id"), "donation", ["project_id"], unique=False)
    op.create_index(op.f("ix_donation_state"), "donation", ["state"], unique=False)
    op.create_index(op.f("ix_donation_station_id"), "donation", ["station_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("donor_name", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "cash",
                "bank",
                "wechat",
                "alipay",
                "unionpay",
                "pos",
                "other",
                name="channel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("external_ref", sa.String(length=120), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "duplicate",
                "rejected",
                "needs_review",
                name="rowstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR (amount_fen > 0 AND received_on IS NOT NULL)",
            name=op.f("ck_import_row_accepted_is_complete"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_import_row_batch_id_position")),
    )
    op.create_index(
        "ix_import_row_batch_state", "import_row", ["batch_id", "state", "position"], unique=False
    )
    op.create_index(op.f("ix_import_row_content_key"), "import_row", ["content_key"], unique=False)
    connection = op.get_bind()
    for statement in append_only_statements(connection.dialect.name, GUARDED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
