"""What the ledger promises of every posting, on both engines."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger import balances, figures, posting
from portal.ledger.closing import close_books
from portal.ledger.entries import Dimensions, Document, NewEntry, money_paid, money_received
from portal.ledger.models import Channel, DailyTotal, Entry, FundBalance, Posting
from portal.periods import today
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from tests import factories


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def received(fund: Fund, amount_fen: int = 10_000, key: str = "", day: date | None = None) -> NewEntry:
    return money_received(
        amount_fen=amount_fen,
        channel=Channel.CASH,
        occurred_on=day or today(),
        dimensions=Dimensions(fund.organisation_id, fund.id),
        restricted=False,
        document=Document(key or uuid.uuid4().hex),
        receipt_series=fund.code,
    )


def paid(fund: Fund, amount_fen: int, release_fen: int = 0) -> NewEntry:
    return money_paid(
        amount_fen=amount_fen,
        channel=Channel.BANK,
        cost_account="5101",
        occurred_on=today(),
        dimensions=Dimensions(fund.organisation_id, fund.id),
        document=Document(uuid.uuid4().hex),
        release_fen=release_fen,
    )


def posted(entry: NewEntry) -> posting.PostedEntry:
    with writing() as session:
        return posting.post(session, entry)


def held(fund: Fund) -> int:
    db.session.expire_all()
    return figures.fund_balances(db.session(), [fund.id])[fund.id]


def test_an_entry_moves_balance_totals_and_size_together(session: Session, fund: Fund) -> None:
    first, second = posted(received(fund, 123_456)), posted(paid(fund, 23_456))
    assert second.index == first.index + 1
    assert held(fund) == 100_000
    sums = figures.totals(session, figures.Filters(fund_id=fund.id))
    assert (sums.received_fen, sums.disbursed_fen, sums.donations, sums.disbursements) == (
        123_456,
        23_456,
        1,
        1,
    )
    assert figures.ledger_size(session) == 2


def test_receipt_numbers_run_without_a_gap(fund: Fund) -> None:
    numbers = [posted(received(fund)).receipt_no for _ in range(3)]
    assert numbers == [f"{fund.code}-{today().year}-00000{n}" for n in (1, 2, 3)]
    with pytest.raises(RuntimeError), writing() as session:
        posting.post(session, received(fund))
        raise RuntimeError("the power went")
    assert posted(received(fund)).receipt_no == f"{fund.code}-{today().year}-000004"


def test_the_same_key_with_the_same_content_answers_as_before(fund: Fund) -> None:
    first = posted(received(fund, 500, key="twice"))
    assert posted(received(fund, 500, key="twice")) == first
    assert held(fund) == 500


def test_the_same_key_with_other_content_is_refused(fund: Fund) -> None:
    posted(received(fund, 500, key="twice"))
    with pytest.raises(Conflict):
        posted(received(fund, 501, key="twice"))
    assert held(fund) == 500


def test_a_fund_never_pays_more_than_it_holds(fund: Fund) -> None:
    posted(received(fund, 1_000))
    with pytest.raises(Invalid) as refusal:
        posted(paid(fund, 1_001))
    assert "amount" in refusal.value.errors and "10.00" in str(refusal.value)
    assert held(fund) == 1_000


def test_what_is_reserved_is_not_available(fund: Fund) -> None:
    posted(received(fund, 1_000))
    with writing() as session:
        balances.reserve(session, fund.id, 700)
    with pytest.raises(Invalid):
        posted(paid(fund, 400))
    posted(paid(fund, 700, release_fen=700))
    assert held(fund) == 300


def test_a_reversal_brings_every_figure_back_and_both_stay(session: Session, fund: Fund) -> None:
    entry = posted(received(fund, 1_000))
    with writing() as writer:
        posting.reverse(writer, entry.id, reason="录错", idempotency_key="undo")
    assert held(fund) == 0
    sums = figures.totals(session, figures.Filters())
    assert (sums.received_fen, sums.donations) == (0, 0)
    assert session.scalar(select(func.count()).select_from(Entry)) == 2


def test_an_entry_is_reversed_only_once(fund: Fund) -> None:
    entry = posted(received(fund))
    with writing() as session:
        reversal = posting.reverse(session, entry.id, reason="录错", idempotency_key="undo")
    with pytest.raises(Conflict), writing() as session:
        posting.reverse(session, entry.id, reason="录错", idempotency_key="undo again")
    with pytest.raises(Conflict), writing() as session:
        posting.reverse(session, reversal.id, reason="录错", idempotency_key="undo the undoing")


def test_a_gift_already_spent_is_not_reversed(fund: Fund) -> None:
    entry = posted(received(fund, 1_000))
    posted(paid(fund, 600))
    with pytest.raises(Invalid), writing() as session:
        posting.reverse(session, entry.id, reason="录错", idempotency_key="undo")
    assert held(fund) == 400


def test_a_day_in_closed_books_needs_a_reason_and_is_booked_today(session: Session, fund: Fund) -> None:
    last_month = today().replace(day=1) - timedelta(days=1)
    with writing() as writer:
        posting.lock(writer)
        close_books(writer, fund.organisation_id, None, last_month)
    with pytest.raises(Invalid) as refusal:
        posted(received(fund, day=last_month))
    assert "late_reason" in refusal.value.errors
    late = posted(received(fund, day=last_month).with_late_reason("捐赠人补交凭证"))
    entry = session.get_one(Entry, late.id)
    assert (entry.late, entry.occurred_on, entry.booked_on) == (True, last_month, today())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount_fen = 1",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_posting",
    ],
)
def test_the_database_refuses_to_change_what_was_posted(fund: Fund, statement: str) -> None:
    posted(received(fund))
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text(statement))


def test_the_database_refuses_an_unbalanced_entry_and_a_late_posting(fund: Fund) -> None:
    entry = posted(received(fund, 1_000))
    line = {
        "line_no": 3,
        "account_code": "1001",
        "fund_id": fund.id,
        "amount_fen": 5,
        "fund_in_after_fen": 0,
        "fund_out_after_fen": 0,
    }
    with pytest.raises(DBAPIError), writing() as session:
        session.add(Posting(entry_id=entry.id, **line))
    with pytest.raises(DBAPIError), writing() as session:
        template = session.get_one(Entry, entry.id)
        session.add_all(
            [Posting(entry_id=99, **line), Posting(entry_id=99, **{**line, "line_no": 4, "amount_fen": 6})]
        )
        session.flush()
        columns = {column.key: getattr(template, column.key) for column in Entry.__table__.columns}
        unbalanced = {
            "id": 99,
            "index": 98,
            "entry_no": "E-2026-000099",
            "idempotency_key": "x",
            "receipt_no": None,
        }
        session.add(Entry(**{**columns, **unbalanced}))


def test_the_database_refuses_a_negative_balance(fund: Fund) -> None:
    posted(received(fund, 1_000))
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text("UPDATE ledger_fund_balance SET balance_fen = -1, out_fen = in_fen + 1"))


def test_many_entries_leave_no_more_daily_totals_than_days(session: Session, fund: Fund) -> None:
    days = [today() - timedelta(days=n % 20) for n in range(400)]
    with writing() as writer:
        posting.post_all(writer, [received(fund, 100 + n, day=day) for n, day in enumerate(days)])
    assert session.scalar(select(func.count()).select_from(DailyTotal)) == 20
    assert session.get_one(FundBalance, fund.id).in_fen == sum(100 + n for n in range(400))
    by_day = figures.series(session, figures.Filters(), "day")
    assert sum(one.received_fen for one in by_day.values()) == held(fund)
