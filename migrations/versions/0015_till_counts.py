"""Counts of the till."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "till_count",
        sa.Column("id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("station_id", ID, nullable=True),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("logged_fen", sa.BigInteger(), nullable=False),
        sa.Column("posted_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counted_fen >= 0", name=op.f("ck_till_count_counted_not_negative")),
        sa.CheckConstraint(
            "counted_fen = logged_fen OR note <> ''", name=op.f("ck_till_count_difference_is_explained")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_till_count_{column}"))
            for column, table in (
                ("maker_id", "staff_member"),
                ("organisation_id", "organisation"),
                ("station_id", "station"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_count")),
    )
    op.create_index("ix_till_count_maker_day", "till_count", ["maker_id", "day"])
    connection = op.get_bind()
    for statement in append_only_statements(connection.dialect.name, ("till_count",)):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("till_count")
