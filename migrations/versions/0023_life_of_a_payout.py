"""Kinds and states of payouts, second approval, payment as a step of its own, arrival at the final beneficiary."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements
from portal.schema import add_check, allow_null, change_check, drop_check

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WAITS = "state IN ('pending', 'second_pending', 'approved')"
RESERVED = (
    "reserved_fen = CASE WHEN state = 'pending' AND form = 'money' THEN amount_fen ELSE 0 END",
    f"reserved_fen = CASE WHEN {WAITS} AND form = 'money' THEN amount_fen ELSE 0 END",
)
ON_ITS_WAY = sa.text("arrived_fen < amount_fen OR arrivals = 0")
CHECKS = {
    "ck_disbursement_goods_are_goods": "(kind = 'goods') = (form = 'goods')",
    "ck_disbursement_aid_says_how_many": "kind <> 'aid' OR beneficiary_count IS NOT NULL",
    "ck_disbursement_paid_some_day": "state <> 'posted' OR (paid_on IS NOT NULL AND channel IS NOT NULL)",
    "ck_disbursement_approver_is_another": "approver_id <> maker_id AND approver_id <> editor_id",
    "ck_disbursement_second_approver_is_a_third": (
        "second_approver_id <> maker_id AND second_approver_id <> editor_id AND second_approver_id <> approver_id"
    ),
}
PEOPLE = ("approver_id", "second_approver_id", "payer_id")
"""Columns that point at staff."""


def upgrade() -> None:
    _rule_payouts()
    _make_deliveries()
    _give_payouts_a_life()
    _send_what_was_paid()
    for statement in append_only_statements(op.get_bind().dialect.name, ["ledger_arrival"]):
        op.execute(statement)


def _rule_payouts() -> None:
    for column, check in (
        ("second_approval_fen BIGINT", "second_approval_not_negative CHECK (second_approval_fen >= 0)"),
        (
            "request_expires_days INTEGER DEFAULT '60' NOT NULL",
            "request_expires_in_time CHECK (request_expires_days BETWEEN 1 AND 3650)",
        ),
        (
            "evidence_required_fen BIGINT DEFAULT '0' NOT NULL",
            "evidence_required_not_negative CHECK (evidence_required_fen >= 0)",
        ),
    ):
        op.execute(f"ALTER TABLE organisation ADD COLUMN {column} CONSTRAINT ck_organisation_{check}")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _make_deliveries() -> None:
    op.create_table(
        "ledger_delivery",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("arrived_fen", sa.BigInteger(), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "arrived_fen BETWEEN 0 AND amount_fen", name=op.f("ck_ledger_delivery_arrived_within_paid")
        ),
        sa.CheckConstraint("arrivals >= 0", name=op.f("ck_ledger_delivery_arrivals_not_negative")),
        sa.CheckConstraint(
            "(arrivals = 0) = (arrived_on IS NULL)", name=op.f("ck_ledger_delivery_arrived_some_day")
        ),
        _key("ledger_delivery", "entry_id", "ledger_entry"),
        _key("ledger_delivery", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_delivery")),
    )
    op.create_index(
        "ix_ledger_delivery_on_its_way",
        "ledger_delivery",
        ["paid_on", "organisation_id"],
        sqlite_where=ON_ITS_WAY,
        postgresql_where=ON_ITS_WAY,
    )
    op.create_table(
        "ledger_arrival",
        sa.Column("id", ID, nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("people_salt", sa.LargeBinary(32), nullable=True),
        sa.Column("takes_back_id", ID, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "takes_back_id IS NULL OR amount_fen <= 0", name=op.f("ck_ledger_arrival_taken_back_is_negative")
        ),
        sa.CheckConstraint(
            "takes_back_id IS NOT NULL OR amount_fen >= 0",
            name=op.f("ck_ledger_arrival_only_taken_back_is_negative"),
        ),
        sa.CheckConstraint(
            "abs(amount_fen) <= 10000000000000", name=op.f("ck_ledger_arrival_amount_bounded")
        ),
        _key("ledger_arrival", "entry_id", "ledger_entry"),
        _key("ledger_arrival", "organisation_id", "organisation"),
        _key("ledger_arrival", "takes_back_id", "ledger_arrival"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_arrival")),
        sa.UniqueConstraint("index", name=op.f("uq_ledger_arrival_index")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_ledger_arrival_takes_back_id")),
    )
    op.create_index(op.f("ix_ledger_arrival_entry_id"), "ledger_arrival", ["entry_id"])
    op.create_index(
        "ix_ledger_arrival_organisation_arrived_on", "ledger_arrival", ["organisation_id", "arrived_on"]
    )
    op.create_table(
        "disbursement_arrival",
        sa.Column("id", ID, nullable=False),
        sa.Column("disbursement_id", ID, nullable=False),
        sa.Column("arrival_id", ID, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        _key("disbursement_arrival", "arrival_id", "ledger_arrival"),
        _key("disbursement_arrival", "disbursement_id", "disbursement"),
        _key("disbursement_arrival", "made_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_arrival")),
        sa.UniqueConstraint("arrival_id", name=op.f("uq_disbursement_arrival_arrival_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_disbursement_arrival_idempotency_key")),
    )
    op.create_index(
        op.f("ix_disbursement_arrival_disbursement_id"), "disbursement_arrival", ["disbursement_id"]
    )


def _give_payouts_a_life() -> None:
    """What was paid before is of the kind that its cost was; goods are goods, the rest is charitable activity."""
    connection = op.get_bind()
    number = "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER"
    op.execute("ALTER TABLE disbursement ADD COLUMN kind VARCHAR(24) DEFAULT 'programme' NOT NULL")
    op.execute(
        "UPDATE disbursement SET kind = CASE WHEN form = 'goods' THEN 'goods' ELSE cost_kind END "
        "WHERE form = 'goods' OR cost_kind <> 'programme'"
    )
    op.drop_column("disbursement", "cost_kind")
    op.add_column("disbursement", sa.Column("recipient_uscc", sa.String(18), nullable=True))
    for column in PEOPLE:
        op.execute(
            f"ALTER TABLE disbursement ADD COLUMN {column} {number} "
            f"CONSTRAINT fk_disbursement_{column} REFERENCES staff_member (id)"
        )
    allow_null(connection, "disbursement", "paid_on", "DATE")
    allow_null(connection, "disbursement", "channel", "VARCHAR(24)")
    change_check(connection, ("disbursement", "ck_disbursement_pending_is_reserved"), *RESERVED)
    for name, condition in CHECKS.items():
        add_check(connection, ("disbursement", name), condition)
    op.create_index(
        "ix_disbursement_waiting",
        "disbursement",
        ["organisation_id", "submitted_at"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )


def _send_what_was_paid() -> None:
    """What was paid before arrivals were kept is on its way: nobody has said that it arrived."""
    op.execute(
        "INSERT INTO ledger_delivery (entry_id, organisation_id, paid_on, amount_fen, arrived_fen, arrivals) "
        "SELECT e.id, e.organisation_id, e.occurred_on, e.amount_fen, 0, 0 "
        "FROM disbursement d JOIN ledger_entry e ON e.id = d.entry_id "
        "LEFT JOIN ledger_entry r ON r.reverses_id = e.id "
        "WHERE r.id IS NULL AND d.kind NOT IN ('management', 'fundraising')"
    )


def downgrade() -> None:
    connection = op.get_bind()
    op.drop_index("ix_disbursement_waiting", "disbursement")
    for name, condition in CHECKS.items():
        drop_check(connection, ("disbursement", name), condition)
    change_check(connection, ("disbursement", "ck_disbursement_pending_is_reserved"), *reversed(RESERVED))
    op.add_column(
        "disbursement", sa.Column("cost_kind", sa.String(24), nullable=False, server_default="programme")
    )
    op.execute("UPDATE disbursement SET cost_kind = kind WHERE kind IN ('management', 'fundraising')")
    for table in ("disbursement_arrival", "ledger_arrival", "ledger_delivery"):
        op.drop_table(table)
    for column in (*PEOPLE, "recipient_uscc", "kind"):
        op.drop_column("disbursement", column)
    for column in ("second_approval_fen", "request_expires_days", "evidence_required_fen"):
        op.drop_column("organisation", column)
