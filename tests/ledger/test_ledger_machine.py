"""The ledger against a model of it: whatever is asked in whatever order, the books agree with plain arithmetic."""

import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from portal.db import db, writing
from portal.ledger import balances, figures, posting
from portal.ledger.closing import close_books
from portal.ledger.entries import Dimensions, Document, NewEntry, money_paid, money_received
from portal.ledger.models import Channel
from portal.ledger.verification import verify
from portal.periods import today
from portal.refusals import Conflict, Refusal
from tests import factories

FUNDS = 3
AMOUNTS = st.integers(1, 100_000)
PLACES = st.integers(0, FUNDS - 1)
CHANNELS = st.sampled_from(list(Channel))

_TABLES = (
    "ledger_transfer",
    "ledger_delivery",
    "ledger_cancellation",
    "ledger_posting",
    "ledger_entry",
    "ledger_closing",
    "ledger_fund_balance",
    "ledger_daily_total",
    "ledger_period_total",
    "ledger_district_total",
    "ledger_day_places",
    "ledger_year_total",
    "ledger_year_arrival",
    "ledger_receipt_counter",
    "log_leaf",
    "log_node",
    "log_head",
)


class LedgerMachine(RuleBasedStateMachine):
    """Posts, pays, reserves, reverses and closes; keeps its own sums beside."""

    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.balance = [0] * FUNDS
        self.reserved = [0] * FUNDS
        self.received = self.disbursed = self.size = 0
        self.reversed: set[int] = set()
        self.closed: date | None = None
        _empty()
        with writing() as session:
            owner = factories.organisation(session)
            self.funds = [factories.fund(session, organisation_id=owner.id) for _ in range(FUNDS)]
        self.organisation_id = owner.id

    @rule(target=entries, place=PLACES, amount=AMOUNTS, channel=CHANNELS, days=st.integers(0, 80))
    def give(self, place: int, amount: int, channel: Channel, days: int) -> tuple[int, NewEntry] | None:
        """A gift, perhaps dated in closed books, always with a reason."""
        entry = money_received(
            amount_fen=amount,
            channel=channel,
            occurred_on=today() - timedelta(days=days),
            dimensions=Dimensions(self.organisation_id, self.funds[place].id),
            restricted=bool(days % 2),
            document=Document(uuid.uuid4().hex),
            receipt_series=self.funds[place].code,
            late_reason="补记",
        )
        made = self._post(entry)
        self.balance[place] += amount
        self.received += amount
        return made.id, entry

    @rule(target=entries, place=PLACES, amount=AMOUNTS, channel=CHANNELS)
    def pay(self, place: int, amount: int, channel: Channel) -> tuple[int, NewEntry] | None:
        """A payout, refused exactly when the fund has less available."""
        entry = money_paid(
            amount_fen=amount,
            channel=channel,
            cost_account="5101",
            occurred_on=today(),
            dimensions=Dimensions(self.organisation_id, self.funds[place].id),
            document=Document(uuid.uuid4().hex),
            release_fen=0,
        )
        if amount > self.balance[place] - self.reserved[place]:
            with pytest.raises(Refusal):
                self._post(entry)
            return None
        made = self._post(entry)
        self.balance[place] -= amount
        self.disbursed += amount
        return made.id, entry

    @rule(place=PLACES, amount=AMOUNTS)
    def reserve(self, place: int, amount: int) -> None:
        """Money set aside for a payout under review."""
        if amount > self.balance[place] - self.reserved[place]:
            with pytest.raises(Refusal), writing() as session:
                balances.reserve(session, self.funds[place].id, amount)
            return
        with writing() as session:
            balances.reserve(session, self.funds[place].id, amount)
        self.reserved[place] += amount

    @rule(known=entries)
    def repeat(self, known: tuple[int, NewEntry] | None) -> None:
        """A command sent twice changes nothing."""
        if known is None:
            return
        with writing() as session:
            assert posting.post(session, known[1]).id == known[0]

    @rule(known=entries)
    def undo(self, known: tuple[int, NewEntry] | None) -> None:
        """A reversal, refused the second time and when the money is gone."""
        if known is None:
            return
        entry_id, entry = known
        place = next(n for n, fund in enumerate(self.funds) if fund.id == entry.dimensions.fund_id)
        came_in = entry.direction.value == "in"
        gone = came_in and entry.amount_fen > self.balance[place] - self.reserved[place]
        if entry_id in self.reversed or gone:
            with pytest.raises(Refusal if gone else Conflict):
                self._reverse(entry_id)
            return
        self._reverse(entry_id)
        self.reversed.add(entry_id)
        self.size += 1
        if came_in:
            self.balance[place] -= entry.amount_fen
            self.received -= entry.amount_fen
        else:
            self.balance[place] += entry.amount_fen
            self.disbursed -= entry.amount_fen

    @precondition(lambda self: self.closed is None)
    @rule()
    def close(self) -> None:
        """The books of last month are closed."""
        self.closed = today().replace(day=1) - timedelta(days=1)
        with writing() as session:
            posting.lock(session)
            close_books(session, self.organisation_id, None, self.closed)

    @rule(place=PLACES, amount=AMOUNTS)
    def lose_power(self, place: int, amount: int) -> None:
        """A transaction that does not reach its end leaves nothing behind."""
        with pytest.raises(KeyboardInterrupt), writing() as session:
            balances.open_account(session, self.funds[place].id)
            posting.post(
                session, _gift(self.organisation_id, self.funds[place].id, self.funds[place].code, amount)
            )
            raise KeyboardInterrupt

    @invariant()
    def figures_agree(self) -> None:
        """Every figure is what plain arithmetic says, and verification finds nothing."""
        session = db.session()
        session.rollback()
        held = figures.fund_balances(session, [fund.id for fund in self.funds])
        assert [held[fund.id] for fund in self.funds] == self.balance
        sums = figures.totals(session, figures.Filters())
        assert (sums.received_fen, sums.disbursed_fen) == (self.received, self.disbursed)
        assert sums.balance_fen == sum(self.balance)
        assert figures.ledger_size(session) == self.size

    def teardown(self) -> None:
        """At the end of each run everything is recomputed."""
        db.session.rollback()
        report = verify(db.session())
        assert report.ok, report.differences
        db.session.rollback()

    def _post(self, entry: NewEntry) -> posting.PostedEntry:
        with writing() as session:
            made = posting.post(session, entry)
        self.size += 1
        return made

    def _reverse(self, entry_id: int) -> None:
        with writing() as session:
            posting.reverse(session, entry_id, reason="录错", idempotency_key=uuid.uuid4().hex)


def _gift(organisation_id: int, fund_id: int, series: str, amount: int) -> NewEntry:
    return money_received(
        amount_fen=amount,
        channel=Channel.CASH,
        occurred_on=today(),
        dimensions=Dimensions(organisation_id, fund_id),
        restricted=False,
        document=Document(uuid.uuid4().hex),
        receipt_series=series,
    )


def _empty() -> None:
    """Start a run with empty books: only a test may do this, and only with the guards off."""
    with writing() as session:
        connection = session.connection()
        session.execute(text("DELETE FROM search_entry"))  # while its own triggers still follow
        if connection.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for table in _TABLES:
                session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words
        else:
            triggers = session.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for name, _ in triggers:
                session.execute(text(f'DROP TRIGGER "{name}"'))
            for table in _TABLES:
                session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words
            for _, definition in triggers:
                connection.exec_driver_sql(definition)
        session.execute(text("UPDATE ledger_head SET size = 0, closed_size = 0, closed_day = NULL"))


def test_the_ledger_agrees_with_plain_arithmetic(app: Flask) -> None:
    checks = settings(
        max_examples=20,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with app.app_context():
        run_state_machine_as_test(LedgerMachine, settings=checks)
