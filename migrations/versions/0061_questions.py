"""Questions of citizens, their answers, what is withheld, and complaints; where one may complain."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GUARDED = ("question_turn", "complaint", "complaint_outcome")
TABLES = (
    "complaint_counter",
    "complaint_outcome",
    "complaint",
    "question_withholding",
    "question_turn",
    "question_asking_count",
    "question_counter",
    "question",
)


def upgrade() -> None:
    op.add_column("district", sa.Column("complaint_office", sa.String(60), nullable=False, server_default=""))
    op.add_column("district", sa.Column("complaint_phone", sa.String(40), nullable=False, server_default=""))
    _questions()
    _turns()
    _withholdings()
    _complaints()
    for statement in append_only_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def _questions() -> None:
    op.create_table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("question_no", sa.String(20), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("about_kind", sa.String(24), nullable=False),
        sa.Column("about_no", sa.String(60), nullable=False),
        sa.Column("about_name", sa.String(200), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("working_days_taken", sa.Integer(), nullable=True),
        sa.Column("withheld", sa.String(24), nullable=True),
        sa.Column("waiting_turn", sa.Integer(), nullable=True),
        sa.Column("waiting_due_on", sa.Date(), nullable=True),
        sa.Column("hidden_through_on", sa.Date(), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (working_days_taken IS NULL)",
            name=op.f("ck_question_answered_in_so_many_days"),
        ),
        sa.CheckConstraint(
            "(waiting_turn IS NULL) = (waiting_due_on IS NULL)", name=op.f("ck_question_waiting_has_a_day")
        ),
        sa.CheckConstraint(
            "waiting_turn IS NOT NULL OR hidden_through_on IS NULL",
            name=op.f("ck_question_hidden_while_waiting"),
        ),
        sa.CheckConstraint(
            "withheld IS NULL OR answered_on IS NULL", name=op.f("ck_question_withheld_or_answered")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_question_idempotency_key")),
        sa.UniqueConstraint("question_no", name=op.f("uq_question_question_no")),
    )
    op.create_index("ix_question_about", "question", ["about_kind", "about_no", "id"])
    op.create_index("ix_question_organisation", "question", ["organisation_id", "id"])
    op.create_index(
        "ix_question_waiting",
        "question",
        ["waiting_due_on", "organisation_id"],
        sqlite_where=sa.text("waiting_due_on IS NOT NULL"),
        postgresql_where=sa.text("waiting_due_on IS NOT NULL"),
    )
    op.create_index("ix_question_words", "question", ["words_hash", "asked_at"])
    op.create_table(
        "question_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("lost_leaves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_question_counter")),
    )
    op.create_table(
        "question_asking_count",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_question_asking_count")),
    )
    op.create_index(op.f("ix_question_asking_count_last_day"), "question_asking_count", ["last_day"])


def _turns() -> None:
    op.create_table(
        "question_turn",
        sa.Column("id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("nickname", sa.String(20), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("function", sa.String(24), nullable=True),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.CheckConstraint(
            "(kind = 'answered') = (by_id IS NOT NULL) AND (kind = 'answered') = (function IS NOT NULL)",
            name=op.f("ck_question_turn_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(kind = 'answered') = (salt IS NULL) AND (kind = 'answered') = (due_on IS NULL)",
            name=op.f("ck_question_turn_asked_is_sealed"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_question_turn_says_something")),
        sa.ForeignKeyConstraint(["by_id"], ["staff_member.id"], name=op.f("fk_question_turn_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_turn_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_turn")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_question_turn_idempotency_key")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_question_turn_leaf_index")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_turn_question_id_number")),
    )


def _withholdings() -> None:
    op.create_table(
        "question_withholding",
        sa.Column("id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("turn_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("proposed_by_id", ID, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("leaf_index", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)",
            name=op.f("ck_question_withholding_decided_has_a_time"),
        ),
        sa.CheckConstraint(
            "(state = 'upheld') = (leaf_index IS NOT NULL)",
            name=op.f("ck_question_withholding_upheld_has_leaf"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_question_withholding_decided_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_member.id"], name=op.f("fk_question_withholding_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff_member.id"], name=op.f("fk_question_withholding_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_withholding_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_withholding")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_question_withholding_leaf_index")),
    )
    op.create_index(op.f("ix_question_withholding_question_id"), "question_withholding", ["question_id"])
    op.create_index(
        "uq_question_withholding_open",
        "question_withholding",
        ["question_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_no", sa.String(20), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("about_kind", sa.String(24), nullable=False),
        sa.Column("about_no", sa.String(60), nullable=False),
        sa.Column("about_name", sa.String(200), nullable=False),
        sa.Column("question_id", ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_complaint_says_something")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_complaint_organisation_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_complaint_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("case_no", name=op.f("uq_complaint_case_no")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_complaint_idempotency_key")),
    )
    op.create_index("ix_complaint_due", "complaint", ["due_on"])
    op.create_index(op.f("ix_complaint_organisation_id"), "complaint", ["organisation_id"])
    op.create_index(op.f("ix_complaint_question_id"), "complaint", ["question_id"])
    op.create_table(
        "complaint_outcome",
        sa.Column("id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("finding", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("working_days_taken", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", ID, nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_complaint_outcome_says_something")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_outcome_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_member.id"], name=op.f("fk_complaint_outcome_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_outcome")),
        sa.UniqueConstraint("complaint_id", name=op.f("uq_complaint_outcome_complaint_id")),
    )
    op.create_table(
        "complaint_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_complaint_counter")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
    for column in ("complaint_phone", "complaint_office"):
        op.drop_column("district", column)
