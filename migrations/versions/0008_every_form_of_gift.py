"""Gifts of every form: lines of goods and services, terms, foreign money, pledges."""

import sqlalchemy as sa
from alembic import op

from portal.schema import change_check

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EMPTY = sa.text("''")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = {
    "payer_name": 200,
    "agency_beneficiary": 200,
    "foreign_amount": 24,
    "exchange_rate": 24,
    "rate_source": 120,
}


def upgrade() -> None:
    _make_pledges()
    _make_items()
    for name in ("mask_name", "agency"):
        op.add_column("donation", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, length in TEXTS.items():
        op.add_column("donation", sa.Column(name, sa.String(length), nullable=False, server_default=EMPTY))
    op.add_column("donation", sa.Column("currency", sa.String(3), nullable=False, server_default="CNY"))
    op.add_column("donation", sa.Column("restriction", sa.String(24), nullable=False, server_default="none"))
    op.add_column("donation", sa.Column("restriction_text", sa.Text(), nullable=False, server_default=EMPTY))
    op.add_column("donation", sa.Column("restricted_until", sa.Date(), nullable=True))
    op.add_column("donation", sa.Column("goods_salt", sa.LargeBinary(32), nullable=True))
    _point("donation", "pledge_id", "pledge")
    op.create_index("ix_donation_pledge_id", "donation", ["pledge_id"])
    change_check(
        op.get_bind(),
        ("donation", "ck_donation_amount_positive"),
        "amount_fen > 0",
        "amount_fen > 0 OR (amount_fen = 0 AND form <> 'money')",
    )


def _point(table: str, column: str, target: str) -> None:
    """Add a column that points at another table; SQLite takes the key only together with the column."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} "
        f"CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    )


def _make_pledges() -> None:
    op.create_table(
        "pledge",
        sa.Column("id", ID, nullable=False),
        sa.Column("pledge_no", sa.String(24), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.Column("donor_name", sa.String(200), nullable=False),
        sa.Column("rhythm", sa.String(24), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_pledge_amount_positive")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_pledge_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pledge_organisation_id")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_pledge_fund_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_pledge_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("pledge_no", name=op.f("uq_pledge_pledge_no")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_pledge_idempotency_key")),
    )
    op.create_index(op.f("ix_pledge_organisation_id"), "pledge", ["organisation_id"])
    op.create_table(
        "pledge_instalment",
        sa.Column("id", ID, nullable=False),
        sa.Column("pledge_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_pledge_instalment_amount_positive")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_instalment_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_instalment")),
    )
    op.create_index(op.f("ix_pledge_instalment_pledge_id"), "pledge_instalment", ["pledge_id"])
    op.create_table(
        "pledge_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_pledge_counter")),
    )


def _make_items() -> None:
    op.create_table(
        "donation_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("specification", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.Column("valuation_basis", sa.String(24), nullable=True),
        sa.Column("valuation_document", sa.String(120), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity_thousandths > 0", name=op.f("ck_donation_item_quantity_positive")),
        sa.CheckConstraint(
            "value_fen IS NULL OR value_fen > 0", name=op.f("ck_donation_item_value_positive")
        ),
        sa.CheckConstraint(
            "(value_fen IS NULL) = (valuation_basis IS NULL)", name=op.f("ck_donation_item_value_has_basis")
        ),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_donation_item_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation_item")),
        sa.UniqueConstraint("donation_id", "line_no", name=op.f("uq_donation_item_donation_id_line_no")),
    )


def downgrade() -> None:
    raise NotImplementedError("gifts of other forms cannot be taken back out of the books")
