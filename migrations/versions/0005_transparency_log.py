"""The transparency log, and what seals the private parts of a document in it."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("log_head", "log_leaf", "log_node", "log_checkpoint", "log_cosignature")
GUARDED = ("log_leaf", "log_node", "log_checkpoint", "log_cosignature")
"""Tables that the database itself keeps from change."""
COLUMNS = (
    ("ledger_head", "closed_day"),
    ("ledger_head", "closed_size"),
    ("ledger_entry", "document_no"),
    ("ledger_entry", "words_salt"),
    ("donation", "donor_salt"),
    ("donation", "erased_at"),
    ("disbursement", "use_salt"),
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM ledger_entry LIMIT 1")).first():
        raise RuntimeError(
            "这个数据库的账是在有透明日志之前记的，不能补做证明。请换一个空的数据库，再把名单重新导入；"
            "演示数据库直接删除文件，下次会重新生成。"
        )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_log_leaf")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_log_node")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "log_cosignature",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_checkpoint.size"], name=op.f("fk_log_cosignature_size")),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_log_cosignature")),
    )
    # Columns are added, never by rebuilding a table: a rebuilt one loses its triggers without a word.
    op.add_column("ledger_head", sa.Column("closed_day", sa.Date(), nullable=True))
    op.add_column(
        "ledger_head", sa.Column("closed_size", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("ledger_entry", sa.Column("document_no", sa.String(length=24), nullable=True))
    op.add_column("ledger_entry", sa.Column("words_salt", sa.LargeBinary(length=32), nullable=True))
    op.add_column("donation", sa.Column("donor_salt", sa.LargeBinary(length=32), nullable=True))
    op.add_column("donation", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("disbursement", sa.Column("use_salt", sa.LargeBinary(length=32), nullable=True))
    for statement in append_only_statements(connection.dialect.name, GUARDED):
        connection.exec_driver_sql(statement)
    empty = sa.table("log_head", sa.column("id"), sa.column("size"), sa.column("frontier", sa.LargeBinary))
    op.bulk_insert(empty, [{"id": 1, "size": 0, "frontier": b""}])


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
    for table in reversed(TABLES):
        op.drop_table(table)
