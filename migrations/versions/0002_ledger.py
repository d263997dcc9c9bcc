"""The ledger, and what the database itself refuses."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements, ledger_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "ledger_daily_total",
    "ledger_head",
    "ledger_receipt_counter",
    "ledger_closing",
    "ledger_fund_balance",
    "ledger_entry",
    "ledger_posting",
)
GUARDED = ("ledger_entry", "ledger_posting", "ledger_closing")
"""Tables that the database itself keeps from change."""


def upgrade() -> None:
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
    connection = op.get_bind()
    for statement in [
        *append_only_statements(connection.dialect.name, GUARDED),
        *ledger_statements(connection.dialect.name),
    ]:
        connection.exec_driver_sql(statement)
    op.execute("INSERT INTO ledger_head (id, size) VALUES (1, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
