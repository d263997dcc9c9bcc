"""Sums per year of income, cost and arrivals, from what is in the books."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0022"
branch_labels = None
depends_on = None

FILL = {
    "sqlite": "CAST(strftime('%Y', e.occurred_on) AS INTEGER)",
    "postgresql": "CAST(extract(year FROM e.occurred_on) AS INTEGER)",
}


def upgrade() -> None:
    op.create_table(
        "ledger_year_total",
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_code", sa.String(12), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "year", "account_code", name=op.f("pk_ledger_year_total")),
    )
    op.create_table(
        "ledger_year_arrival",
        sa.Column("organisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "year", name=op.f("pk_ledger_year_arrival")),
    )
    year = FILL[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO ledger_year_total (organisation_id, year, account_code, amount_fen) "  # noqa: S608
        f"SELECT e.organisation_id, {year}, p.account_code, sum(p.amount_fen) "
        "FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id "
        "WHERE p.account_code >= '4' AND p.account_code < '6' "
        f"GROUP BY e.organisation_id, {year}, p.account_code"
    )


def downgrade() -> None:
    op.drop_table("ledger_year_arrival")
    op.drop_table("ledger_year_total")
