"""The desk of payouts: the kind comes first, each step has its form, and people see what waits for them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.registry.models import Fund, Organisation
from portal.spending.models import Disbursement, DisbursementKind
from portal.spending.models import DisbursementState as State
from portal.staff.models import StaffMember
from tests import factories, gifts, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine

FIELDS: dict[str, Callable[[str], bool]] = {
    "recipient": lambda kind: True,
    "recipient_uscc": lambda kind: kind in ("grant", "purchase"),
    "beneficiary_count": lambda kind: kind not in ("management", "fundraising"),
    "project": lambda kind: kind not in ("management", "fundraising"),
    "campaign": lambda kind: kind != "management",
    "paid_on": lambda kind: False,
    "channel": lambda kind: False,
}


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan that asks for no evidence, and for a second approval above five hundred."""
    with writing() as writer:
        made = factories.fund(writer)
        gifts.asks_for_no_evidence(writer, made)
        writer.execute(
            update(Organisation)
            .where(Organisation.id == made.organisation_id)
            .values(second_approval_fen=50_000)
        )
    gifts.posted_gift(made, 100_000)
    return made


@pytest.fixture
def desk(clerk: StaffMember, log_in: LogIn) -> FlaskClient:
    """The clerk's browser."""
    return log_in(clerk)


def state_of(payout: Disbursement) -> State:
    db.session.rollback()
    return db.session.get_one(Disbursement, payout.id).state


def test_the_kind_is_chosen_first(desk: FlaskClient) -> None:
    page = desk.get("/desk/disbursements/new").text
    assert all(f"kind={kind.value}" in page for kind in DisbursementKind)
    assert desk.get("/desk/disbursements/new?kind=goods").location == "/desk/disbursements/goods/new"


@pytest.mark.parametrize("kind", [kind.value for kind in DisbursementKind if kind.value != "goods"])
def test_only_what_a_kind_needs_is_asked(desk: FlaskClient, kind: str) -> None:
    page = desk.get(f"/desk/disbursements/new?kind={kind}").text
    for name, asked in FIELDS.items():
        assert (f'name="{name}"' in page) is asked(kind), name


def test_a_payment_without_its_reference_is_shown_again(fund: Fund, desk: FlaskClient) -> None:
    approved = gifts.approved_payout(fund)
    typed = {"version": approved.version, "paid_on": "2026-03-05", "channel": "bank"}
    answer = desk.post(f"/desk/disbursements/{approved.id}/pay", data=typed)
    assert answer.status_code == 422 and 'id="payment_ref-error"' in answer.text
    assert 'value="2026-03-05"' in answer.text and state_of(approved) is State.APPROVED
    typed["payment_ref"] = "R-1"
    twice = [desk.post(f"/desk/disbursements/{approved.id}/pay", data=typed).status_code for _ in range(2)]
    assert twice == [302, 302] and state_of(approved) is State.POSTED


def test_an_arrival_is_reported_and_taken_back_at_the_desk(fund: Fund, desk: FlaskClient) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    address = f"/desk/disbursements/{paid.id}"
    typed = {"arrived_on": paid.paid_on.isoformat(), "amount": "100.01", "people": "12", "note": "李老师签收"}
    too_much = desk.post(f"{address}/arrivals", data=typed)
    assert too_much.status_code == 422 and "100.00" in too_much.text
    assert desk.post(f"{address}/arrivals", data={**typed, "amount": "100"}).status_code == 302
    page = desk.get(address).text
    assert "已全部送达" in page and "李老师签收" in page and "12 人次" in page
    arrival_id = paid.entry_id and page.split(f"{address}/arrivals/")[1].split("/")[0]
    desk.post(f"{address}/arrivals/{arrival_id}/take-back", data={"reason": "登记到别的单上了"})
    assert "在途：还有 100.00 元" in desk.get(address).text


def test_a_second_reviewer_finds_what_the_first_approved(
    fund: Fund, reviewer: StaffMember, log_in: LogIn
) -> None:
    large = gifts.payout(fund, 60_000)
    first, second = log_in(people.reviewer()), log_in(people.second_reviewer())
    first.post(f"/desk/disbursements/{large.id}/approve", data={"version": large.version})
    assert "还要另一位复核员第二次复核" in first.get("/desk/").text
    assert large.disbursement_no not in first.get("/desk/queue").text
    assert large.disbursement_no in second.get("/desk/queue").text
    assert "要由另一位复核员来同意" in first.get(f"/desk/disbursements/{large.id}").text
    again = first.post(f"/desk/disbursements/{large.id}/approve", data={"version": large.version})
    assert again.status_code == 403 and state_of(large) is State.SECOND_PENDING
    second.post(f"/desk/disbursements/{large.id}/approve", data={"version": large.version})
    assert state_of(large) is State.APPROVED


def test_a_clerk_sees_what_waits_to_be_paid_and_what_is_long_on_its_way(
    fund: Fund, desk: FlaskClient
) -> None:
    approved = gifts.approved_payout(fund)
    recent, old = gifts.posted_payout(fund), gifts.posted_payout(fund, day=date(2026, 1, 5))
    page = desk.get("/desk/queue").text
    assert approved.disbursement_no in page and old.disbursement_no in page
    assert recent.disbursement_no not in page


def test_the_public_sees_whether_a_payout_arrived(fund: Fund, client: FlaskClient) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    number, day = paid.entry.entry_no, paid.paid_on.isoformat()
    assert "在途" in client.get(f"/ledger/{number}").text and "在途" in client.get("/ledger").text
    assert said(client, number) == (0, None)
    gifts.arrived(paid, 4_000, 3)
    page = client.get(f"/ledger/{number}").text
    assert "已送达 40.00 元" in page and "不足 5 人" in page and "3 人" not in page
    gifts.arrived(paid, 6_000, 9)
    page = client.get(f"/ledger/{number}").text
    assert f"已送达 {day}，12 人" in page and said(client, number) == (10_000, day)


def test_nothing_is_said_of_a_reversed_payouts_arrival(fund: Fund, client: FlaskClient) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    gifts.arrived(paid, 4_000)
    reversal = gifts.reversed_entry(paid.entry)
    for number in (paid.entry.entry_no, reversal.entry_no):
        assert "送达" not in client.get(f"/ledger/{number}").text
        assert "arrived_fen" not in client.get(f"/api/v1/ledger/{number}").json


def said(client: FlaskClient, entry_no: str) -> tuple[int, str | None]:
    answer = client.get(f"/api/v1/ledger/{entry_no}").json
    return answer["arrived_fen"], answer["arrived_on"]


def test_an_organisations_rules_for_payouts_are_kept_with_their_history(
    fund: Fund, desk: FlaskClient
) -> None:
    uscc = fund.organisation.uscc
    page = desk.get(f"/desk/organisations/{uscc}/edit")
    assert page.status_code == 200 and 'value="500.00"' in page.text
    organisation = db.session.scalars(select(Organisation).where(Organisation.uscc == uscc)).one()
    typed = {
        "name": organisation.name,
        "kind": organisation.kind.value,
        "second_approval_fen": "1,000",
        "request_expires_days": "45",
        "evidence_required_fen": "",
    }
    wrong = desk.post(f"/desk/organisations/{uscc}/edit", data={**typed, "request_expires_days": "never"})
    assert wrong.status_code == 422 and 'id="request_expires_days-error"' in wrong.text
    assert desk.post(f"/desk/organisations/{uscc}/edit", data=typed).status_code == 302
    db.session.rollback()
    kept = db.session.get_one(Organisation, organisation.id)
    assert (kept.second_approval_fen, kept.request_expires_days, kept.evidence_required_fen) == (
        100_000,
        45,
        0,
    )
    history = desk.get(f"/desk/organisations/{uscc}").text
    assert "500.00" in history and "1,000.00" in history
