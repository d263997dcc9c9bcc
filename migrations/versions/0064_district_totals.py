"""Sums of the district, the places of days in the log, and an index of what is not money for each thing."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

THINGS = ("organisation", "fund", "station", "street", "project", "campaign")
KEY = ("direction", "form", "channel", "agency")
NOT_MONEY = sa.text("form <> 'money'")


def upgrade() -> None:
    op.create_table(
        "ledger_district_total",
        sa.Column("length", sa.String(24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(24), nullable=False) for name in KEY[:3]),
        sa.Column("agency", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("length", "day", *KEY, name=op.f("pk_ledger_district_total")),
    )
    kept = ", ".join(KEY)
    for length, of in (
        ("'day'", "ledger_daily_total"),
        ("length", "ledger_period_total"),
    ):
        op.execute(
            f"INSERT INTO ledger_district_total (length, day, {kept}, entries, amount_fen) "  # noqa: S608 - our own words
            f"SELECT {length}, day, {kept}, sum(entries), sum(amount_fen) FROM {of} "
            f"GROUP BY 1, day, {kept}"
        )
    op.create_table(
        "ledger_day_places",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_day_places")),
    )
    op.execute(
        "INSERT INTO ledger_day_places (day, oldest, newest) "
        'SELECT occurred_on, min("index"), max("index") FROM ledger_entry GROUP BY occurred_on'
    )
    for thing in THINGS:
        op.create_index(
            f"ix_ledger_entry_{thing}_form_index",
            "ledger_entry",
            [f"{thing}_id", "index"],
            sqlite_where=NOT_MONEY,
            postgresql_where=NOT_MONEY,
        )


def downgrade() -> None:
    for thing in THINGS:
        op.drop_index(f"ix_ledger_entry_{thing}_form_index", "ledger_entry")
    op.drop_table("ledger_day_places")
    op.drop_table("ledger_district_total")
