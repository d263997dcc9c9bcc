"""Sums of months and years beside those of days, from what is in the books; what is not money is found by its form."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

DIMENSIONS = ("organisation", "fund", "station", "street", "project", "campaign")
FIRST_DAY = {
    ("sqlite", "month"): "date(day, 'start of month')",
    ("sqlite", "year"): "date(day, 'start of year')",
    ("postgresql", "month"): "CAST(date_trunc('month', day) AS date)",
    ("postgresql", "year"): "CAST(date_trunc('year', day) AS date)",
}
NOT_MONEY = sa.text("form <> 'money'")


def upgrade() -> None:
    columns = [*(f"{name}_id" for name in DIMENSIONS), "direction", "form", "channel", "agency"]
    op.create_table(
        "ledger_period_total",
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(f"{name}_id", sa.BigInteger(), autoincrement=False, nullable=False)
            for name in DIMENSIONS
        ),
        *(sa.Column(name, sa.String(24), nullable=False) for name in ("direction", "form", "channel")),
        sa.Column("agency", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("length", "day", *columns, name=op.f("pk_ledger_period_total")),
    )
    kept = ", ".join(columns)
    for length in ("month", "year"):
        first_day = FIRST_DAY[op.get_bind().dialect.name, length]
        op.execute(
            f"INSERT INTO ledger_period_total (length, day, {kept}, entries, amount_fen) "  # noqa: S608 - our own words
            f"SELECT '{length}', {first_day}, {kept}, sum(entries), sum(amount_fen) "
            f"FROM ledger_daily_total GROUP BY {first_day}, {kept}"
        )
    for name in DIMENSIONS:
        op.create_index(
            f"ix_ledger_period_total_{name}", "ledger_period_total", [f"{name}_id", "length", "day"]
        )
    op.create_index(
        "ix_ledger_entry_form_index",
        "ledger_entry",
        ["form", "index"],
        sqlite_where=NOT_MONEY,
        postgresql_where=NOT_MONEY,
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_form_index", "ledger_entry")
    op.drop_table("ledger_period_total")
