"""Sums per year of income, cost and arrivals, from what is in the books."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0030"
branch_labels = None
depends_on = None

YEAR = {
    "sqlite": "CAST(strftime('%Y', {day}) AS INTEGER)",
    "postgresql": "CAST(extract(year FROM {day}) AS INTEGER)",
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
    year = YEAR[op.get_bind().dialect.name]
    happened, arrived = year.format(day="e.occurred_on"), year.format(day="arrived_on")
    op.execute(
        "INSERT INTO ledger_year_total (organisation_id, year, account_code, amount_fen) "  # noqa: S608
        f"SELECT f.organisation_id, {happened}, p.account_code, sum(p.amount_fen) "
        "FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN fund f ON f.id = p.fund_id "
        "WHERE p.account_code >= '4' AND p.account_code < '6' "
        f"GROUP BY f.organisation_id, {happened}, p.account_code"
    )
    op.execute(
        "INSERT INTO ledger_year_arrival (organisation_id, year, amount_fen) "  # noqa: S608
        f"SELECT organisation_id, {arrived}, sum(amount_fen) FROM ledger_arrival "
        f"GROUP BY organisation_id, {arrived}"
    )


def downgrade() -> None:
    op.drop_table("ledger_year_arrival")
    op.drop_table("ledger_year_total")
