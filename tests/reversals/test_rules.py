"""The rules of a reversal, on both engines: once, with a reason, by two persons, within one's own house."""

import uuid

import pytest
from sqlalchemy.orm import Session

from portal.db import writing
from portal.ledger.models import Entry
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund
from portal.reversals import service
from portal.staff.models import Role
from tests import factories, gifts, people
from tests.people import ClerkOf


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund without gifts."""
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def entry(fund: Fund) -> Entry:
    """A gift in the ledger."""
    posted = gifts.posted_gift(fund, 5_000).entry
    assert posted is not None
    return posted


def ask(entry: Entry, reason: str = "金额录错") -> service.ReversalRequest:
    return service.request(entry.entry_no, reason, people.clerk(), uuid.uuid4().hex)


def test_an_entry_is_reversed_once(entry: Entry) -> None:
    gifts.reversed_entry(entry)
    with pytest.raises(Conflict):
        ask(entry)


def test_one_request_waits_at_a_time(entry: Entry) -> None:
    ask(entry)
    with pytest.raises(Conflict):
        ask(entry)


def test_a_reversal_is_not_reversed_but_logged_again(entry: Entry) -> None:
    with pytest.raises(Conflict):
        ask(gifts.reversed_entry(entry))


def test_a_reversal_needs_a_reason(entry: Entry) -> None:
    with pytest.raises(Invalid):
        ask(entry, " ")


def test_who_asked_does_not_approve(entry: Entry) -> None:
    wanted = ask(entry)
    with pytest.raises(Forbidden):
        service.approve(wanted.id, people.clerk(), wanted.version)


def test_a_gift_of_another_organisation_is_not_found(entry: Entry, clerk_of: ClerkOf) -> None:
    with writing() as session:
        other = factories.organisation(session)
    with pytest.raises(NotFound):
        service.request(entry.entry_no, "录错", clerk_of(other.id), uuid.uuid4().hex)


def test_a_request_that_was_withdrawn_is_never_approved(entry: Entry) -> None:
    wanted = ask(entry)
    service.withdraw(wanted.id, people.clerk(), wanted.version)
    with pytest.raises(Conflict):
        service.approve(wanted.id, people.member("another.reviewer", Role.REVIEWER), wanted.version)


@pytest.mark.parametrize("reason", ["麦志明要求退款", "麦 志明说录错了", "电话13800138000 联系过，要求退款"])
def test_a_public_reason_names_nobody_and_holds_no_number(fund: Fund, reason: str) -> None:
    posted = gifts.posted_gift(fund, 5_000, donor_name="麦志明").entry
    assert posted is not None
    with pytest.raises(Invalid) as refused:
        ask(posted, reason)
    assert set(refused.value.errors) == {"reason"}


def test_who_agreed_to_be_named_may_be_named_in_a_reason(fund: Fund) -> None:
    posted = gifts.posted_gift(fund, 5_000, donor_name="麦志明", publish_name=True).entry
    assert posted is not None
    assert ask(posted, "麦志明转错了账户").reason == "麦志明转错了账户"
