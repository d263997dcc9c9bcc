"""Transfers between funds, changes of purpose, and the fund that covers a reversal."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements
from portal.schema import change_check

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
FEN = sa.BigInteger()

BILL = ("bill", "ck_bill_bill_adds_up")
ADDED_UP = "closing_fen = opening_fen + income_fen - outgo_fen"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _ledger()
    _transfers()
    _changes()
    for column in ("moved_in_fen", "moved_out_fen"):
        op.add_column("bill", sa.Column(column, FEN, server_default=sa.text("0"), nullable=False))
    change_check(op.get_bind(), BILL, ADDED_UP, f"{ADDED_UP} + moved_in_fen - moved_out_fen")
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for column, target in (("cover_fund_id", "fund"), ("cover_entry_id", "ledger_entry")):
        op.execute(
            f"ALTER TABLE reversal_request ADD COLUMN {column} {kind} "
            f"CONSTRAINT fk_reversal_request_{column} REFERENCES {target} (id)"
        )


def _ledger() -> None:
    table, ends = "ledger_transfer", ("from_fund_id", "to_fund_id")
    owners = ("from_organisation_id", "to_organisation_id")
    op.create_table(
        table,
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        *(sa.Column(column, ID, nullable=False) for column in (*ends, *owners)),
        sa.Column("amount_fen", FEN, nullable=False),
        _check(table, "amount_not_zero", "amount_fen <> 0"),
        _key(table, "entry_id", "ledger_entry"),
        *(_key(table, column, "fund") for column in ends),
        *(_key(table, column, "organisation") for column in owners),
        sa.PrimaryKeyConstraint("entry_id", name=op.f(f"pk_{table}")),
    )
    for column in (*ends, *owners):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for statement in append_only_statements(op.get_bind().dialect.name, [table]):
        op.execute(statement)


def _transfers() -> None:
    table = "fund_transfer"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("transfer_no", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("to_organisation_id", ID, nullable=False),
        sa.Column("from_fund_id", ID, nullable=False),
        sa.Column("to_fund_id", ID, nullable=False),
        sa.Column("amount_fen", FEN, nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("reserved_fen", FEN, nullable=False),
        sa.Column("committee_decision_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        _check(table, "amount_positive", "amount_fen > 0"),
        _check(table, "posted_has_entry", "(state = 'posted') = (entry_id IS NOT NULL)"),
        _check(
            table,
            "pending_is_reserved",
            "reserved_fen = CASE WHEN state = 'pending' THEN amount_fen ELSE 0 END",
        ),
        _check(table, "two_funds", "kind = 'purpose_change' OR from_fund_id <> to_fund_id"),
        _check(
            table,
            "grant_leaves_the_organisation",
            "(kind = 'grant') = (organisation_id <> to_organisation_id)",
        ),
        _key(table, "committee_decision_id", "committee_decision"),
        _key(table, "editor_id", "staff_member"),
        _key(table, "entry_id", "ledger_entry"),
        _key(table, "from_fund_id", "fund"),
        _key(table, "maker_id", "staff_member"),
        _key(table, "organisation_id", "organisation"),
        _key(table, "to_fund_id", "fund"),
        _key(table, "to_organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("entry_id", name=op.f(f"uq_{table}_entry_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{table}_idempotency_key")),
        sa.UniqueConstraint("transfer_no", name=op.f(f"uq_{table}_transfer_no")),
    )
    for column in ("from_fund_id", "to_fund_id", "maker_id", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(f"ix_{table}_organisation_state", table, ["organisation_id", "state", "id"])
    op.create_table(
        "transfer_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_transfer_counter")),
    )


def _changes() -> None:
    table = "purpose_change"
    op.create_table(
        table,
        sa.Column("transfer_id", ID, autoincrement=False, nullable=False),
        sa.Column("old_purpose", sa.Text(), nullable=False),
        sa.Column("new_purpose", sa.Text(), nullable=False),
        sa.Column("new_kind", sa.String(24), nullable=False),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("notice_text", sa.Text(), nullable=False),
        sa.Column("objections_to", sa.String(300), nullable=False),
        sa.Column("notice_first_day", sa.Date(), nullable=True),
        sa.Column("notice_last_day", sa.Date(), nullable=True),
        sa.Column("filing_no", sa.String(40), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        _check(table, "basis_known", "basis IN ('consent', 'notice', 'plan')"),
        _check(table, "consent_in_words", "basis <> 'consent' OR consent <> ''"),
        _check(table, "notice_has_a_text", "basis <> 'notice' OR notice_text <> ''"),
        _check(table, "plan_is_filed", "(basis = 'plan') = (filed_on IS NOT NULL)"),
        _check(
            table,
            "notice_has_both_days",
            "(notice_first_day IS NULL) = (notice_last_day IS NULL) "
            "AND (basis = 'notice' OR notice_first_day IS NULL)",
        ),
        _key(table, "transfer_id", "fund_transfer"),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f(f"pk_{table}")),
    )
    table = "purpose_objection"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("transfer_id", ID, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("from_whom", sa.String(120), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("settled_by_id", ID, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        _check(table, "answer_has_a_time", "(settled_at IS NULL) = (answer = '')"),
        _check(table, "answer_has_an_author", "(settled_at IS NULL) = (settled_by_id IS NULL)"),
        _key(table, "made_by_id", "staff_member"),
        _key(table, "settled_by_id", "staff_member"),
        _key(table, "transfer_id", "fund_transfer"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_transfer_id"), table, ["transfer_id"])


def downgrade() -> None:
    for column in ("cover_entry_id", "cover_fund_id"):
        op.drop_column("reversal_request", column)
    change_check(op.get_bind(), BILL, f"{ADDED_UP} + moved_in_fen - moved_out_fen", ADDED_UP)
    for column in ("moved_out_fen", "moved_in_fen"):
        op.drop_column("bill", column)
    for table in (
        "purpose_objection",
        "purpose_change",
        "transfer_counter",
        "fund_transfer",
        "ledger_transfer",
    ):
        op.drop_table(table)
