"""Statements, what each line is, and the signed figures."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "bank_statement",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("account_code", sa.String(12), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_bank_statement_days_in_order")),
        _key("bank_statement", "made_by_id", "staff_member"),
        _key("bank_statement", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
    )
    op.create_index(op.f("ix_bank_statement_organisation_id"), "bank_statement", ["organisation_id"])
    op.create_table(
        "statement_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("statement_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("account_code", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("counterparty", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False),
        sa.Column("fee_disbursement_id", ID, nullable=True),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_statement_line_amount_not_zero")),
        _key("statement_line", "fee_disbursement_id", "disbursement"),
        _key("statement_line", "organisation_id", "organisation"),
        _key("statement_line", "statement_id", "bank_statement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("fee_disbursement_id", name=op.f("uq_statement_line_fee_disbursement_id")),
        sa.UniqueConstraint(
            "organisation_id",
            "account_code",
            "content_key",
            name=op.f("uq_statement_line_organisation_id_account_code_content_key"),
        ),
    )
    op.create_index(op.f("ix_statement_line_statement_id"), "statement_line", ["statement_id"])
    op.create_index(
        "ix_statement_line_account_day", "statement_line", ["organisation_id", "account_code", "day"]
    )
    op.create_table(
        "line_match",
        sa.Column("id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _key("line_match", "entry_id", "ledger_entry"),
        _key("line_match", "line_id", "statement_line"),
        _key("line_match", "made_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_match")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_line_match_entry_id")),
    )
    op.create_index(op.f("ix_line_match_line_id"), "line_match", ["line_id"])
    op.create_table(
        "reconciliation",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("account_code", sa.String(12), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("ledger_fen", sa.BigInteger(), nullable=False),
        sa.Column("bank_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_lines", sa.Integer(), nullable=False),
        sa.Column("open_lines_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_entries", sa.Integer(), nullable=False),
        sa.Column("open_entries_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("signed_by_id", ID, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR signed_by_id <> made_by_id",
            name=op.f("ck_reconciliation_signed_by_another"),
        ),
        sa.CheckConstraint(
            "(signed_by_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_reconciliation_signed_at_some_time")
        ),
        _key("reconciliation", "made_by_id", "staff_member"),
        _key("reconciliation", "organisation_id", "organisation"),
        _key("reconciliation", "signed_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_index(op.f("ix_reconciliation_organisation_id"), "reconciliation", ["organisation_id"])


def downgrade() -> None:
    for table in ("reconciliation", "line_match", "statement_line", "bank_statement"):
        op.drop_table(table)
