"""Donors as records, with sealed contacts and merges; consents on record."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "donor",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("station_id", ID, nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("pinyin", sa.String(1200), nullable=False),
        sa.Column("initials", sa.String(200), nullable=False),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_donor_not_merged_into_itself")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_donor_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_donor_station_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["donor.id"], name=op.f("fk_donor_merged_into_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_donor_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor")),
    )
    op.create_index(op.f("ix_donor_merged_into_id"), "donor", ["merged_into_id"])
    for column in ("name", "pinyin", "initials"):
        op.create_index(f"ix_donor_{column}", "donor", ["organisation_id", column])
    op.create_table(
        "donor_contact",
        sa.Column("id", ID, nullable=False),
        sa.Column("donor_id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tail_digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_donor_contact_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_contact")),
        sa.UniqueConstraint("donor_id", "digest", name=op.f("uq_donor_contact_donor_id_digest")),
    )
    for column in ("digest", "tail_digest"):
        op.create_index(op.f(f"ix_donor_contact_{column}"), "donor_contact", [column])
    op.create_table(
        "donor_merge",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("merged_id", ID, nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column("merged_by_id", ID, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_donor_merge_{column}"))
            for column, table in (
                ("kept_id", "donor"),
                ("merged_id", "donor"),
                ("merged_by_id", "staff_member"),
                ("undone_by_id", "staff_member"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_merge")),
    )
    for column in ("kept_id", "merged_id"):
        op.create_index(op.f(f"ix_donor_merge_{column}"), "donor_merge", [column])
    op.create_table(
        "name_consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("donation_id", ID, nullable=False),
        sa.Column("shown", sa.String(24), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("given_how", sa.String(24), nullable=False),
        sa.Column("recorded_by_id", ID, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_how", sa.String(24), nullable=True),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_how IS NULL)", name=op.f("ck_name_consent_withdrawn_somehow")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_name_consent_{column}"))
            for column, table in (
                ("donation_id", "donation"),
                ("recorded_by_id", "staff_member"),
                ("withdrawn_by_id", "staff_member"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_consent")),
    )
    op.create_index(op.f("ix_name_consent_donation_id"), "name_consent", ["donation_id"])
    live = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_name_consent_live",
        "name_consent",
        ["donation_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE donation ADD COLUMN donor_id {kind} CONSTRAINT fk_donation_donor_id REFERENCES donor (id)"
    )
    op.create_index(op.f("ix_donation_donor_id"), "donation", ["donor_id"])
    # Names that are shown already were agreed to when they were logged; how was not written down then.
    op.execute(
        "INSERT INTO name_consent (donation_id, shown, text_version, given_at, given_how, recorded_by_id) "
        "SELECT id, CASE WHEN mask_name THEN 'masked' ELSE 'name' END, '2026-1', made_at, 'unrecorded', maker_id "
        "FROM donation WHERE publish_name"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_donation_donor_id"), "donation")
    op.drop_column("donation", "donor_id")
    for table in ("name_consent", "donor_merge", "donor_contact", "donor"):
        op.drop_table(table)
