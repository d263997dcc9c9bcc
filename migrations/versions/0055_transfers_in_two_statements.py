"""A transfer between organisations stands in the statements of both, so it is matched once in each."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0050"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_ONE = "uq_line_match_entry_id"
OF_EACH = "uq_line_match_organisation_id_entry_id"
ORGANISATION = "fk_line_match_organisation_id"


def upgrade() -> None:
    op.add_column("line_match", sa.Column("organisation_id", ID, nullable=True))
    op.execute(
        "UPDATE line_match SET organisation_id = "
        "(SELECT organisation_id FROM statement_line WHERE statement_line.id = line_match.line_id)"
    )
    with op.batch_alter_table("line_match") as table:
        table.alter_column("organisation_id", existing_type=ID, nullable=False)
        table.create_foreign_key(op.f(ORGANISATION), "organisation", ["organisation_id"], ["id"])
        table.drop_constraint(op.f(OF_ONE), type_="unique")
        table.create_unique_constraint(op.f(OF_EACH), ["organisation_id", "entry_id"])


def downgrade() -> None:
    op.execute("DELETE FROM line_match WHERE id NOT IN (SELECT min(id) FROM line_match GROUP BY entry_id)")
    with op.batch_alter_table("line_match") as table:
        table.drop_constraint(op.f(OF_EACH), type_="unique")
        table.create_unique_constraint(op.f(OF_ONE), ["entry_id"])
        table.drop_constraint(op.f(ORGANISATION), type_="foreignkey")
        table.drop_column("organisation_id")
