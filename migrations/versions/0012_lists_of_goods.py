"""Lists of goods, received and given out."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "import_batch", sa.Column("kind", sa.String(24), nullable=False, server_default="donations")
    )
    op.create_table(
        "import_goods_row",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(200), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("specification", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR quantity_thousandths > 0",
            name=op.f("ck_import_goods_row_accepted_is_complete"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_goods_row_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_goods_row")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_import_goods_row_batch_id_position")),
    )


def downgrade() -> None:
    op.drop_table("import_goods_row")
    op.drop_column("import_batch", "kind")
