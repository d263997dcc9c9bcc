"""What reversals cancel, and the indexes by which a gift is followed to its use."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CAME = sa.text("account_code < '11' AND amount_fen > 0")
WENT = sa.text("account_code < '11' AND amount_fen < 0")

BACKFILL = """
INSERT INTO ledger_cancellation (fund_id, entry_id, came_fen, went_fen, came_after_fen, went_after_fen)
SELECT p.fund_id, p.entry_id,
       sum(CASE WHEN p.amount_fen > 0 THEN p.amount_fen ELSE 0 END),
       sum(CASE WHEN p.amount_fen < 0 THEN -p.amount_fen ELSE 0 END),
       max(p.fund_in_after_fen), max(p.fund_out_after_fen)
FROM ledger_posting p
WHERE p.account_code < '11' AND p.entry_id IN (
    SELECT id FROM ledger_entry WHERE reverses_id IS NOT NULL
    UNION SELECT reverses_id FROM ledger_entry WHERE reverses_id IS NOT NULL)
GROUP BY p.fund_id, p.entry_id
"""


def upgrade() -> None:
    op.create_table(
        "ledger_cancellation",
        sa.Column("fund_id", ID, autoincrement=False, nullable=False),
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("came_fen", sa.BigInteger(), nullable=False),
        sa.Column("went_fen", sa.BigInteger(), nullable=False),
        sa.Column("came_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("went_after_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "came_fen >= 0 AND went_fen >= 0", name=op.f("ck_ledger_cancellation_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entry.id"],
            name=op.f("fk_ledger_cancellation_entry_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_cancellation_fund_id")),
        sa.PrimaryKeyConstraint("fund_id", "entry_id", name=op.f("pk_ledger_cancellation")),
    )
    op.execute(BACKFILL)
    for statement in append_only_statements(op.get_bind().dialect.name, ["ledger_cancellation"]):
        op.execute(statement)
    op.drop_index("ix_ledger_posting_fund_in", "ledger_posting")
    op.drop_index("ix_ledger_posting_fund_out", "ledger_posting")
    for name, column, condition in (
        ("ix_ledger_posting_came", "fund_in_after_fen", CAME),
        ("ix_ledger_posting_went", "fund_out_after_fen", WENT),
    ):
        op.create_index(
            name,
            "ledger_posting",
            ["fund_id", column],
            sqlite_where=condition,
            postgresql_where=condition,
        )


def downgrade() -> None:
    op.drop_index("ix_ledger_posting_came", "ledger_posting")
    op.drop_index("ix_ledger_posting_went", "ledger_posting")
    op.create_index("ix_ledger_posting_fund_in", "ledger_posting", ["fund_id", "fund_in_after_fen"])
    op.create_index("ix_ledger_posting_fund_out", "ledger_posting", ["fund_id", "fund_out_after_fen"])
    op.drop_table("ledger_cancellation")
