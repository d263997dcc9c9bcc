"""Rules of spending, management and fundraising cost, stated figures, and what is explained in public."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATED = (
    "donations",
    "income",
    "unusable",
    "released",
    "net_assets",
    "spending",
    "management",
    "fundraising",
    "expense",
)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _rules() -> None:
    op.create_table(
        "ratio_instrument",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("income_article", sa.String(12), nullable=False),
        sa.Column("average_article", sa.String(12), nullable=False),
        sa.Column("exempt_below_fen", sa.BigInteger(), nullable=True),
        sa.Column("exempt_article", sa.String(12), nullable=False),
        sa.Column("reached_article", sa.String(12), nullable=False),
        sa.Column("excuse_article", sa.String(12), nullable=False),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from",
            name=op.f("ck_ratio_instrument_days_in_order"),
        ),
        sa.CheckConstraint(
            "(exempt_below_fen IS NULL) = (exempt_article = '')",
            name=op.f("ck_ratio_instrument_exemption_has_article"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ratio_instrument")),
    )
    op.create_table(
        "ratio_rule",
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("instrument_code", sa.String(24), nullable=False),
        sa.Column("article", sa.String(12), nullable=False),
        sa.Column("test", sa.String(24), nullable=False),
        sa.Column("organisations", sa.String(24), nullable=True),
        sa.Column("qualified", sa.Boolean(), nullable=True),
        sa.Column("net_assets_from_fen", sa.BigInteger(), nullable=True),
        sa.Column("net_assets_below_fen", sa.BigInteger(), nullable=True),
        sa.Column("base", sa.String(24), nullable=False),
        sa.Column("limit_basis_points", sa.Integer(), nullable=False),
        sa.Column("warn_basis_points", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.String(24), nullable=False),
        sa.CheckConstraint(
            "limit_basis_points BETWEEN 1 AND 10000", name=op.f("ck_ratio_rule_limit_is_a_share")
        ),
        sa.CheckConstraint("article <> ''", name=op.f("ck_ratio_rule_article_given")),
        _key("ratio_rule", "instrument_code", "ratio_instrument.code"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ratio_rule")),
    )
    op.create_index(op.f("ix_ratio_rule_instrument_code"), "ratio_rule", ["instrument_code"])


def _reviewed(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *columns,
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        sa.CheckConstraint(
            "(state = 'posted') = (approved_at IS NOT NULL)", name=op.f(f"ck_{table}_in_force_when_approved")
        ),
        _key(table, "organisation_id", "organisation.id"),
        _key(table, "maker_id", "staff_member.id"),
        _key(table, "editor_id", "staff_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{table}_idempotency_key")),
    )
    op.create_index(op.f(f"ix_{table}_maker_id"), table, ["maker_id"])
    op.create_index(op.f(f"ix_{table}_state"), table, ["state"])
    op.create_index(f"ix_{table}_organisation_year", table, ["organisation_id", "year", "id"])


def upgrade() -> None:
    _rules()
    _reviewed(
        "ratio_base_figure",
        *(sa.Column(f"{name}_fen", sa.BigInteger(), nullable=True) for name in STATED),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("sourced_on", sa.Date(), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_ratio_base_figure_source_given")),
    )
    _reviewed(
        "ratio_excuse",
        sa.Column("ground", sa.String(24), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.CheckConstraint("explanation <> ''", name=op.f("ck_ratio_excuse_explanation_given")),
    )


def downgrade() -> None:
    for table in ("ratio_excuse", "ratio_base_figure", "ratio_rule", "ratio_instrument"):
        op.drop_table(table)
