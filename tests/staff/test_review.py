"""Two persons: who had a hand in a document never reviews it, and only reviewers review."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving import service as giving
from portal.periods import now
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund
from portal.staff import accounts
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember
from portal.staff.review import COOLING, decisions_on
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def test_a_reviewer_approves_what_another_logged(fund: Fund, reviewer: StaffMember, session: Session) -> None:
    gift = gifts.gift(fund)
    approved = giving.approve(gift.id, reviewer, gift.version)
    assert approved.state is DocumentState.POSTED and approved.entry_id is not None
    decisions = decisions_on(session, giving.SUBJECT, gift.id)
    assert [(one.checker_id, one.maker_id, one.version) for one in decisions] == [
        (reviewer.id, gift.maker_id, 1)
    ]


@pytest.mark.parametrize("role", [Role.FEDERATION_CLERK, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_but_a_reviewer_approves(fund: Fund, role: Role) -> None:
    gift = gifts.gift(fund)
    with pytest.raises(Forbidden):
        giving.approve(gift.id, people.member("somebody.else", role), gift.version)


def test_the_maker_never_approves_even_as_a_reviewer(fund: Fund, session: Session) -> None:
    gift = gifts.gift(fund)
    with writing() as writer:
        maker = writer.get_one(StaffMember, gift.maker_id)
        maker.role = Role.REVIEWER
    with pytest.raises(Forbidden):
        giving.approve(gift.id, maker, gift.version)


def test_who_reset_the_makers_account_today_does_not_review_it(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.gift(fund)
    with writing() as writer:
        maker = writer.get_one(StaffMember, gift.maker_id)
        maker.credentials_changed_at, maker.credentials_changed_by_id = now(), reviewer.id
    with pytest.raises(Forbidden):
        giving.approve(gift.id, reviewer, gift.version)


def test_one_person_who_holds_both_accounts_does_not_make_and_review(
    fund: Fund, reviewer: StaffMember
) -> None:
    gift = gifts.gift(fund)
    administrator = people.member("admin.of.both", Role.ADMINISTRATOR)
    accounts.reset_password(gift.maker_id, administrator)
    accounts.reset_password(reviewer.id, administrator)
    with pytest.raises(Forbidden):
        giving.approve(gift.id, reviewer, gift.version)


def test_an_own_new_password_does_not_hide_who_had_the_account(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.gift(fund)
    password = accounts.reset_password(reviewer.id, people.clerk())
    accounts.change_password(reviewer, password, "a sentence of my own 2026")
    with pytest.raises(Forbidden):
        giving.approve(gift.id, reviewer, gift.version)


def test_an_account_reset_yesterday_is_independent_again(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.gift(fund)
    administrator = people.member("admin.of.both", Role.ADMINISTRATOR)
    for member_id in (gift.maker_id, reviewer.id):
        accounts.reset_password(member_id, administrator)
    with writing() as writer:
        for member_id in (gift.maker_id, reviewer.id):
            member = writer.get_one(StaffMember, member_id)
            member.created_at = member.credentials_changed_at = now() - COOLING - timedelta(minutes=1)
    assert giving.approve(gift.id, reviewer, gift.version).entry_id is not None


def test_a_version_that_was_not_shown_is_not_approved(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.gift(fund)
    with pytest.raises(Conflict):
        giving.approve(gift.id, reviewer, gift.version + 1)


def test_two_approvals_post_once(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.posted_gift(fund)
    with pytest.raises(Conflict):
        giving.approve(gift.id, reviewer, gift.version)


def test_a_return_needs_a_reason(fund: Fund, reviewer: StaffMember) -> None:
    gift = gifts.gift(fund)
    with pytest.raises(Invalid):
        giving.return_to_maker(gift.id, reviewer, gift.version, "  ")
    returned = giving.return_to_maker(gift.id, reviewer, gift.version, "金额与凭证不符")
    assert returned.state is DocumentState.RETURNED


def test_a_reviewer_of_another_organisation_finds_nothing(fund: Fund, session: Session) -> None:
    gift = gifts.gift(fund)
    with writing() as writer:
        elsewhere = factories.organisation(writer)
    stranger = people.member("reviewer.elsewhere", Role.REVIEWER, elsewhere.id)
    with pytest.raises(NotFound):
        giving.approve(gift.id, stranger, gift.version)
