"""Shortcuts to old, rare and impossible selections show the same as a walk through all of the books."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import narrowing
from portal.disclosure.entries import LedgerQuery, page
from portal.ledger.figures import Filters
from portal.ledger.models import Form
from portal.registry.models import Fund
from tests import factories, gifts


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with gifts that were not logged in the order of their days."""
    with writing() as writer:
        made: Fund = factories.fund(writer)
    for fen, day in ((10_000, date(2026, 3, 5)), (20_000, date(2026, 1, 2)), (30_000, date(2026, 5, 1))):
        gifts.posted_gift(made, fen, day, late_reason="补记")
    db.session.rollback()
    return made


def amounts(session: Session, query: LedgerQuery) -> list[int]:
    """The amounts of what a selection shows, newest first."""
    return [one.amount_fen for one in page(session, query).entries]


def test_what_was_logged_late_is_found_among_its_days(session: Session, fund: Fund) -> None:
    first = Filters(first_day=date(2026, 1, 1), last_day=date(2026, 3, 31))
    assert amounts(session, LedgerQuery(first)) == [20_000, 10_000]
    assert amounts(session, LedgerQuery(Filters(last_day=date(2026, 1, 31)))) == [20_000]
    assert amounts(session, LedgerQuery(Filters(first_day=date(2026, 6, 1)))) == []


@pytest.mark.parametrize("most", [0, 2, 20_000])
def test_rare_and_frequent_amounts_show_the_same(
    session: Session, fund: Fund, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(narrowing, "MOST_READ", most)
    for filters in (Filters(), Filters(fund_id=fund.id), Filters(last_day=date(2026, 4, 1))):
        expected = [20_000] if filters.last_day else [30_000, 20_000]
        assert amounts(session, LedgerQuery(filters, least_fen=15_000)) == expected


def test_a_reversal_is_found_with_the_amount_it_cancels(session: Session, fund: Fund) -> None:
    entry = page(session, LedgerQuery(least_fen=30_000)).entries[0]
    gifts.reversed_entry(db.session.get_one(narrowing.Entry, entry.id))
    assert amounts(session, LedgerQuery(least_fen=30_000)) == [-30_000, 30_000]


def test_a_form_that_nobody_gave_shows_nothing(session: Session, fund: Fund) -> None:
    assert amounts(session, LedgerQuery(Filters(fund_id=fund.id, form=Form.IP))) == []
    assert len(amounts(session, LedgerQuery(Filters(fund_id=fund.id, form=Form.MONEY)))) == 3


def test_too_many_of_an_amount_are_listed_and_not_added_up(
    client: FlaskClient, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "收入 3 笔" in client.get("/ledger?min=1").text
    db.session.rollback()
    monkeypatch.setattr(narrowing, "MOST_READ", 1)
    monkeypatch.setattr(narrowing, "MOST_ADDED", 1)
    text = client.get("/ledger?min=1&limit=49").text
    assert "记录太多，不逐笔相加" in text and "300.00" in text
    answer = client.get("/api/v1/summary?min=1")
    assert answer.status_code == 400 and answer.json["errors"][0]["field"] == "min"
