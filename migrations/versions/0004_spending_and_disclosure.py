"""Payouts, reversals, bills and the indicator."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "disbursement_counter",
    "per_capita_counting_rule",
    "per_capita_target",
    "bill",
    "outside_giving",
    "resident_population",
    "disbursement",
    "reversal_request",
)
GUARDED = ("resident_population", "outside_giving", "bill")
"""Tables that the database itself keeps from change."""


def upgrade() -> None:
    op.create_table(
        "disbursement_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_disbursement_counter")),
    )
    op.create_table(
        "per_capita_counting_rule",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("forms", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_per_capita_counting_rule_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_per_capita_counting_rule")),
    )
    op.create_table(
        "per_capita_target",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("plan", "interpolated", name="targetbasis", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("basis = 'plan'", name=op.f("ck_per_capita_target_only_plan_is_stored")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_per_capita_target_source_given")),
        sa.CheckConstraint("target_fen > 0", name=op.f("ck_per_capita_target_target_positive")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_per_capita_target")),
    )
    op.create_table(
        "bill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bill_no", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("opening_fen", sa.BigInteger(), nullable=False),
        sa.Column("income_fen", sa.BigInteger(), nullable=False),
        sa.Column("outgo_fen", sa.BigInteger(), nullable=False),
        sa.Column("closing_fen", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("ledger_size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "closing_fen = opening_fen + income_fen - outgo_fen", name=op.f("ck_bill_bill_adds_up")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_bill_fund_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_bill_maker_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bill_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("bill_no", name=op.f("uq_bill_bill_no")),
    )
    op.create_index(op.f("ix_bill_fund_id"), "bill", ["fund_id"], unique=False)
    op.create_index(op.f("ix_bill_month"), "bill", ["month"], unique=False)
    op.create_index(op.f("ix_bill_organisation_id"), "bill", ["organisation_id"], unique=False)
    op.create_table(
        "outside_giving",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scope <> ''", name=op.f("ck_outside_giving_scope_given")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_outside_giving_source_given")),
        sa.CheckConstraint(
            "NOT withdrawn OR supersedes_id IS NOT NULL", name=op.f("ck_outside_giving_withdrawn_names_a_row")
        ),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_outside_giving_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["staff_member.id"], name=op.f("fk_outside_giving_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["outside_giving.id"], name=op.f("fk_outside_giving_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_giving")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_outside_giving_supersedes_id")),
    )
    op.create_index(
        op.f("ix_outside_giving_entered_by_id"), "outside_giving", ["entered_by_id"], unique=False
    )
    op.create_index("ix_outside_giving_year", "outside_giving", ["year", "id"], unique=False)
    op.create_table(
        "resident_population",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("census", "year_end", "secondary", name="populationkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_resident_population_source_given")),
        sa.CheckConstraint(
            "NOT withdrawn OR supersedes_id IS NOT NULL",
            name=op.f("ck_resident_population_withdrawn_names_a_row"),
        ),
        sa.CheckConstraint(
            "withdrawn OR (population > 0 AND as_of IS NOT NULL)",
            name=op.f("ck_resident_population_figure_or_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["staff_member.id"], name=op.f("fk_resident_population_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["resident_population.id"], name=op.f("fk_resident_population_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_population")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_resident_population_supersedes_id")),
    )
    op.create_index(
        op.f("ix_resident_population_entered_by_id"), "resident_population", ["entered_by_id"], unique=False
    )
    op.create_index(
        "ix_resident_population_year_kind", "resident_population", ["year", "kind", "id"], unique=False
    )
    op.create_table(
        "disbursement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("disbursement_no", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column(
            "cost_kind",
            sa.Enum("programme", "management", "fundraising", name="costkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("beneficiary_count", sa.Integer(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
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
        sa.Column("payment_ref", sa.String(length=120), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
            "(state = 'posted') = (entry_id IS NOT NULL)", name=op.f("ck_disbursement_posted_has_entry")
        ),
        sa.CheckConstraint(
            "reserved_fen = CASE WHEN state = 'pending' THEN amount_fen ELSE 0 END",
            name=op.f("ck_disbursement_pending_is_reserved"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_disbursement_amount_positive")),
        sa.CheckConstraint(
            "beneficiary_count IS NULL OR beneficiary_count > 0",
            name=op.f("ck_disbursement_beneficiaries_positive"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_disbursement_campaign_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["staff_member.id"], name=op.f("fk_disbursement_editor_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_disbursement_entry_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_disbursement_fund_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_disbursement_maker_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_disbursement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_disbursement_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement")),
        sa.UniqueConstraint("disbursement_no", name=op.f("uq_disbursement_disbursement_no")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_disbursement_entry_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_disbursement_idempotency_key")),
    )
    op.create_index(op.f("ix_disbursement_campaign_id"), "disbursement", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_disbursement_fund_id"), "disbursement", ["fund_id"], unique=False)
    op.create_index(op.f("ix_disbursement_maker_id"), "disbursement", ["maker_id"], unique=False)
    op.create_index(
        "ix_disbursement_organisation_state", "disbursement", ["organisation_id", "state", "id"], unique=False
    )
    op.create_index(op.f("ix_disbursement_project_id"), "disbursement", ["project_id"], unique=False)
    op.create_index(op.f("ix_disbursement_state"), "disbursement", ["state"], unique=False)
    op.create_table(
        "reversal_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["editor_id"], ["staff_member.id"], name=op.f("fk_reversal_request_editor_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_reversal_request_entry_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_reversal_request_maker_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reversal_request_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_reversal_request_station_id")),
        sa.ForeignKeyConstraint(
            ["subject_entry_id"], ["ledger_entry.id"], name=op.f("fk_reversal_request_subject_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reversal_request")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_reversal_request_entry_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_reversal_request_idempotency_key")),
    )
    op.create_index(op.f("ix_reversal_request_maker_id"), "reversal_request", ["maker_id"], unique=False)
    op.create_index(
        "ix_reversal_request_organisation_state",
        "reversal_request",
        ["organisation_id", "state", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_reversal_request_state"), "reversal_request", ["state"], unique=False)
    op.create_index(
        op.f("ix_reversal_request_subject_entry_id"), "reversal_request", ["subject_entry_id"], unique=False
    )
    connection = op.get_bind()
    for statement in append_only_statements(connection.dialect.name, GUARDED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
