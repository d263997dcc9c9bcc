"""The way of a gift: shares add up to it, all shares to what the fund spent, around reversals and across funds."""

import uuid
from collections import defaultdict
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger import figures, posting
from portal.ledger.entries import Dimensions, Document, NewEntry, money_paid, money_received, moved_between
from portal.ledger.models import Channel
from portal.ledger.trail import Outcome, Share, shares_of, sources_of
from portal.ledger.verification import verify
from portal.periods import today
from portal.refusals import Refusal
from portal.registry.models import Fund
from tests import factories


@pytest.fixture
def funds(app_context: None) -> list[Fund]:
    return _funds()


def _funds() -> list[Fund]:
    with writing() as session:
        owner = factories.organisation(session)
        return [factories.fund(session, organisation_id=owner.id) for _ in range(3)]


def _post(entry: NewEntry) -> int:
    with writing() as session:
        return posting.post(session, entry).id


def _give(fund: Fund, amount: int, day: date | None = None) -> int:
    return _post(
        money_received(
            amount_fen=amount,
            channel=Channel.CASH,
            occurred_on=day or today(),
            dimensions=Dimensions(fund.organisation_id, fund.id),
            restricted=False,
            document=Document(uuid.uuid4().hex),
            receipt_series=fund.code,
        )
    )


def _pay(fund: Fund, amount: int) -> int:
    return _post(
        money_paid(
            amount_fen=amount,
            channel=Channel.BANK,
            cost_account="5101",
            occurred_on=today(),
            dimensions=Dimensions(fund.organisation_id, fund.id),
            document=Document(uuid.uuid4().hex),
            release_fen=0,
        )
    )


def _move(source: Fund, target: Fund, amount: int) -> int:
    return _post(
        moved_between(
            amount_fen=amount,
            channel=Channel.BANK,
            occurred_on=today(),
            source=Dimensions(source.organisation_id, source.id),
            target_fund_id=target.id,
            document=Document(uuid.uuid4().hex),
        )
    )


def _reverse(entry_id: int) -> int:
    with writing() as session:
        return posting.reverse(session, entry_id, reason="录错", idempotency_key=uuid.uuid4().hex).id


def _shares(entry_id: int) -> list[tuple[int | None, int]]:
    return [(one.entry_id, one.amount_fen) for one in shares_of(db.session(), entry_id)]


def test_first_in_first_out(funds: list[Fund]) -> None:
    fund = funds[0]
    first, second = _give(fund, 100), _give(fund, 50)
    assert _shares(first) == [(None, 100)]
    pays = [_pay(fund, 62), _pay(fund, 40)]
    assert _shares(first) == [(pays[0], 62), (pays[1], 38)]
    assert _shares(second) == [(pays[1], 2), (None, 48)]
    assert sources_of(db.session(), pays[1]).gifts == 2


def test_what_was_reversed_is_as_if_it_had_never_been(funds: list[Fund]) -> None:
    fund = funds[0]
    wrong, right = _give(fund, 100), _give(fund, 100)
    first, second = _pay(fund, 30), _pay(fund, 20)
    assert _shares(wrong) == [(first, 30), (second, 20), (None, 50)]
    _reverse(wrong)
    assert _shares(wrong) == []
    assert _shares(right) == [(first, 30), (second, 20), (None, 50)]
    _reverse(first)
    assert _shares(right) == [(second, 20), (None, 80)]
    assert sources_of(db.session(), first).gifts == 0
    assert verify(db.session()).ok


def test_money_moved_to_another_fund_is_followed_there_and_back_to_its_givers(funds: list[Fund]) -> None:
    home, other, third = funds
    elder, gift = _give(other, 10), _give(home, 100)
    moved = _move(home, other, 60)
    on = _move(other, third, 50)
    paid = _pay(third, 25)
    found = shares_of(db.session(), gift)
    assert found == [
        Share(Outcome.SPENT, 15, third.id, paid, (moved, on)),
        Share(Outcome.KEPT, 40, home.id, None, ()),
        Share(Outcome.KEPT, 20, other.id, None, (moved,)),
        Share(Outcome.KEPT, 25, third.id, None, (moved, on)),
    ]
    assert _shares(elder) == [(paid, 10)]
    sources = sources_of(db.session(), paid)
    assert (sources.gifts, sources.gifts_fen) == (2, 25)
    sums = figures.totals(db.session(), figures.Filters())
    assert (sums.received_fen, sums.disbursed_fen) == (110, 25), "a transfer is neither a gift nor a payout"
    assert verify(db.session()).ok


def test_a_reversed_transfer_leads_nowhere(funds: list[Fund]) -> None:
    home, other, _third = funds
    gift = _give(home, 100)
    _reverse(_move(home, other, 60))
    assert _shares(gift) == [(None, 100)]
    assert verify(db.session()).ok


def test_money_whose_purpose_changes_in_its_own_fund_is_followed(funds: list[Fund]) -> None:
    fund = funds[0]
    first, second = _give(fund, 60), _give(fund, 40)
    changed = _move(fund, fund, 70)
    paid = _pay(fund, 50)
    assert shares_of(db.session(), second) == [
        Share(Outcome.SPENT, 30, fund.id, paid, ()),
        Share(Outcome.KEPT, 10, fund.id, None, (changed,)),
    ]
    assert [(one.entry_id, one.amount_fen) for one in shares_of(db.session(), first)] == [
        (paid, 20),
        (None, 40),
    ]
    assert verify(db.session()).ok


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["give", "give", "give", "pay", "pay", "move", "reverse"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 1_000),
    ),
    min_size=5,
    max_size=40,
)


@pytest.mark.one_engine
def test_shares_add_up_whatever_happens(app: Flask, app_context: None) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operations=OPERATIONS)
    def hold(operations: list[tuple[str, int, int, int]]) -> None:
        funds = _funds()
        gifts, pays = _play(funds, operations)
        _check(db.session(), funds, gifts, pays)

    hold()
    assert verify(db.session()).ok


def _play(
    funds: list[Fund], operations: list[tuple[str, int, int, int]]
) -> tuple[dict[int, int], dict[int, int]]:
    gifts: dict[int, int] = {}
    pays: dict[int, int] = {}
    moves: dict[int, int] = {}
    for what, place, target, amount in operations:
        fund = funds[place]
        try:
            if what == "give":
                gifts[_give(fund, amount)] = amount
            elif what == "pay":
                pays[_pay(fund, amount)] = amount
            elif what == "move":
                moves[_move(fund, funds[target], amount)] = amount
            elif what == "reverse":
                known = [*gifts, *pays, *moves]
                wanted = known[amount % len(known)] if known else None
                if wanted is not None:
                    _reverse(wanted)
                    for kept in (gifts, pays, moves):
                        kept.pop(wanted, None)
        except Refusal:
            continue
    return gifts, pays


def _check(session: Session, funds: list[Fund], gifts: dict[int, int], pays: dict[int, int]) -> None:
    spent: dict[int, int] = defaultdict(int)
    givers: dict[int, int] = defaultdict(int)
    kept: dict[int, int] = defaultdict(int)
    for gift, amount in gifts.items():
        shares = shares_of(session, gift)
        assert sum(one.amount_fen for one in shares) == amount
        for one in shares:
            if one.outcome is Outcome.KEPT:
                kept[one.fund_id] += one.amount_fen
            else:
                assert one.entry_id is not None
                spent[one.entry_id] += one.amount_fen
        for paid in {one.entry_id for one in shares if one.entry_id is not None}:
            givers[paid] += 1
    assert spent == pays
    balances = figures.fund_balances(session, [fund.id for fund in funds])
    assert {fund_id: fen for fund_id, fen in balances.items() if fen} == dict(kept)
    for paid, amount in pays.items():
        sources = sources_of(session, paid)
        assert (sources.gifts_fen, sources.other_fen) == (amount, 0)
        assert sources.gifts >= givers[paid], "a gift may come by two ways"
