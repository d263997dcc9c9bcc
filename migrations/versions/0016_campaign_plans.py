"""The filed plans of campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "campaign_plan",
        sa.Column("campaign_id", ID, autoincrement=False, nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("person_in_charge", sa.String(60), nullable=False),
        sa.Column("office", sa.String(200), nullable=False),
        sa.Column("ways_of_giving", sa.Text(), nullable=False),
        sa.Column("bank_account", sa.String(200), nullable=False),
        sa.Column("target_fen", sa.BigInteger(), nullable=False),
        sa.Column("beneficiaries", sa.Text(), nullable=False),
        sa.Column("use_of_funds", sa.Text(), nullable=False),
        sa.Column("fundraising_cost", sa.Text(), nullable=False),
        sa.Column("leftovers", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("partner_agreement", sa.String(120), nullable=False),
        sa.Column("partner_evaluation", sa.Text(), nullable=False),
        sa.Column("platform_links", sa.Text(), nullable=False),
        sa.CheckConstraint("target_fen >= 0", name=op.f("ck_campaign_plan_target_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_plan_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign_plan")),
    )


def downgrade() -> None:
    op.drop_table("campaign_plan")
