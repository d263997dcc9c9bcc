"""Bills of quarters, years and campaigns, of stations and projects; what they show, frozen; their notes, mended."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements
from portal.schema import add_check, allow_null, drop_check, forbid_null

revision = "0060"
down_revision = "0055"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SUBJECTS = ("station", "project", "campaign")
CHECKS = {
    "ck_bill_opens_and_closes": "(opening_fen IS NULL) = (closing_fen IS NULL)",
    "ck_bill_run_has_days": "(period = 'run') = (run_first IS NOT NULL)",
}
BOOKED = {
    "out": "direction = 'out'",
    "late": "booked_on <> occurred_on",
    "reversal": "reverses_id IS NOT NULL",
}


def upgrade() -> None:
    connection = op.get_bind()
    number = "INTEGER" if connection.dialect.name == "sqlite" else "BIGINT"
    op.drop_index("ix_bill_month", table_name="bill")
    op.execute("ALTER TABLE bill RENAME COLUMN month TO period")
    op.create_index(op.f("ix_bill_period"), "bill", ["period"])
    for subject in SUBJECTS:
        op.execute(
            f"ALTER TABLE bill ADD COLUMN {subject}_id {number} "
            f"CONSTRAINT fk_bill_{subject}_id REFERENCES {subject} (id)"
        )
        op.create_index(op.f(f"ix_bill_{subject}_id"), "bill", [f"{subject}_id"])
    op.add_column("bill", sa.Column("run_first", sa.Date(), nullable=True))
    op.add_column("bill", sa.Column("run_last", sa.Date(), nullable=True))
    op.add_column("bill", sa.Column("figures", sa.JSON(), nullable=True))
    for column in ("opening_fen", "closing_fen"):
        allow_null(connection, "bill", column, "BIGINT")
    for name, condition in CHECKS.items():
        add_check(connection, ("bill", name), condition)
    _corrections()
    for name, condition in BOOKED.items():
        op.create_index(
            f"ix_ledger_entry_{name}_booked_on",
            "ledger_entry",
            ["organisation_id", "booked_on"],
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def _corrections() -> None:
    op.create_table(
        "bill_note_correction",
        sa.Column("id", ID, nullable=False),
        sa.Column("bill_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("old_note", sa.Text(), nullable=False),
        sa.Column("new_note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("maker_role", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_note_correction_bill_id")),
        sa.ForeignKeyConstraint(
            ["maker_id"], ["staff_member.id"], name=op.f("fk_bill_note_correction_maker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_note_correction")),
        sa.UniqueConstraint("bill_id", "number", name=op.f("uq_bill_note_correction_bill_id_number")),
    )
    for statement in append_only_statements(op.get_bind().dialect.name, ["bill_note_correction"]):
        op.execute(statement)


def downgrade() -> None:
    """Only while no bill of a new kind is published: there is no room for it in the old table."""
    connection = op.get_bind()
    new_kinds = (
        "length(period) <> 7 OR station_id IS NOT NULL OR project_id IS NOT NULL OR campaign_id IS NOT NULL"
    )
    if connection.execute(sa.text(f"SELECT count(*) FROM bill WHERE {new_kinds}")).scalar_one():  # noqa: S608
        raise RuntimeError("bills of quarters, years, campaigns, stations or projects are published already")
    for name in BOOKED:
        op.drop_index(f"ix_ledger_entry_{name}_booked_on", table_name="ledger_entry")
    op.drop_table("bill_note_correction")
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION bill_note_correction_refuse_change()")
    for name, condition in CHECKS.items():
        drop_check(connection, ("bill", name), condition)
    for column in ("opening_fen", "closing_fen"):
        forbid_null(connection, "bill", column, "BIGINT")
    for column in ("figures", "run_last", "run_first"):
        op.drop_column("bill", column)
    for subject in SUBJECTS:
        op.drop_index(f"ix_bill_{subject}_id", table_name="bill")
        op.execute(f"ALTER TABLE bill DROP COLUMN {subject}_id")
    op.drop_index("ix_bill_period", table_name="bill")
    op.execute("ALTER TABLE bill RENAME COLUMN period TO month")
    op.create_index(op.f("ix_bill_month"), "bill", ["month"])
