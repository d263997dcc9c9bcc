"""What a project is for, where and for how many, the funds it draws on, and the state before its end."""

import sqlalchemy as sa
from alembic import op

from portal.schema import change_check, drop_reference

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CATEGORIES = (
    "medical",
    "poverty",
    "education",
    "rural",
    "emergency",
    "elderly",
    "children",
    "disability",
    "veterans",
    "culture",
    "environment",
    "other",
)
KNOWN = f"category IN ({', '.join(repr(one) for one in CATEGORIES)})"
OLD = "status IN ('applied', 'checked', 'refused', 'active', 'suspended', 'closed')"
NEW = "status IN ('applied', 'checked', 'refused', 'active', 'suspended', 'closing', 'closed')"


def upgrade() -> None:
    op.create_table(
        "project_fund",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_project_fund_fund_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_fund_project_id")),
        sa.PrimaryKeyConstraint("project_id", "fund_id", name=op.f("pk_project_fund")),
    )
    op.create_index(op.f("ix_project_fund_fund_id"), "project_fund", ["fund_id"])
    op.execute("INSERT INTO project_fund SELECT id, fund_id FROM project WHERE fund_id IS NOT NULL")
    op.drop_index(op.f("ix_project_fund_id"), "project")
    drop_reference(op.get_bind(), "project", "fund_id", "fund")
    op.execute(
        "ALTER TABLE project ADD COLUMN category VARCHAR(24) DEFAULT 'other' NOT NULL "
        f"CONSTRAINT ck_project_category_known CHECK ({KNOWN})"
    )
    op.add_column(
        "project", sa.Column("work_area", sa.String(200), server_default=sa.text("''"), nullable=False)
    )
    op.execute(
        "ALTER TABLE project ADD COLUMN planned_people INTEGER "
        "CONSTRAINT ck_project_planned_people_positive CHECK (planned_people IS NULL OR planned_people > 0)"
    )
    change_check(op.get_bind(), ("project", "ck_project_status_known"), OLD, NEW)


def downgrade() -> None:
    """Of several funds the first is kept."""
    change_check(op.get_bind(), ("project", "ck_project_status_known"), NEW, OLD)
    for column in ("planned_people", "work_area", "category"):
        op.drop_column("project", column)
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE project ADD COLUMN fund_id {kind} CONSTRAINT fk_project_fund_id REFERENCES fund (id)"
    )
    op.create_index(op.f("ix_project_fund_id"), "project", ["fund_id"])
    op.execute(
        "UPDATE project SET fund_id = (SELECT min(fund_id) FROM project_fund WHERE project_id = project.id)"
    )
    op.drop_table("project_fund")
