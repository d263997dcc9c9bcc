"""Two people, or one who clicks twice, at the same moment: one of them wins, and everything happens once."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.models import Delivery, Entry, EntryKind, FundBalance
from portal.refusals import Refusal
from portal.registry.models import Fund
from portal.spending import expiring, reviewing, service
from portal.spending.models import Disbursement
from tests import factories, gifts, people

HELD_FEN = 100_000


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan that asks for no evidence."""
    with writing() as writer:
        made = factories.fund(writer)
        gifts.asks_for_no_evidence(writer, made)
    gifts.posted_gift(made, HELD_FEN)
    return made


def at_once(app: Flask, *deeds: Callable[[], object]) -> int:
    """Do everything at the same moment; how many were let through."""
    db.session.remove()
    ready, done = threading.Barrier(len(deeds)), list[bool]()

    def do(deed: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                deed()
                done.append(True)
            except Refusal:
                done.append(False)
            db.session.remove()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def find(number: int) -> Disbursement:
    return db.session.get_one(Disbursement, number)


def test_paid_twice_at_once_is_paid_once(app: Flask, fund: Fund) -> None:
    number = gifts.approved_payout(fund, 40_000).id
    people.clerk()
    assert at_once(app, *[lambda: gifts.paid(find(number))] * 4) == 4
    paid = select(func.count(Entry.id)).where(Entry.kind == EntryKind.DISBURSEMENT)
    assert db.session.scalar(paid) == 1


def test_paid_and_withdrawn_at_once_is_one_of_them(app: Flask, fund: Fund) -> None:
    approved, fund_id = gifts.approved_payout(fund, 40_000), fund.id
    number, version = approved.id, approved.version
    withdraw = lambda: service.withdraw(number, people.clerk(), version)  # noqa: E731 - one of a list
    assert at_once(app, lambda: gifts.paid(find(number)), withdraw) == 1
    kept = db.session.get_one(FundBalance, fund_id)
    assert kept.reserved_fen == 0 and kept.balance_fen in (HELD_FEN, HELD_FEN - 40_000)


def test_refused_returned_and_lapsed_at_once_frees_once(app: Flask, fund: Fund) -> None:
    first, second, fund_id = gifts.payout(fund, 40_000), gifts.payout(fund, 30_000), fund.id
    gifts.wait_too_long(first)
    number, version, second_id = first.id, first.version, second.id
    people.second_reviewer()
    at_once(
        app,
        expiring.expire_overdue,
        lambda: reviewing.refuse(number, people.reviewer(), version, "名册不符"),
        lambda: reviewing.return_to_maker(number, people.second_reviewer(), version, "名册不符"),
    )
    assert db.session.get_one(FundBalance, fund_id).reserved_fen == 30_000
    assert find(second_id).reserved_fen == 30_000


def test_no_more_arrives_at_once_than_was_paid(app: Flask, fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    number, entry_id = paid.id, paid.entry_id
    assert at_once(app, *[lambda: gifts.arrived(find(number), 4_000)] * 4) == 2
    assert db.session.get_one(Delivery, entry_id).arrived_fen == 8_000
