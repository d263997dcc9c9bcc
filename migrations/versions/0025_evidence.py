"""Evidence, its blacked-out versions and their boxes."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GUARDED = ("evidence_redaction", "evidence_box")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_no", sa.String(40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("extension", sa.String(8), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.Column("erased_by_id", ID, nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        _check("evidence", "sha256_length", "length(sha256) = 64 AND length(source_sha256) = 64"),
        _check("evidence", "published_has_leaf", "state <> 'posted' OR leaf_index IS NOT NULL"),
        _check(
            "evidence",
            "leaf_has_publisher",
            "(leaf_index IS NULL) = (published_at IS NULL) AND (leaf_index IS NULL) = (published_by_id IS NULL)",
        ),
        _check(
            "evidence",
            "published_by_another",
            "published_by_id IS NULL OR (published_by_id <> maker_id AND published_by_id <> coalesce(editor_id, 0))",
        ),
        _check(
            "evidence",
            "withdrawn_says_why",
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason = '')",
        ),
        _check(
            "evidence",
            "erased_by_another",
            "erased_at IS NULL OR (state = 'withdrawn' AND erased_by_id <> withdrawn_by_id)",
        ),
        *(
            _key("evidence", column, target)
            for column, target in (
                ("organisation_id", "organisation"),
                ("maker_id", "staff_member"),
                ("editor_id", "staff_member"),
                ("published_by_id", "staff_member"),
                ("withdrawn_by_id", "staff_member"),
                ("erased_by_id", "staff_member"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_evidence_leaf_index")),
    )
    for column in ("organisation_id", "maker_id", "state"):
        op.create_index(op.f(f"ix_evidence_{column}"), "evidence", [column])
    op.create_index("ix_evidence_subject", "evidence", ["subject_kind", "subject_id"])
    op.create_index(
        "uq_evidence_once_a_subject",
        "evidence",
        ["subject_kind", "subject_id", "source_sha256"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "evidence_redaction",
        sa.Column("id", ID, nullable=False),
        sa.Column("evidence_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("extension", sa.String(8), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(64), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _check(
            "evidence_redaction", "sha256_length", "length(sha256) = 64 AND length(thumbnail_sha256) = 64"
        ),
        _key("evidence_redaction", "evidence_id", "evidence"),
        _key("evidence_redaction", "made_by_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_redaction")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_evidence_redaction_evidence_id_number")),
    )
    for column in ("sha256", "thumbnail_sha256"):
        op.create_index(op.f(f"ix_evidence_redaction_{column}"), "evidence_redaction", [column])
    op.create_table(
        "evidence_box",
        sa.Column("id", ID, nullable=False),
        sa.Column("redaction_id", ID, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("page", "from_left", "from_top", "width", "height")
        ),
        _check("evidence_box", "has_a_place", "page > 0 AND width > 0 AND height > 0"),
        _check(
            "evidence_box",
            "within_the_page",
            "from_left >= 0 AND from_top >= 0 AND from_left + width <= 10000 AND from_top + height <= 10000",
        ),
        _key("evidence_box", "redaction_id", "evidence_redaction"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_box")),
    )
    op.create_index(op.f("ix_evidence_box_redaction_id"), "evidence_box", ["redaction_id"])
    for statement in append_only_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    for table in ("evidence_box", "evidence_redaction", "evidence"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
