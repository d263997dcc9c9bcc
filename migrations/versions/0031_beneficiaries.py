"""Persons who are helped: lists, persons, limits of counting only, reasons for payouts to persons with an interest."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0031"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GUARDED = ("interest_note",)
DIGESTS = (
    "document_digest",
    "name_digest",
    "phone_digest",
    "account_digest",
    "name_phone_digest",
    "name_account_digest",
)
FOUND_BY = ("document", "name", "phone", "name_phone", "name_account")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "beneficiary_list",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("group_words", sa.String(60), nullable=False),
        sa.Column("with_amounts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("stated_total_fen", sa.BigInteger(), nullable=True),
        sa.Column("stated_count", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "fine", "to_mend", "to_confirm", "left_out")
        ),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("disbursement_id", ID, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("dropped_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "fine + to_mend + to_confirm + left_out = rows",
            name=op.f("ck_beneficiary_list_every_person_is_counted"),
        ),
        sa.CheckConstraint("total_fen >= 0", name=op.f("ck_beneficiary_list_total_not_negative")),
        sa.CheckConstraint(
            "dropped_at IS NULL OR disbursement_id IS NULL",
            name=op.f("ck_beneficiary_list_dropped_is_unused"),
        ),
        _key("beneficiary_list", "organisation_id", "organisation"),
        _key("beneficiary_list", "disbursement_id", "disbursement"),
        _key("beneficiary_list", "maker_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary_list")),
        sa.UniqueConstraint("disbursement_id", name=op.f("uq_beneficiary_list_disbursement_id")),
    )
    for column in ("organisation_id", "fingerprint"):
        op.create_index(op.f(f"ix_beneficiary_list_{column}"), "beneficiary_list", [column])
    _beneficiary()
    op.create_table(
        "count_only_limit",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", ID, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_count_only_limit_limit_not_negative")),
        _key("count_only_limit", "organisation_id", "organisation"),
        _key("count_only_limit", "set_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_count_only_limit")),
    )
    op.create_table(
        "interest_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("disbursement_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_by_id", ID, nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_interest_note_reason_given")),
        _key("interest_note", "disbursement_id", "disbursement"),
        _key("interest_note", "noted_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_note")),
    )
    op.create_index(op.f("ix_interest_note_disbursement_id"), "interest_note", ["disbursement_id"])
    for statement in append_only_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def _beneficiary() -> None:
    op.create_table(
        "beneficiary",
        sa.Column("id", ID, nullable=False),
        sa.Column("list_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("group_words", sa.String(60), nullable=False),
        sa.Column("street_id", ID, nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *(sa.Column(name, sa.String(64), nullable=True) for name in DIGESTS),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("return_reason", sa.String(200), nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "amount_fen IS NULL OR amount_fen > 0", name=op.f("ck_beneficiary_amount_positive")
        ),
        sa.CheckConstraint(
            "(sealed IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_beneficiary_sealed_until_erased")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR coalesce(document_digest, name_digest, phone_digest, account_digest, "
            "name_phone_digest, name_account_digest) IS NULL",
            name=op.f("ck_beneficiary_erased_cannot_be_found"),
        ),
        _key("beneficiary", "list_id", "beneficiary_list"),
        _key("beneficiary", "street_id", "street"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        sa.UniqueConstraint("list_id", "position", name=op.f("uq_beneficiary_list_id_position")),
    )
    for kind in FOUND_BY:
        condition = sa.text(f"{kind}_digest IS NOT NULL")
        op.create_index(
            f"ix_beneficiary_{kind}",
            "beneficiary",
            [f"{kind}_digest"],
            sqlite_where=condition,
            postgresql_where=condition,
        )


def downgrade() -> None:
    for table in ("interest_note", "count_only_limit", "beneficiary", "beneficiary_list"):
        op.drop_table(table)
