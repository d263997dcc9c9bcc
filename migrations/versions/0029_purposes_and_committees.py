"""What a fund's money may be used for, and the committees that decide about it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
FEN = sa.BigInteger()


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "fund_purpose",
        sa.Column("fund_id", ID, autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(24), nullable=False),
        _check(
            "fund_purpose",
            "purpose_known",
            "purpose IN ('poverty', 'care', 'disaster', 'culture', 'environment', 'other')",
        ),
        _key("fund_purpose", "fund_id", "fund"),
        sa.PrimaryKeyConstraint("fund_id", "purpose", name=op.f("pk_fund_purpose")),
    )
    _members()
    _decisions()
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.add_column("disbursement", sa.Column("purpose_kind", sa.String(24), nullable=True))
    op.execute(
        f"ALTER TABLE disbursement ADD COLUMN committee_decision_id {kind} "
        "CONSTRAINT fk_disbursement_committee_decision_id REFERENCES committee_decision (id)"
    )


def _members() -> None:
    table = "committee_member"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _check(table, "until_after_since", "until IS NULL OR until >= since"),
        _key(table, "fund_id", "fund"),
        _key(table, "made_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f("ix_committee_member_fund_id"), table, ["fund_id"])


def _decisions() -> None:
    table = "committee_decision"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("interested", sa.Integer(), nullable=False),
        sa.Column("interest_note", sa.String(500), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("amount_fen", FEN, nullable=False),
        sa.Column("committed_fen", FEN, nullable=False),
        sa.Column("spent_fen", FEN, nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        _check(table, "amount_positive", "amount_fen > 0"),
        _check(table, "committed_not_negative", "committed_fen >= 0"),
        _check(table, "spent_not_negative", "spent_fen >= 0"),
        _check(table, "within_amount", "committed_fen + spent_fen <= amount_fen"),
        _check(
            table,
            "votes_not_negative",
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND interested >= 0",
        ),
        _check(
            table, "votes_of_those_present", "votes_for + votes_against + abstained + interested = present"
        ),
        _check(table, "carried", "votes_for > votes_against + abstained"),
        _check(
            table,
            "only_confirmed_is_used",
            "state = 'posted' OR (committed_fen = 0 AND spent_fen = 0)",
        ),
        _key(table, "editor_id", "staff_member"),
        _key(table, "fund_id", "fund"),
        _key(table, "maker_id", "staff_member"),
        _key(table, "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("fund_id", "number", name=op.f(f"uq_{table}_fund_id_number")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{table}_idempotency_key")),
    )
    op.create_index(op.f(f"ix_{table}_maker_id"), table, ["maker_id"])
    op.create_index(op.f(f"ix_{table}_state"), table, ["state"])
    op.create_index(f"ix_{table}_organisation_state", table, ["organisation_id", "state", "id"])


def downgrade() -> None:
    for column in ("committee_decision_id", "purpose_kind"):
        op.drop_column("disbursement", column)
    for table in ("committee_decision", "committee_member", "fund_purpose"):
        op.drop_table(table)
