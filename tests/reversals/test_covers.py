"""Reversing a gift that is spent: refused, unless another fund of the organisation covers it, in public."""

import uuid

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.models import EntryKind
from portal.ledger.trail import shares_of
from portal.ledger.verification import verify
from portal.refusals import Invalid
from portal.registry.models import Fund
from portal.registry.purposes import CharitablePurpose
from portal.reversals import service
from portal.reversals.models import ReversalRequest
from tests import factories, gifts, people


@pytest.fixture
def funds(session: Session) -> list[Fund]:
    """A fund that spent most of its gift, and another of the same organisation with some money."""
    with writing() as writer:
        owner = factories.organisation(writer)
        return [factories.fund(writer, organisation_id=owner.id) for _ in range(2)]


def _ask(entry_no: str, cover: str = "") -> ReversalRequest:
    return service.request(entry_no, "重复登记", people.clerk(), uuid.uuid4().hex, cover_fund=cover)


def _approve(wanted: ReversalRequest) -> ReversalRequest:
    return service.approve(wanted.id, people.reviewer(), wanted.version)


def test_what_is_missing_and_no_more_comes_from_the_cover(funds: list[Fund]) -> None:
    home, other = funds
    gift, paid = gifts.posted_gift(home, 10_000), gifts.posted_payout(home, 7_000)
    gifts.posted_gift(other, 9_000)
    assert gift.entry is not None
    done = _approve(_ask(gift.entry.entry_no, other.code))
    assert done.cover_entry is not None and done.cover_entry.kind is EntryKind.TRANSFER
    assert done.cover_entry.amount_fen == 7_000
    assert gift.entry.entry_no in done.cover_entry.reason
    session = db.session()
    assert fund_balances(session, [home.id, other.id]) == {home.id: 0, other.id: 2_000}
    sums = totals(session, Filters())
    assert (sums.received_fen, sums.disbursed_fen) == (9_000, 7_000)
    donor = gifts.posted_gift(other, 1)
    assert shares_of(session, donor.entry_id or 0)[0].entry_id is None
    assert shares_of(session, gift.entry_id or 0) == []
    assert paid.entry_id and verify(session).ok


def test_without_a_cover_a_spent_gift_is_not_reversed(funds: list[Fund]) -> None:
    gift = gifts.posted_gift(funds[0], 10_000)
    gifts.posted_payout(funds[0], 7_000)
    assert gift.entry is not None
    wanted = _ask(gift.entry.entry_no)
    with pytest.raises(Invalid):
        _approve(wanted)
    assert db.session.get_one(ReversalRequest, wanted.id).entry_id is None


def test_a_cover_that_is_not_needed_is_not_drawn_on(funds: list[Fund]) -> None:
    gift = gifts.posted_gift(funds[0], 10_000)
    gifts.posted_gift(funds[1], 9_000)
    assert gift.entry is not None
    done = _approve(_ask(gift.entry.entry_no, funds[1].code))
    assert done.cover_entry_id is None
    assert fund_balances(db.session(), [funds[1].id])[funds[1].id] == 9_000


def test_a_cover_that_holds_too_little_leaves_everything_as_it_was(funds: list[Fund]) -> None:
    home, other = funds
    gift = gifts.posted_gift(home, 10_000)
    gifts.posted_payout(home, 7_000)
    gifts.posted_gift(other, 6_999)
    assert gift.entry is not None
    wanted = _ask(gift.entry.entry_no, other.code)
    with pytest.raises(Invalid):
        _approve(wanted)
    db.session.rollback()
    assert fund_balances(db.session(), [home.id, other.id]) == {home.id: 3_000, other.id: 6_999}
    assert verify(db.session()).ok


def test_only_free_money_of_the_same_organisation_covers(funds: list[Fund]) -> None:
    gift = gifts.posted_gift(funds[0], 10_000)
    assert gift.entry is not None
    with writing() as writer:
        foreign = factories.fund(writer)
        owner = funds[0].organisation_id
        bound = factories.fund(writer, organisation_id=owner, purposes=[CharitablePurpose.CARE])
    for wrong in (foreign, bound, funds[0]):
        with pytest.raises(Invalid) as refusal:
            _ask(gift.entry.entry_no, wrong.code)
        assert "cover_fund" in refusal.value.errors
