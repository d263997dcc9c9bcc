"""The first schema: registry, staff, ledger, giving, spending, imports, indicators, bills"""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements, ledger_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDED = (
    "ledger_entry",
    "ledger_posting",
    "ledger_closing",
    "audit_event",
    "approval",
    "registry_change",
    "resident_population",
    "outside_giving",
    "bill",
)
"""Tables that the database itself keeps from change."""


def upgrade() -> None:
    op.create_table(
        "disbursement_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_disbursement_counter")),
    )
    op.create_table(
        "district",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_district_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
    )
    op.create_table(
        "donation_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_donation_counter")),
    )
    op.create_table(
        "ledger_daily_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fund_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("station_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("street_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=False
        ),
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
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day",
            "organisation_id",
            "fund_id",
            "station_id",
            "street_id",
            "project_id",
            "campaign_id",
            "direction",
            "form",
            "channel",
            name=op.f("pk_ledger_daily_total"),
        ),
    )
    op.create_index(
        "ix_ledger_daily_total_campaign", "ledger_daily_total", ["campaign_id", "day"], unique=False
    )
    op.create_index("ix_ledger_daily_total_fund", "ledger_daily_total", ["fund_id", "day"], unique=False)
    op.create_index(
        "ix_ledger_daily_total_organisation", "ledger_daily_total", ["organisation_id", "day"], unique=False
    )
    op.create_index(
        "ix_ledger_daily_total_project", "ledger_daily_total", ["project_id", "day"], unique=False
    )
    op.create_index(
        "ix_ledger_daily_total_station", "ledger_daily_total", ["station_id", "day"], unique=False
    )
    op.create_index("ix_ledger_daily_total_street", "ledger_daily_total", ["street_id", "day"], unique=False)
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "ledger_receipt_counter",
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_ledger_receipt_counter")),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
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
        "street",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("tile_column", sa.Integer(), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=False),
        sa.CheckConstraint("tile_column >= 1", name=op.f("ck_street_tile_column_positive")),
        sa.CheckConstraint("tile_row >= 1", name=op.f("ck_street_tile_row_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
        sa.UniqueConstraint("code", name=op.f("uq_street_code")),
    )
    op.create_table(
        "community",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=15), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("street_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_community_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("code", name=op.f("uq_community_code")),
    )
    op.create_index(op.f("ix_community_street_id"), "community", ["street_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "federation",
                "foundation",
                "association",
                "service",
                name="organisationkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("fundraising_since", sa.Date(), nullable=True),
        sa.Column("fundraising_certificate_no", sa.String(length=60), nullable=False),
        sa.Column("legal_representative", sa.String(length=60), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("street_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "closed", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("national_platform_url", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('federation', 'foundation', 'association', 'service')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'closed')", name=op.f("ck_organisation_status_known")
        ),
        sa.CheckConstraint("length(uscc) = 18", name=op.f("ck_organisation_uscc_length")),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_organisation_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    op.create_index(op.f("ix_organisation_street_id"), "organisation", ["street_id"], unique=False)
    op.create_table(
        "fund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "general", "community", "named", "special", name="fundkind", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("street_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("restriction", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "closed", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT restricted OR restriction <> ''", name=op.f("ck_fund_restriction_in_words")),
        sa.CheckConstraint(
            "kind <> 'community' OR street_id IS NOT NULL", name=op.f("ck_fund_community_fund_has_street")
        ),
        sa.CheckConstraint(
            "kind IN ('general', 'community', 'named', 'special')", name=op.f("ck_fund_kind_known")
        ),
        sa.CheckConstraint("status IN ('active', 'suspended', 'closed')", name=op.f("ck_fund_status_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_fund_organisation_id")
        ),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_fund_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("code", name=op.f("uq_fund_code")),
    )
    op.create_index(op.f("ix_fund_organisation_id"), "fund", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_fund_street_id"), "fund", ["street_id"], unique=False)
    op.create_table(
        "ledger_closing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ledger_closing_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_closing")),
        sa.UniqueConstraint(
            "organisation_id",
            "fund_id",
            "closed_through",
            name=op.f("uq_ledger_closing_organisation_id_fund_id_closed_through"),
        ),
    )
    op.create_index(
        op.f("ix_ledger_closing_organisation_id"), "ledger_closing", ["organisation_id"], unique=False
    )
    op.create_table(
        "station",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("street_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("accepts", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "closed", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'closed')", name=op.f("ck_station_status_known")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_station_community_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_station_organisation_id")
        ),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_station_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("code", name=op.f("uq_station_code")),
    )
    op.create_index(op.f("ix_station_community_id"), "station", ["community_id"], unique=False)
    op.create_index(op.f("ix_station_organisation_id"), "station", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_station_street_id"), "station", ["street_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("filing_no", sa.String(length=24), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("cooperative", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "closed", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'closed')", name=op.f("ck_campaign_status_known")
        ),
        sa.CheckConstraint(
            "emergency OR filing_no IS NOT NULL", name=op.f("ck_campaign_filed_unless_emergency")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_campaign_ends_after_start")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_campaign_fund_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_campaign_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
        sa.UniqueConstraint("filing_no", name=op.f("uq_campaign_filing_no")),
    )
    op.create_index(op.f("ix_campaign_fund_id"), "campaign", ["fund_id"], unique=False)
    op.create_index(op.f("ix_campaign_organisation_id"), "campaign", ["organisation_id"], unique=False)
    op.create_table(
        "ledger_fund_balance",
        sa.Column(
            "fund_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.Column("in_fen", sa.BigInteger(), nullable=False),
        sa.Column("out_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "balance_fen = in_fen - out_fen", name=op.f("ck_ledger_fund_balance_balance_is_in_less_out")
        ),
        sa.CheckConstraint("balance_fen >= 0", name=op.f("ck_ledger_fund_balance_balance_not_negative")),
        sa.CheckConstraint(
            "reserved_fen <= balance_fen", name=op.f("ck_ledger_fund_balance_reserved_within_balance")
        ),
        sa.CheckConstraint("reserved_fen >= 0", name=op.f("ck_ledger_fund_balance_reserved_not_negative")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_fund_balance_fund_id")),
        sa.PrimaryKeyConstraint("fund_id", name=op.f("pk_ledger_fund_balance")),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "closed", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'closed')", name=op.f("ck_project_status_known")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_project_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_project_fund_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_project_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
    )
    op.create_index(op.f("ix_project_fund_id"), "project", ["fund_id"], unique=False)
    op.create_index(op.f("ix_project_organisation_id"), "project", ["organisation_id"], unique=False)
    op.create_table(
        "staff_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "station_clerk",
                "federation_clerk",
                "reviewer",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credentials_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "credentials_changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("totp_secret_encrypted", sa.String(length=200), nullable=True),
        sa.Column("totp_confirmed", sa.Boolean(), nullable=False),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role <> 'station_clerk' OR station_id IS NOT NULL",
            name=op.f("ck_staff_member_station_clerk_has_station"),
        ),
        sa.CheckConstraint(
            "station_id IS NULL OR organisation_id IS NOT NULL",
            name=op.f("ck_staff_member_station_within_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff_member.id"], name=op.f("fk_staff_member_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["credentials_changed_by_id"],
            ["staff_member.id"],
            name=op.f("fk_staff_member_credentials_changed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_member_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_staff_member_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_member_username")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("approved", "returned", name="decision", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("maker_id <> checker_id", name=op.f("ck_approval_checker_is_not_maker")),
        sa.ForeignKeyConstraint(["checker_id"], ["staff_member.id"], name=op.f("fk_approval_checker_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_approval_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_subject", "approval", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("done", "refused", name="outcome", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_audit_event_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_action"), "audit_event", ["action"], unique=False)
    op.create_index(op.f("ix_audit_event_staff_id"), "audit_event", ["staff_id"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_kind", "subject_id"], unique=False)
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
        "ledger_entry",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("entry_no", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "donation",
                "disbursement",
                "transfer",
                "reversal",
                name="entrykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=False
        ),
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
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("street_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("receipt_no", sa.String(length=40), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)",
            name=op.f("ck_ledger_entry_reversal_points_at_entry"),
        ),
        sa.CheckConstraint('"index" >= 0', name=op.f("ck_ledger_entry_index_not_negative")),
        sa.CheckConstraint("abs(amount_fen) <= 10000000000000", name=op.f("ck_ledger_entry_amount_bounded")),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_entry_amount_not_zero")),
        sa.CheckConstraint(
            "reverses_id IS NOT NULL OR amount_fen > 0",
            name=op.f("ck_ledger_entry_only_reversals_are_negative"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ledger_entry_campaign_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_entry_fund_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ledger_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_ledger_entry_project_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_ledger_entry_station_id")),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_ledger_entry_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("entry_no", name=op.f("uq_ledger_entry_entry_no")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ledger_entry_idempotency_key")),
        sa.UniqueConstraint("index", name=op.f("uq_ledger_entry_index")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_ledger_entry_receipt_no")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    op.create_index("ix_ledger_entry_amount_index", "ledger_entry", ["amount_fen", "index"], unique=False)
    op.create_index("ix_ledger_entry_campaign_index", "ledger_entry", ["campaign_id", "index"], unique=False)
    op.create_index("ix_ledger_entry_fund_booked_on", "ledger_entry", ["fund_id", "booked_on"], unique=False)
    op.create_index("ix_ledger_entry_fund_index", "ledger_entry", ["fund_id", "index"], unique=False)
    op.create_index(
        "ix_ledger_entry_occurred_on_index", "ledger_entry", ["occurred_on", "index"], unique=False
    )
    op.create_index(
        "ix_ledger_entry_organisation_booked_on",
        "ledger_entry",
        ["organisation_id", "booked_on"],
        unique=False,
    )
    op.create_index(
        "ix_ledger_entry_organisation_index", "ledger_entry", ["organisation_id", "index"], unique=False
    )
    op.create_index("ix_ledger_entry_project_index", "ledger_entry", ["project_id", "index"], unique=False)
    op.create_index("ix_ledger_entry_station_index", "ledger_entry", ["station_id", "index"], unique=False)
    op.create_index("ix_ledger_entry_street_index", "ledger_entry", ["street_id", "index"], unique=False)
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
        "registry_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "organisation",
                "fund",
                "station",
                "project",
                "campaign",
                name="subjectkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_registry_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_change")),
    )
    op.create_index(op.f("ix_registry_change_staff_id"), "registry_change", ["staff_id"], unique=False)
    op.create_index(
        "ix_registry_change_subject", "registry_change", ["subject_kind", "subject_id", "id"], unique=False
    )
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
        "staff_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
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
    op.create_table(
        "ledger_posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("account_code", sa.String(length=12), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_in_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_out_after_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "abs(amount_fen) <= 10000000000000", name=op.f("ck_ledger_posting_amount_bounded")
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_posting_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entry.id"],
            name=op.f("fk_ledger_posting_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_posting_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_posting")),
        sa.UniqueConstraint("entry_id", "line_no", name=op.f("uq_ledger_posting_entry_id_line_no")),
    )
    op.create_index(
        "ix_ledger_posting_fund_in", "ledger_posting", ["fund_id", "fund_in_after_fen"], unique=False
    )
    op.create_index(
        "ix_ledger_posting_fund_out", "ledger_posting", ["fund_id", "fund_out_after_fen"], unique=False
    )
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
    dialect = op.get_bind().dialect.name
    for statement in [*append_only_statements(dialect, GUARDED), *ledger_statements(dialect)]:
        op.get_bind().exec_driver_sql(statement)
    op.execute("INSERT INTO ledger_head (id, size) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_index(op.f("ix_reversal_request_subject_entry_id"), table_name="reversal_request")
    op.drop_index(op.f("ix_reversal_request_state"), table_name="reversal_request")
    op.drop_index("ix_reversal_request_organisation_state", table_name="reversal_request")
    op.drop_index(op.f("ix_reversal_request_maker_id"), table_name="reversal_request")
    op.drop_table("reversal_request")
    op.drop_index("ix_ledger_posting_fund_out", table_name="ledger_posting")
    op.drop_index("ix_ledger_posting_fund_in", table_name="ledger_posting")
    op.drop_table("ledger_posting")
    op.drop_index(op.f("ix_import_row_content_key"), table_name="import_row")
    op.drop_index("ix_import_row_batch_state", table_name="import_row")
    op.drop_table("import_row")
    op.drop_index(op.f("ix_donation_station_id"), table_name="donation")
    op.drop_index(op.f("ix_donation_state"), table_name="donation")
    op.drop_index(op.f("ix_donation_project_id"), table_name="donation")
    op.drop_index("ix_donation_organisation_state", table_name="donation")
    op.drop_index(op.f("ix_donation_maker_id"), table_name="donation")
    op.drop_index(op.f("ix_donation_fund_id"), table_name="donation")
    op.drop_index(op.f("ix_donation_campaign_id"), table_name="donation")
    op.drop_index(op.f("ix_donation_batch_id"), table_name="donation")
    op.drop_table("donation")
    op.drop_index(op.f("ix_disbursement_state"), table_name="disbursement")
    op.drop_index(op.f("ix_disbursement_project_id"), table_name="disbursement")
    op.drop_index("ix_disbursement_organisation_state", table_name="disbursement")
    op.drop_index(op.f("ix_disbursement_maker_id"), table_name="disbursement")
    op.drop_index(op.f("ix_disbursement_fund_id"), table_name="disbursement")
    op.drop_index(op.f("ix_disbursement_campaign_id"), table_name="disbursement")
    op.drop_table("disbursement")
    op.drop_index(op.f("ix_staff_session_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_index("ix_resident_population_year_kind", table_name="resident_population")
    op.drop_index(op.f("ix_resident_population_entered_by_id"), table_name="resident_population")
    op.drop_table("resident_population")
    op.drop_index("ix_registry_change_subject", table_name="registry_change")
    op.drop_index(op.f("ix_registry_change_staff_id"), table_name="registry_change")
    op.drop_table("registry_change")
    op.drop_index("ix_outside_giving_year", table_name="outside_giving")
    op.drop_index(op.f("ix_outside_giving_entered_by_id"), table_name="outside_giving")
    op.drop_table("outside_giving")
    op.drop_index("ix_ledger_entry_street_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_station_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_project_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_organisation_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_organisation_booked_on", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_occurred_on_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_fund_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_fund_booked_on", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_campaign_index", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_amount_index", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index(op.f("ix_import_batch_state"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_organisation_id"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_maker_id"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_fund_id"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_fingerprint"), table_name="import_batch")
    op.drop_index(op.f("ix_import_batch_file_sha256"), table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_bill_organisation_id"), table_name="bill")
    op.drop_index(op.f("ix_bill_month"), table_name="bill")
    op.drop_index(op.f("ix_bill_fund_id"), table_name="bill")
    op.drop_table("bill")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_staff_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_action"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index("ix_approval_subject", table_name="approval")
    op.drop_table("approval")
    op.drop_table("staff_member")
    op.drop_index(op.f("ix_project_organisation_id"), table_name="project")
    op.drop_index(op.f("ix_project_fund_id"), table_name="project")
    op.drop_table("project")
    op.drop_table("ledger_fund_balance")
    op.drop_index(op.f("ix_campaign_organisation_id"), table_name="campaign")
    op.drop_index(op.f("ix_campaign_fund_id"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_index(op.f("ix_station_street_id"), table_name="station")
    op.drop_index(op.f("ix_station_organisation_id"), table_name="station")
    op.drop_index(op.f("ix_station_community_id"), table_name="station")
    op.drop_table("station")
    op.drop_index(op.f("ix_ledger_closing_organisation_id"), table_name="ledger_closing")
    op.drop_table("ledger_closing")
    op.drop_index(op.f("ix_fund_street_id"), table_name="fund")
    op.drop_index(op.f("ix_fund_organisation_id"), table_name="fund")
    op.drop_table("fund")
    op.drop_index(op.f("ix_organisation_street_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_community_street_id"), table_name="community")
    op.drop_table("community")
    op.drop_table("street")
    op.drop_table("per_capita_target")
    op.drop_table("per_capita_counting_rule")
    op.drop_table("login_throttle")
    op.drop_table("ledger_receipt_counter")
    op.drop_table("ledger_head")
    op.drop_index("ix_ledger_daily_total_street", table_name="ledger_daily_total")
    op.drop_index("ix_ledger_daily_total_station", table_name="ledger_daily_total")
    op.drop_index("ix_ledger_daily_total_project", table_name="ledger_daily_total")
    op.drop_index("ix_ledger_daily_total_organisation", table_name="ledger_daily_total")
    op.drop_index("ix_ledger_daily_total_fund", table_name="ledger_daily_total")
    op.drop_index("ix_ledger_daily_total_campaign", table_name="ledger_daily_total")
    op.drop_table("ledger_daily_total")
    op.drop_table("donation_counter")
    op.drop_table("district")
    op.drop_table("disbursement_counter")
