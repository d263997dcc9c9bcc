"""Goods come in with gifts and go out with payouts; nothing falls below zero, and every lot adds up (E30)."""

import subprocess
import sys
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.ledger.figures import fund_balances
from portal.ledger.models import Channel, Entry
from portal.ledger.verification import verify
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund, Station
from portal.stock.figures import all_ways
from portal.stock.models import StockDocumentKind
from portal.stock.sealing import doubtful_stock
from tests import factories, gifts, goods

ISSUERS, TIMES, PIECES = 8, 5, 23


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def station(fund: Fund) -> Station:
    with writing() as writer:
        return factories.station(writer, organisation_id=fund.organisation_id)


def entry_of(thing: object) -> Entry:
    entry = thing.entry  # type: ignore[attr-defined]
    assert isinstance(entry, Entry)
    return entry


def assert_sound() -> None:
    db.session.rollback()
    assert all(way.adds_up for way in all_ways(db.session()))
    assert list(doubtful_stock(db.session())) == []
    assert verify(db.session(), []).ok


def test_a_gift_of_goods_lies_where_it_came_in(fund: Fund, station: Station) -> None:
    goods.gift(fund, goods.line("口罩", 12), goods.line("口罩", 300, "个"), station=station.code)
    goods.gift(fund, goods.line("口罩", 5))
    assert goods.shelf() == {
        ("口罩", "", "箱", station.code): 12,
        ("口罩", "", "个", station.code): 300,
        ("口罩", "", "箱", ""): 5,
    }


def test_goods_that_are_only_passed_on_are_not_ours(fund: Fund) -> None:
    goods.gift(fund, goods.line("轮椅", 1, "台"), agency=True, agency_beneficiary="陈某")
    assert goods.shelf() == {}


def test_what_expires_first_goes_first_at_its_book_value(fund: Fund) -> None:
    goods.gift(fund, goods.line("大米", 10, "袋", 100_00))
    goods.gift(fund, goods.line("大米", 10, "袋", 300_00, expires_on=date(2027, 1, 1)))
    out = goods.issue(fund, (goods.item("大米", "袋"), 15))
    assert out.amount_fen == 300_00 + 50_00
    assert goods.shelf() == {("大米", "", "袋", ""): 5}
    assert fund_balances(db.session(), [fund.id])[fund.id] == 0
    assert_sound()


def test_goods_without_a_value_are_counted_and_not_summed(fund: Fund) -> None:
    goods.gift(fund, goods.line("旧衣", 40, "件"))
    out = goods.issue(fund, (goods.item("旧衣", "件"), 40))
    assert (out.amount_fen, entry_of(out).amount_fen) == (0, 0)
    assert goods.shelf() == {}
    assert_sound()


def test_nobody_gives_out_more_than_there_is(fund: Fund, station: Station) -> None:
    goods.gift(fund, goods.line("口罩", 3), station=station.code)
    with pytest.raises(Invalid) as refusal:
        goods.issue(fund, (goods.item("口罩"), 1))
    assert "items-0-quantity" in refusal.value.errors
    with pytest.raises(Invalid):
        goods.issue(fund, (goods.item("口罩"), 4), station=station.code)
    goods.issue(fund, (goods.item("口罩"), 3), station=station.code)
    assert goods.shelf() == {}
    assert_sound()


def test_a_reversed_gift_leaves_the_stock_and_one_that_was_used_stays(fund: Fund) -> None:
    first = goods.gift(fund, goods.line("口罩", 3))
    gifts.reversed_entry(entry_of(first))
    assert goods.shelf() == {}
    second = goods.gift(fund, goods.line("口罩", 3))
    out = goods.issue(fund, (goods.item("口罩"), 1))
    with pytest.raises(Conflict):
        gifts.reversed_entry(entry_of(second))
    gifts.reversed_entry(entry_of(out))
    assert goods.shelf() == {("口罩", "", "箱", ""): 3}
    assert_sound()


def test_goods_are_transferred_written_off_and_sold(fund: Fund, station: Station) -> None:
    goods.gift(fund, goods.line("饮料", 10, "箱", 500_00))
    drinks = goods.item("饮料")
    moved = goods.document(StockDocumentKind.TRANSFER, fund, (drinks, 4), to_station=station.code)
    assert moved.entry_id is None
    spoilt = goods.document(StockDocumentKind.WRITE_OFF, fund, (drinks, 2))
    assert entry_of(spoilt).amount_fen == 100_00
    sold = goods.document(
        StockDocumentKind.SALE,
        fund,
        (drinks, 4),
        station=station.code,
        proceeds_fen=150_00,
        channel=Channel.CASH,
    )
    assert entry_of(sold).amount_fen == 50_00
    assert goods.shelf() == {("饮料", "", "箱", ""): 4}
    assert fund_balances(db.session(), [fund.id])[fund.id] == 150_00
    assert_sound()


def test_a_count_puts_the_books_right(fund: Fund) -> None:
    goods.gift(fund, goods.line("口罩", 10, "箱", 100_00), goods.line("手套", 5, "双"))
    counted = goods.document(
        StockDocumentKind.COUNT,
        fund,
        (goods.item("口罩"), 9),
        (goods.item("手套", "双"), 7),
        reason="年中盘点",
    )
    assert goods.shelf() == {("口罩", "", "箱", ""): 9, ("手套", "", "双", ""): 7}
    assert entry_of(counted).amount_fen == 10_00
    assert_sound()


def test_the_public_page_shows_where_each_lot_went(client: FlaskClient, fund: Fund) -> None:
    gift = goods.gift(fund, goods.line("口罩", 3))
    out = goods.issue(fund, (goods.item("口罩"), 2))
    page = client.get(f"/ledger/{entry_of(gift).entry_no}").text
    assert entry_of(out).entry_no in page
    assert "这批物资去了哪里" in page
    other = client.get(f"/ledger/{entry_of(out).entry_no}").text
    assert entry_of(gift).entry_no in other
    assert "社区卫生服务中心" in other


def test_eight_at_once_never_give_out_more_than_there_is(app: Flask, fund: Fund) -> None:
    goods.gift(fund, goods.line("口罩", PIECES))
    settings: Settings = app.config["PORTAL_SETTINGS"]
    item_id = goods.item("口罩").id
    db.session.rollback()
    command = [sys.executable, "-m", "tests.stock.issuer", fund.code, str(item_id), str(TIMES)]
    issuers = [
        subprocess.Popen(
            [*command, settings.database_url],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(ISSUERS)
    ]
    for one in issuers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in issuers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert sum(int(one.communicate()[0]) for one in issuers) == PIECES
    assert goods.shelf() == {}
    assert_sound()
