"""Budgets, milestones, groups and reports of projects, and the line of a budget that a payout is paid from."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
PUBLISHED = "(state = 'posted') = (published_at IS NOT NULL)"
PAPERS = ("project_budget_change", "project_progress", "project_closing")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _budget() -> None:
    op.create_table(
        "project_budget_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("spent_fen", sa.BigInteger(), nullable=False),
        _check("project_budget_line", "committed_fen + spent_fen <= amount_fen", "within_amount"),
        _check("project_budget_line", "committed_fen >= 0", "committed_not_negative"),
        _check("project_budget_line", "spent_fen >= 0", "spent_not_negative"),
        _key("project_budget_line", "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_budget_line")),
        sa.UniqueConstraint("project_id", "line_no", name=op.f("uq_project_budget_line_project_id_line_no")),
    )
    op.create_table(
        "project_account",
        sa.Column("project_id", ID, autoincrement=False, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("helped", sa.BigInteger(), nullable=False),
        _check("project_account", "committed_fen >= 0", "committed_not_negative"),
        _check("project_account", "open OR waiting = 0", "closed_has_none_waiting"),
        _check("project_account", "waiting >= 0", "waiting_not_negative"),
        _key("project_account", "project_id", "project"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_account")),
    )
    op.create_table(
        "project_spending",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _key("project_spending", "entry_id", "ledger_entry"),
        _key("project_spending", "line_id", "project_budget_line"),
        _key("project_spending", "project_id", "project"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_project_spending")),
    )


def _plan() -> None:
    op.create_table(
        "project_target_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(120), nullable=False),
        sa.Column("planned_people", sa.Integer(), nullable=True),
        _check(
            "project_target_group", "planned_people IS NULL OR planned_people > 0", "planned_people_positive"
        ),
        _key("project_target_group", "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_target_group")),
        sa.UniqueConstraint("project_id", "line_no", name=op.f("uq_project_target_group_project_id_line_no")),
    )
    op.create_table(
        "project_milestone",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        _key("project_milestone", "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_milestone")),
    )
    op.create_index("ix_project_milestone_project", "project_milestone", ["project_id", "planned_on"])


def _paper(table: str, *more: sa.Column[object] | sa.CheckConstraint | sa.ForeignKeyConstraint) -> None:
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        *more,
        _check(table, PUBLISHED, "published_when_approved"),
        _key(table, "editor_id", "staff_member"),
        _key(table, "maker_id", "staff_member"),
        _key(table, "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{table}_idempotency_key")),
    )
    for column in ("maker_id", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _papers() -> None:
    _paper("project_budget_change", sa.Column("reason", sa.Text(), nullable=False))
    op.create_table(
        "project_budget_change_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("name_before", sa.String(60), nullable=False),
        sa.Column("name_after", sa.String(60), nullable=False),
        sa.Column("before_fen", sa.BigInteger(), nullable=False),
        sa.Column("after_fen", sa.BigInteger(), nullable=False),
        _check("project_budget_change_line", "before_fen >= 0 AND after_fen >= 0", "amounts_not_negative"),
        _key("project_budget_change_line", "change_id", "project_budget_change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_budget_change_line")),
        sa.UniqueConstraint(
            "change_id", "line_no", name=op.f("uq_project_budget_change_line_change_id_line_no")
        ),
    )
    _paper(
        "project_progress",
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("people_reached", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        _check("project_progress", "people_reached >= 0", "people_not_negative"),
    )
    _paper(
        "project_closing",
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("people_reached", sa.Integer(), nullable=False),
        sa.Column("how_chosen", sa.Text(), nullable=False),
        sa.Column("entrusted", sa.Text(), nullable=False),
        sa.Column("campaign_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("other_income_fen", sa.BigInteger(), nullable=False),
        sa.Column("spending_fen", sa.BigInteger(), nullable=False),
        sa.Column("leftover_fen", sa.BigInteger(), nullable=False),
        sa.Column("leftover_use", sa.String(24), nullable=False),
        sa.Column("leftover_project_id", ID, nullable=True),
        sa.Column("leftover_words", sa.Text(), nullable=False),
        sa.Column("status_before", sa.String(24), nullable=False),
        _check("project_closing", "(leftover_fen = 0) = (leftover_use = 'none')", "leftover_decided"),
        _check(
            "project_closing",
            "(leftover_use = 'project') = (leftover_project_id IS NOT NULL)",
            "leftover_project_named",
        ),
        _check("project_closing", "leftover_fen >= 0", "leftover_not_negative"),
        _check("project_closing", "leftover_use IN ('none', 'plan', 'project')", "leftover_use_known"),
        _check("project_closing", "people_reached >= 0", "people_not_negative"),
        _key("project_closing", "leftover_project_id", "project"),
    )
    op.create_index("ix_project_budget_change_project", "project_budget_change", ["project_id", "state"])
    op.create_index("ix_project_closing_project", "project_closing", ["project_id", "state"])
    op.create_index("ix_project_progress_project", "project_progress", ["project_id", "state", "through"])


def _what_was_spent_before() -> None:
    """Count the payouts of projects that are in the books, and those that wait."""
    op.execute(
        "INSERT INTO project_spending (entry_id, project_id, line_id, amount_fen, people) "
        "SELECT entry_id, project_id, NULL, CASE WHEN form = 'money' THEN amount_fen ELSE 0 END, "
        "coalesce(beneficiary_count, 0) FROM disbursement WHERE entry_id IS NOT NULL AND project_id IS NOT NULL"
    )
    op.execute(
        "INSERT INTO project_spending (entry_id, project_id, line_id, amount_fen, people) "
        "SELECT reversal.id, spent.project_id, NULL, -spent.amount_fen, -spent.people "
        "FROM project_spending AS spent JOIN ledger_entry AS reversal ON reversal.reverses_id = spent.entry_id"
    )
    op.execute(
        "INSERT INTO project_account (project_id, open, waiting, committed_fen, helped) "
        "SELECT id, true, "
        "(SELECT count(*) FROM disbursement WHERE project_id = project.id AND state IN ('pending', 'second_pending', 'approved')), "
        "(SELECT coalesce(sum(reserved_fen), 0) FROM disbursement WHERE project_id = project.id), "
        "(SELECT coalesce(sum(people), 0) FROM project_spending WHERE project_id = project.id) FROM project"
    )


def upgrade() -> None:
    _budget()
    _plan()
    _papers()
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE disbursement ADD COLUMN budget_line_id {kind} "
        "CONSTRAINT fk_disbursement_budget_line_id REFERENCES project_budget_line (id)"
    )
    op.create_index(
        "ix_disbursement_budget_line_id",
        "disbursement",
        ["budget_line_id"],
        sqlite_where=sa.text("budget_line_id IS NOT NULL"),
        postgresql_where=sa.text("budget_line_id IS NOT NULL"),
    )
    _what_was_spent_before()
    for statement in append_only_statements(op.get_bind().dialect.name, ["project_spending"]):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_disbursement_budget_line_id", "disbursement")
    op.drop_column("disbursement", "budget_line_id")
    for table in (
        "project_closing",
        "project_progress",
        "project_budget_change_line",
        "project_budget_change",
        "project_milestone",
        "project_target_group",
        "project_spending",
        "project_account",
        "project_budget_line",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS project_spending_refuse_change()")
