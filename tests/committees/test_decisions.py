"""A committee's decision: confirmed by a second person, carried by those without an interest, never used twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.committees import service, using
from portal.committees.models import CommitteeDecision
from portal.db import db, writing
from portal.periods import today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund, FundKind
from tests import factories, moves, people
from tests.people import ClerkOf, LogIn


@pytest.fixture
def fund(session: Session) -> Fund:
    """A community fund with a committee of three."""
    with writing() as writer:
        street = factories.street(writer)
        made = factories.fund(writer, kind=FundKind.COMMUNITY, street_id=street.id)
    moves.committee(made)
    return made


def _used(decision: CommitteeDecision) -> tuple[int, int, int]:
    db.session.rollback()
    found = db.session.get_one(CommitteeDecision, decision.id)
    return found.committed_fen, found.spent_fen, found.left_fen


def test_a_decision_counts_only_once_a_second_person_confirmed_it(fund: Fund) -> None:
    entered = moves.decision(fund)
    with writing() as writer, pytest.raises(Invalid):
        using.commit(writer, entered.id, fund, 1_000)
    with pytest.raises(Forbidden):
        service.approve(entered.id, people.clerk(), entered.version)
    service.approve(entered.id, people.reviewer(), entered.version)
    with writing() as writer:
        using.commit(writer, entered.id, fund, 1_000)
    assert _used(entered) == (1_000, 0, 99_000)


def test_what_is_set_aside_is_spent_or_free_again(fund: Fund) -> None:
    decision = moves.confirmed_decision(fund, 10_000)
    with writing() as writer:
        using.commit(writer, decision.id, fund, 4_000)
        using.commit(writer, decision.id, fund, 5_000)
        using.release(writer, decision.id, 4_000)
        using.spend(writer, decision.id, 5_000)
    assert _used(decision) == (0, 5_000, 5_000)


def test_a_decision_never_covers_more_than_it_says(fund: Fund) -> None:
    decision = moves.confirmed_decision(fund, 10_000)
    with writing() as writer:
        using.commit(writer, decision.id, fund, 6_000)
    with writing() as writer, pytest.raises(Invalid) as refusal:
        using.commit(writer, decision.id, fund, 5_000)
    assert "40.00" in str(refusal.value.errors["committee_decision"])
    with pytest.raises(IntegrityError), writing() as writer:
        writer.execute(update(CommitteeDecision).values(spent_fen=5_000))


def test_a_decision_covers_only_its_own_fund(fund: Fund) -> None:
    decision = moves.confirmed_decision(fund)
    with writing() as writer:
        other = factories.fund(writer)
        with pytest.raises(Invalid):
            using.commit(writer, decision.id, other, 1_000)
        using.commit(writer, None, other, 1_000)
        with pytest.raises(Invalid):
            using.commit(writer, None, fund, 1_000)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"present": 4, "votes_for": 4}, "present"),
        ({"present": 1, "votes_for": 1}, "present"),
        ({"votes_for": 2}, "votes_for"),
        ({"votes_for": 1, "votes_against": 1, "abstained": 1}, "votes_for"),
        ({"votes_for": 2, "interested": 1}, "interest_note"),
        ({"decided_on": today() + timedelta(days=1)}, "decided_on"),
        ({"decided_on": today() - timedelta(days=4_000)}, "decided_on"),
        ({"amount_fen": 0}, "amount"),
        ({"decided": ""}, "decided"),
        ({"number": " "}, "number"),
    ],
)
def test_minutes_that_cannot_be_are_refused(fund: Fund, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        moves.decision(fund, **wrong)
    assert field in refusal.value.errors


def test_who_has_an_interest_does_not_vote(fund: Fund) -> None:
    decided = moves.confirmed_decision(
        fund, votes_for=2, interested=1, interest_note="成员2号是受助人的亲属，回避"
    )
    assert decided.votes_for == 2


def test_a_number_stands_for_one_decision_of_a_fund(fund: Fund) -> None:
    first = moves.decision(fund, number="2026-1")
    with pytest.raises(Invalid) as refusal:
        moves.decision(fund, number="2026-1")
    assert "number" in refusal.value.errors
    service.return_to_maker(first.id, people.reviewer(), first.version, "金额与会议记录不符")
    assert moves.decision(fund, number="2026-1").number == "2026-1"


def test_a_member_takes_one_seat_and_leaves_it_once(fund: Fund) -> None:
    member = service.members(db.session(), fund.id)[0]
    with pytest.raises(Conflict):
        service.seat(fund.code, service.MemberDetails(member.name, "主任", today()), people.clerk())
    service.unseat(member.id, today() - timedelta(days=1), people.clerk())
    with pytest.raises(Conflict):
        service.unseat(member.id, today(), people.clerk())
    session = db.session()
    assert len(service.members(session, fund.id)) == 2
    assert len(service.members(session, fund.id, all_time=True)) == 3


def test_another_organisations_clerk_sees_no_committee(fund: Fund, clerk_of: ClerkOf) -> None:
    decision = moves.decision(fund)
    with writing() as writer:
        stranger_of = factories.organisation(writer).id
    stranger = clerk_of(stranger_of)
    with pytest.raises(NotFound):
        service.find(db.session(), decision.id, stranger)
    with pytest.raises(NotFound):
        service.seat(fund.code, service.MemberDetails("王小明", "委员", today()), stranger)


def test_the_desk_enters_and_confirms_a_decision(fund: Fund, log_in: LogIn) -> None:
    clerk, reviewer = log_in(people.clerk()), log_in(people.reviewer())
    address = f"/desk/funds/{fund.code}/committee/decisions/new"
    form = {
        "number": "2026-7",
        "decided_on": today().isoformat(),
        "decided": "资助本街道独居老人",
        "amount": "8,000",
        "present": "3",
        "votes_for": "3",
    }
    assert clerk.post(address, data={**form, "present": "三"}).status_code == 422
    shown = clerk.post(address, data=form, follow_redirects=True)
    assert "等待另一位同事对照会议记录核对" in shown.get_data(as_text=True)
    assert "2026-7" in reviewer.get("/desk/queue").get_data(as_text=True)
    decision = service.page(db.session(), people.clerk())[0]
    page = f"/desk/committees/decisions/{decision.id}"
    reviewer.post(f"{page}/approve", data={"version": decision.version})
    assert "已核对" in clerk.get(page).get_data(as_text=True)


def test_the_public_reads_offices_and_no_names(fund: Fund, log_in: LogIn) -> None:
    moves.confirmed_decision(fund, decided="资助本街道独居老人")
    browser = log_in(people.clerk()).application.test_client()
    page = browser.get(f"/funds/{fund.code}").get_data(as_text=True)
    assert "居民代表" in page and "资助本街道独居老人" in page
    assert "成员1号" not in page
