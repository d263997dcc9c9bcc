"""Restriction is law: a payout states what it is for, and no fund pays for what it does not allow."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.committees.models import CommitteeDecision
from portal.db import db, writing
from portal.giving.models import Restriction
from portal.giving.restrictions import unspent_restrictions
from portal.ledger.models import Channel
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund, FundKind, FundPurpose, ProjectCategory
from portal.registry.purposes import CharitablePurpose
from portal.spending import reviewing, service
from portal.spending.details import PaymentDetails
from portal.spending.models import DisbursementKind
from tests import factories, gifts, moves, people
from tests.people import LogIn

CARE, CULTURE, POVERTY = CharitablePurpose.CARE, CharitablePurpose.CULTURE, CharitablePurpose.POVERTY


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund for schooling and for the old, with a thousand yuan."""
    with writing() as writer:
        made = factories.fund(writer, purposes=[CULTURE, CARE], restriction="只用于助学和敬老")
    gifts.posted_gift(made, 100_000)
    return made


@pytest.fixture
def community_fund(session: Session) -> Fund:
    """A community fund with a thousand yuan and a committee."""
    with writing() as writer:
        street = factories.street(writer)
        made = factories.fund(writer, kind=FundKind.COMMUNITY, street_id=street.id)
    gifts.posted_gift(made, 100_000)
    moves.committee(made)
    return made


def _project(fund: Fund, category: ProjectCategory) -> str:
    with writing() as writer:
        return factories.project(writer, organisation_id=fund.organisation_id, category=category).code


def _refused(fund: Fund, amount_fen: int = 1_000, **given: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        gifts.payout(fund, amount_fen, **given)
    return {field: str(words) for field, words in refusal.value.errors.items()}


def test_a_fund_pays_for_what_it_allows(fund: Fund) -> None:
    assert gifts.posted_payout(fund, purpose_kind=CARE).purpose_kind is CARE


def test_what_a_fund_does_not_allow_is_refused_with_the_way_out(fund: Fund) -> None:
    said = _refused(fund, purpose_kind=POVERTY)["purpose_kind"]
    for words in (fund.name, "只用于助学和敬老", "扶贫、济困", "变更用途"):
        assert words in said


def test_a_payout_from_a_restricted_fund_says_what_it_is_for(fund: Fund) -> None:
    assert "只用于助学和敬老" in _refused(fund)["purpose_kind"]


def test_a_fund_of_one_purpose_needs_no_choice(session: Session) -> None:
    with writing() as writer:
        made = factories.fund(writer, purposes=[CARE])
    gifts.posted_gift(made, 10_000)
    assert gifts.payout(made).purpose_kind is CARE


def test_the_project_tells_what_a_payout_is_for(fund: Fund) -> None:
    schooling, relief = _project(fund, ProjectCategory.EDUCATION), _project(fund, ProjectCategory.POVERTY)
    assert gifts.payout(fund, project=schooling).purpose_kind is CULTURE
    assert set(_refused(fund, project=relief, purpose_kind=CARE)) == {"project"}


@pytest.mark.parametrize("kind", [DisbursementKind.MANAGEMENT, DisbursementKind.FUNDRAISING])
def test_an_organisations_own_costs_are_not_paid_from_restricted_money(
    fund: Fund, kind: DisbursementKind
) -> None:
    assert set(_refused(fund, kind=kind, recipient="")) == {"fund"}


def test_a_fee_that_the_bank_has_taken_already_is_written_down(fund: Fund) -> None:
    payment = PaymentDetails(today(), Channel.BANK, "F-1")
    fee = gifts.payout(fund, 600, kind=DisbursementKind.FUNDRAISING, recipient="收款平台", payment=payment)
    assert reviewing.approve(fee.id, people.reviewer(), fee.version).purpose_kind is None


def test_a_restricted_fund_without_purposes_pays_nothing(session: Session) -> None:
    with writing() as writer:
        made = factories.fund(writer, restricted=True, restriction="只用于助学")
    gifts.posted_gift(made, 10_000)
    assert "基金登记" in _refused(made, purpose_kind=CULTURE)["purpose_kind"]


def test_what_nobody_bound_may_be_used_for_anything_charitable(session: Session) -> None:
    with writing() as writer:
        free = factories.fund(writer)
    gifts.posted_gift(free, 10_000)
    assert gifts.payout(free, purpose_kind=POVERTY).purpose_kind is POVERTY


def test_a_fund_bound_anew_while_a_payout_waited_does_not_pay_it(fund: Fund) -> None:
    waiting = gifts.payout(fund, purpose_kind=CARE)
    with writing() as writer:
        writer.delete(writer.get_one(FundPurpose, (fund.id, CARE)))
    with pytest.raises(Invalid) as refusal:
        reviewing.approve(waiting.id, people.reviewer(), waiting.version)
    assert "变更用途" in str(refusal.value.errors["fund"])


def test_what_donors_bound_is_shown_until_it_is_spent(fund: Fund) -> None:
    bound = {"restriction": Restriction.PURPOSE, "restriction_text": "给滨江街道的独居老人"}
    gifts.posted_gift(fund, 5_000, **bound)
    gifts.posted_gift(
        fund,
        6_000,
        restriction=Restriction.BOTH,
        restriction_text="今年内用于助学",
        restricted_until=date(today().year, 12, 31),
    )
    found = unspent_restrictions(db.session(), fund.id)
    assert [(one.words, one.amount_fen) for one in found.rows] == [
        ("给滨江街道的独居老人", 5_000),
        ("今年内用于助学", 6_000),
    ]
    gifts.posted_payout(fund, 105_000, purpose_kind=CARE)
    assert [one.words for one in unspent_restrictions(db.session(), fund.id).rows] == ["今年内用于助学"]


def test_the_reviewer_reads_what_the_money_is_bound_to(fund: Fund, log_in: LogIn) -> None:
    gifts.posted_gift(fund, 5_000, restriction=Restriction.PURPOSE, restriction_text="给滨江街道的独居老人")
    waiting = gifts.payout(fund, purpose_kind=CARE)
    page = log_in(people.reviewer()).get(f"/desk/disbursements/{waiting.id}").get_data(as_text=True)
    for words in ("只用于助学和敬老", "给滨江街道的独居老人", "扶老、救孤、恤病、助残、优抚"):
        assert words in page


def test_the_reviewer_of_a_bound_gift_reads_what_the_fund_is_for(fund: Fund, log_in: LogIn) -> None:
    gift = gifts.gift(fund, restriction=Restriction.PURPOSE, restriction_text="给滨江街道的独居老人")
    page = log_in(people.reviewer()).get(f"/desk/donations/{gift.id}").get_data(as_text=True)
    assert "限定用途对得上吗" in page and "只用于助学和敬老" in page
    relief = _project(fund, ProjectCategory.POVERTY)
    other = gifts.gift(fund, restriction=Restriction.PURPOSE, restriction_text="济困", project=relief)
    page = log_in(people.reviewer()).get(f"/desk/donations/{other.id}").get_data(as_text=True)
    assert "不包括“扶贫、济困”" in page


def test_the_form_asks_for_the_category_and_names_the_way_out(fund: Fund, log_in: LogIn) -> None:
    clerk = log_in(people.clerk())
    form = {
        "amount": "10",
        "fund": fund.code,
        "purpose": "发放慰问金",
        "recipient": "困难家庭",
        "beneficiary_count": "12",
        "idempotency_key": uuid.uuid4().hex,
    }
    address = "/desk/disbursements/new?kind=aid"
    missing = clerk.post(address, data=form)
    assert missing.status_code == 422 and "请选择这笔钱属于哪一类用途" in missing.get_data(as_text=True)
    wrong = clerk.post(address, data={**form, "purpose_kind": "poverty"})
    assert wrong.status_code == 422 and "变更用途" in wrong.get_data(as_text=True)
    right = clerk.post(address, data={**form, "purpose_kind": "care"}, follow_redirects=True)
    assert "扶老、救孤、恤病、助残、优抚" in right.get_data(as_text=True)


def test_a_payout_of_a_community_fund_needs_its_committee(community_fund: Fund) -> None:
    assert set(_refused(community_fund, 1_000, purpose_kind=CARE)) == {"committee_decision"}
    decided = moves.confirmed_decision(community_fund, 50_000)
    given = {"purpose_kind": CARE, "committee_decision_id": decided.id}
    waiting = gifts.payout(community_fund, 30_000, **given)
    assert _used(decided) == (30_000, 0)
    assert "200.00" in _refused(community_fund, 30_000, **given)["committee_decision"]
    service.withdraw(waiting.id, people.clerk(), waiting.version)
    assert _used(decided) == (0, 0)
    paid = gifts.posted_payout(community_fund, 40_000, **given)
    assert _used(decided) == (0, 40_000)
    assert paid.entry is not None
    gifts.reversed_entry(paid.entry, "银行退回")
    assert _used(decided) == (0, 0)


def _used(decision: CommitteeDecision) -> tuple[int, int]:
    db.session.rollback()
    found = db.session.get_one(CommitteeDecision, decision.id)
    return found.committed_fen, found.spent_fen
