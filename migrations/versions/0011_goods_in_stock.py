"""Goods in stock: lots, where they lie, their moves, documents of the store; goods given out as payouts."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.triggers import append_only_statements
from portal.schema import change_check

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_lots()
    _make_documents()
    _make_movements()
    _give_out_goods()
    _store_what_was_given()
    connection = op.get_bind()
    for statement in append_only_statements(connection.dialect.name, ("stock_movement",)):
        connection.exec_driver_sql(statement)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _make_lots() -> None:
    op.create_table(
        "stock_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("specification", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_item")),
        sa.UniqueConstraint(
            "item", "specification", "unit", name=op.f("uq_stock_item_item_specification_unit")
        ),
    )
    op.create_table(
        "stock_lot",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_no", sa.String(40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("received_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("received_thousandths > 0", name=op.f("ck_stock_lot_received_something")),
        _key("stock_lot", "organisation_id", "organisation"),
        _key("stock_lot", "fund_id", "fund"),
        _key("stock_lot", "item_id", "stock_item"),
        _key("stock_lot", "entry_id", "ledger_entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_lot")),
        sa.UniqueConstraint("lot_no", name=op.f("uq_stock_lot_lot_no")),
    )
    op.create_index(op.f("ix_stock_lot_entry_id"), "stock_lot", ["entry_id"])
    op.create_index("ix_stock_lot_fund_item", "stock_lot", ["fund_id", "item_id"])
    op.create_table(
        "lot_holding",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("station_id", ID, nullable=True),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity_thousandths >= 0", name=op.f("ck_lot_holding_never_below_zero")),
        sa.CheckConstraint("value_fen >= 0", name=op.f("ck_lot_holding_value_never_below_zero")),
        _key("lot_holding", "lot_id", "stock_lot"),
        _key("lot_holding", "station_id", "station"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_holding")),
    )
    op.create_index(op.f("ix_lot_holding_station_id"), "lot_holding", ["station_id"])
    op.create_index("uq_lot_holding_station", "lot_holding", ["lot_id", "station_id"], unique=True)
    store = sa.text("station_id IS NULL")
    op.create_index(
        "uq_lot_holding_store",
        "lot_holding",
        ["lot_id"],
        unique=True,
        sqlite_where=store,
        postgresql_where=store,
    )


def _make_documents() -> None:
    op.create_table(
        "stock_document",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_no", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("fund_id", ID, nullable=False),
        sa.Column("station_id", ID, nullable=True),
        sa.Column("to_station_id", ID, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proceeds_fen", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("editor_id", ID, nullable=True),
        sa.CheckConstraint(
            "(kind = 'sale') = (proceeds_fen > 0)", name=op.f("ck_stock_document_only_a_sale_has_a_price")
        ),
        _key("stock_document", "organisation_id", "organisation"),
        _key("stock_document", "fund_id", "fund"),
        _key("stock_document", "station_id", "station"),
        _key("stock_document", "to_station_id", "station"),
        _key("stock_document", "entry_id", "ledger_entry"),
        _key("stock_document", "maker_id", "staff_member"),
        _key("stock_document", "editor_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_document")),
        sa.UniqueConstraint("document_no", name=op.f("uq_stock_document_document_no")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_stock_document_entry_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_stock_document_idempotency_key")),
    )
    op.create_index(op.f("ix_stock_document_state"), "stock_document", ["state"])
    op.create_index(op.f("ix_stock_document_maker_id"), "stock_document", ["maker_id"])
    op.create_index(
        "ix_stock_document_organisation_state", "stock_document", ["organisation_id", "state", "id"]
    )
    op.create_table(
        "stock_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("held_thousandths", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity_thousandths >= 0", name=op.f("ck_stock_line_quantity_not_negative")),
        _key("stock_line", "document_id", "stock_document"),
        _key("stock_line", "item_id", "stock_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_line")),
        sa.UniqueConstraint("document_id", "line_no", name=op.f("uq_stock_line_document_id_line_no")),
    )
    op.create_table(
        "stock_document_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_stock_document_counter")),
    )


def _make_movements() -> None:
    op.create_table(
        "stock_movement",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("station_id", ID, nullable=True),
        sa.Column("to_station_id", ID, nullable=True),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("quantity_thousandths > 0", name=op.f("ck_stock_movement_moves_something")),
        _key("stock_movement", "lot_id", "stock_lot"),
        _key("stock_movement", "station_id", "station"),
        _key("stock_movement", "to_station_id", "station"),
        _key("stock_movement", "entry_id", "ledger_entry"),
        _key("stock_movement", "document_id", "stock_document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    for column in ("lot_id", "entry_id", "document_id"):
        op.create_index(op.f(f"ix_stock_movement_{column}"), "stock_movement", [column])


def _give_out_goods() -> None:
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE disbursement ADD COLUMN station_id {kind} "
        "CONSTRAINT fk_disbursement_station_id REFERENCES station (id)"
    )
    op.create_index(op.f("ix_disbursement_station_id"), "disbursement", ["station_id"])
    op.add_column("disbursement", sa.Column("form", sa.String(24), nullable=False, server_default="money"))
    for name, old, new in CHECKS:
        change_check(op.get_bind(), ("disbursement", name), old, new)
    op.create_table(
        "disbursement_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("disbursement_id", ID, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity_thousandths > 0", name=op.f("ck_disbursement_item_quantity_positive")),
        _key("disbursement_item", "disbursement_id", "disbursement"),
        _key("disbursement_item", "item_id", "stock_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_item")),
        sa.UniqueConstraint(
            "disbursement_id", "line_no", name=op.f("uq_disbursement_item_disbursement_id_line_no")
        ),
    )


def _store_what_was_given() -> None:
    """Goods that stand in the books already, and were not reversed, lie where they came in."""
    for statement in (
        "INSERT INTO stock_item (item, specification, unit) SELECT DISTINCT i.item, i.specification, i.unit "
        + _GIVEN,
        "INSERT INTO stock_lot (lot_no, organisation_id, fund_id, item_id, entry_id, received_on, expires_on, "
        "received_thousandths, value_fen) SELECT e.entry_no || '-' || i.line_no, d.organisation_id, d.fund_id, s.id, "
        "e.id, d.received_on, i.expires_on, i.quantity_thousandths, i.value_fen "
        + _GIVEN.replace(
            " WHERE",
            " JOIN stock_item s ON s.item = i.item AND s.specification = i.specification AND s.unit = i.unit WHERE",
        )
        + " ORDER BY e.id, i.line_no",
        "INSERT INTO lot_holding (lot_id, station_id, quantity_thousandths, value_fen) "
        "SELECT l.id, e.station_id, l.received_thousandths, coalesce(l.value_fen, 0) "
        "FROM stock_lot l JOIN ledger_entry e ON e.id = l.entry_id ORDER BY l.id",
        "INSERT INTO stock_movement (lot_id, kind, station_id, quantity_thousandths, value_fen, moved_on, entry_id, "
        "made_at) SELECT l.id, 'received', e.station_id, l.received_thousandths, coalesce(l.value_fen, 0), "
        "l.received_on, e.id, e.posted_at FROM stock_lot l JOIN ledger_entry e ON e.id = l.entry_id ORDER BY l.id",
    ):
        op.execute(statement)


_GIVEN = (
    "FROM donation_item i JOIN donation d ON d.id = i.donation_id JOIN ledger_entry e ON e.id = d.entry_id "
    "WHERE d.form = 'goods' AND NOT d.agency "
    "AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)"
)


CHECKS = (
    (
        "ck_disbursement_amount_positive",
        "amount_fen > 0",
        "amount_fen > 0 OR (amount_fen = 0 AND form = 'goods')",
    ),
    (
        "ck_disbursement_pending_is_reserved",
        "reserved_fen = CASE WHEN state = 'pending' THEN amount_fen ELSE 0 END",
        "reserved_fen = CASE WHEN state = 'pending' AND form = 'money' THEN amount_fen ELSE 0 END",
    ),
)


def downgrade() -> None:
    for name, old, new in CHECKS:
        change_check(op.get_bind(), ("disbursement", name), new, old)
    op.drop_index(op.f("ix_disbursement_station_id"), "disbursement")
    op.drop_column("disbursement", "form")
    op.drop_column("disbursement", "station_id")
    for table in (
        "stock_movement",
        "disbursement_item",
        "stock_line",
        "stock_document",
        "stock_document_counter",
        "lot_holding",
        "stock_lot",
        "stock_item",
    ):
        op.drop_table(table)
