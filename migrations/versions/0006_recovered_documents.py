"""Documents whose seal was lost with a database, and came back from the published log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("donation", "disbursement")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("seal_lost", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "seal_lost")
