"""What stations take, pages on the national platform, how to give, and the honour roll's order."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = ("money", "clothes", "books", "food", "household", "toys", "appliances", "medical", "other")
WORDS = {
    "money": ("现金", "善款", "捐款", "资金", "扫码"),
    "clothes": ("衣", "被", "鞋"),
    "books": ("书", "文具"),
    "food": ("食", "米", "油"),
    "household": ("生活用品", "日用"),
    "toys": ("玩具",),
    "appliances": ("家电", "家具", "电器"),
    "medical": ("药", "口罩", "防护"),
}
"""What the words of a station are read as, once; from now on staff tick the kinds themselves."""
ON_PLATFORM = ("project", "campaign")
CONSENTED = "publish_name AND NOT anonymous AND entry_id IS NOT NULL"


def upgrade() -> None:
    _stations()
    for table in ON_PLATFORM:
        op.add_column(
            table, sa.Column("national_platform_url", sa.String(300), nullable=False, server_default="")
        )
    _ways()
    op.create_table(
        "bill_platform_page",
        sa.Column("id", ID, nullable=False),
        sa.Column("bill_id", ID, nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("noted_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_platform_page_bill_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["staff_member.id"], name=op.f("fk_bill_platform_page_noted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_platform_page")),
    )
    op.create_index(op.f("ix_bill_platform_page_bill_id"), "bill_platform_page", ["bill_id"])
    op.create_index(
        "ix_donation_honour_roll",
        "donation",
        ["received_on", "id"],
        sqlite_where=sa.text(CONSENTED),
        postgresql_where=sa.text(CONSENTED),
    )


def _stations() -> None:
    op.create_table(
        "station_accepted",
        sa.Column("station_id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.CheckConstraint(
            f"kind IN ({', '.join(repr(one) for one in KINDS)})", name=op.f("ck_station_accepted_kind_known")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_accepted_station_id")),
        sa.PrimaryKeyConstraint("station_id", "kind", name=op.f("pk_station_accepted")),
    )
    accepted = sa.table("station_accepted", sa.column("station_id"), sa.column("kind"))
    rows = [
        {"station_id": station_id, "kind": kind}
        for station_id, accepts in op.get_bind().execute(sa.text("SELECT id, accepts FROM station"))
        for kind, words in WORDS.items()
        if any(word in accepts for word in words)
    ]
    if rows:
        op.bulk_insert(accepted, rows)


def _ways() -> None:
    op.create_table(
        "giving_way",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("account_name", sa.String(120), nullable=False),
        sa.Column("bank", sa.String(120), nullable=False),
        sa.Column("account_no", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(60), nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        sa.CheckConstraint("kind IN ('account', 'platform')", name=op.f("ck_giving_way_kind_known")),
        sa.CheckConstraint(
            "(kind = 'account') = (account_no <> '' AND account_name <> '' AND bank <> '')",
            name=op.f("ck_giving_way_account_is_whole"),
        ),
        sa.CheckConstraint(
            "(kind = 'platform') = (url <> '' AND platform <> '')",
            name=op.f("ck_giving_way_page_is_whole"),
        ),
        sa.CheckConstraint(
            "kind = 'account' OR campaign_id IS NOT NULL", name=op.f("ck_giving_way_page_of_campaign")
        ),
        sa.CheckConstraint(
            "(state = 'posted') = (published_at IS NOT NULL)", name=op.f("ck_giving_way_posted_is_published")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR published_at IS NOT NULL", name=op.f("ck_giving_way_ended_was_published")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_giving_way_organisation_id")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_giving_way_campaign_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["staff_member.id"], name=op.f("fk_giving_way_maker_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["staff_member.id"], name=op.f("fk_giving_way_editor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_giving_way")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_giving_way_idempotency_key")),
    )
    for column in ("organisation_id", "campaign_id", "maker_id", "state"):
        op.create_index(op.f(f"ix_giving_way_{column}"), "giving_way", [column])


def downgrade() -> None:
    op.drop_index("ix_donation_honour_roll", table_name="donation")
    op.drop_table("bill_platform_page")
    op.drop_table("giving_way")
    for table in ON_PLATFORM:
        op.drop_column(table, "national_platform_url")
    op.drop_table("station_accepted")
