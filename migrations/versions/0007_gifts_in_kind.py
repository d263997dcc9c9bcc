"""Entries of every form: without a value they carry 0 and no postings; what only passes through stands apart."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import ledger_statements
from portal.schema import change_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

POTS = ("goods", "holdings", "agency")
DIMENSIONS = ("organisation", "fund", "station", "street", "project", "campaign")


def upgrade() -> None:
    op.add_column(
        "ledger_entry", sa.Column("agency", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    change_check(
        op.get_bind(),
        ("ledger_entry", "ck_ledger_entry_amount_not_zero"),
        "amount_fen <> 0",
        "amount_fen <> 0 OR form <> 'money'",
    )
    change_check(
        op.get_bind(),
        ("ledger_entry", "ck_ledger_entry_only_reversals_are_negative"),
        "reverses_id IS NOT NULL OR amount_fen > 0",
        "reverses_id IS NOT NULL OR amount_fen >= 0",
    )
    _renew_guards()
    for pot in POTS:
        name = f"ck_ledger_fund_balance_{pot}_not_negative"
        op.execute(
            f"ALTER TABLE ledger_fund_balance ADD COLUMN {pot}_fen BIGINT DEFAULT '0' NOT NULL "
            f"CONSTRAINT {name} CHECK ({pot}_fen >= 0)"
        )
    _rebuild_daily_totals()


def _renew_guards() -> None:
    dialect = op.get_bind().dialect.name
    table = "" if dialect == "sqlite" else " ON {}"
    for name, on in (("ledger_entry_seal", "ledger_entry"), ("ledger_posting_sealed", "ledger_posting")):
        op.execute(f"DROP TRIGGER IF EXISTS {name}{table.format(on)}")
    for statement in ledger_statements(dialect):
        op.execute(statement)


def _rebuild_daily_totals() -> None:
    """Its key has one more column. Nothing points at the table, and no trigger watches it."""
    columns = [*(f"{name}_id" for name in DIMENSIONS), "direction", "form", "channel"]
    for name in DIMENSIONS:
        op.drop_index(f"ix_ledger_daily_total_{name}", "ledger_daily_total")
    op.rename_table("ledger_daily_total", "ledger_daily_total_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE ledger_daily_total_before DROP CONSTRAINT pk_ledger_daily_total")
    op.create_table(
        "ledger_daily_total",
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(f"{name}_id", sa.BigInteger(), autoincrement=False, nullable=False)
            for name in DIMENSIONS
        ),
        *(sa.Column(name, sa.String(24), nullable=False) for name in ("direction", "form", "channel")),
        sa.Column("agency", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", *columns, "agency", name=op.f("pk_ledger_daily_total")),
    )
    for name in DIMENSIONS:
        op.create_index(f"ix_ledger_daily_total_{name}", "ledger_daily_total", [f"{name}_id", "day"])
    kept = ", ".join(["day", *columns])
    op.execute(
        f"INSERT INTO ledger_daily_total ({kept}, agency, entries, amount_fen) "  # noqa: S608 - our own words
        f"SELECT {kept}, false, entries, amount_fen FROM ledger_daily_total_before"
    )
    op.drop_table("ledger_daily_total_before")


def downgrade() -> None:
    raise NotImplementedError("entries without a value cannot be taken back out of the books")
