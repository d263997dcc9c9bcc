"""Who is helped, at the desk: from the list to the payout, its review, its payment, and a person's page."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import lists
from portal.beneficiaries.models import BeneficiaryList
from portal.db import db, writing
from portal.registry.models import Fund
from portal.spending.models import Disbursement, DisbursementState
from tests import factories, gifts, people
from tests.beneficiaries.persons import card, citizen, made_list, person, row
from tests.people import LogIn

pytestmark = pytest.mark.one_engine


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000_000, donor_name="大额捐赠人")
    return made


@pytest.fixture
def desk(fund: Fund, log_in: LogIn) -> FlaskClient:
    return log_in(people.clerk())


def request_with(desk: FlaskClient, fund: Fund, of_list: BeneficiaryList, **given: str) -> Disbursement:
    address = f"/desk/disbursements/new?kind=aid&list={of_list.id}"
    form = desk.get(address).text
    assert f'value="{of_list.id}"' in form and "困难家庭学生" in form
    facts = {
        "amount": f"{of_list.total_fen / 100:.2f}",
        "fund": fund.code,
        "purpose": "发放助学金",
        "purpose_kind": "poverty",
        "recipient": "困难家庭学生",
        "beneficiary_list": str(of_list.id),
        **given,
    }
    answer = desk.post(address, data=facts)
    assert answer.status_code == 302, answer.text
    db.session.rollback()
    return db.session.scalars(select(Disbursement).order_by(Disbursement.id.desc())).first()


def test_a_list_goes_all_the_way(desk: FlaskClient, fund: Fund, log_in: LogIn, client: FlaskClient) -> None:
    made = made_list(fund, row(1, name="大额捐赠人"), row(2))
    payout = request_with(desk, fund, made)
    assert payout.beneficiary_count == 2
    reviewer, address = log_in(people.reviewer()), f"/desk/disbursements/{payout.id}"
    page = reviewer.get(address).text
    assert "利害关系" in page and "大**" in page and "大额捐赠人" not in page
    assert reviewer.post(f"{address}/approve", data={"version": payout.version}).status_code == 409
    interests = f"/desk/beneficiaries/of-payout/{payout.id}/interests"
    assert reviewer.post(interests, data={"interest_reason": "同名"}).status_code == 422
    reviewer.post(interests, data={"interest_reason": "第 1 行只是同名，已核对证件"})
    assert reviewer.post(f"{address}/approve", data={"version": payout.version}).status_code == 302
    book = desk.get(f"/desk/beneficiaries/of-payout/{payout.id}/bank.xlsx")
    assert book.status_code == 200 and book.data.startswith(b"PK")
    db.session.rollback()
    paid = gifts.paid(db.session.get_one(Disbursement, payout.id))
    assert paid.state is DisbursementState.POSTED
    assert "不足 5 名困难家庭学生" in client.get(f"/ledger/{paid.entry.entry_no}").text


def test_a_wrong_amount_is_said_beside_its_field(desk: FlaskClient, fund: Fund) -> None:
    made = made_list(fund)
    answer = desk.post(
        f"/desk/disbursements/new?kind=aid&list={made.id}",
        data={
            "amount": "1.00",
            "purpose_kind": "poverty",
            "fund": fund.code,
            "purpose": "助学",
            "recipient": "学生",
            "beneficiary_list": made.id,
        },
    )
    assert answer.status_code == 422 and "名单逐人相加是 3,000.00 元" in answer.text


def test_a_person_is_found_looked_at_and_erased(desk: FlaskClient, fund: Fund, session: Session) -> None:
    made = made_list(fund, row(1))
    address = f"/desk/beneficiaries/{lists.find_row(session, made, 1).id}"
    found = desk.post("/desk/beneficiaries", data={"q": citizen(1)}).text
    assert address in found and card(1) not in found
    assert citizen(1) not in desk.get(address).text
    assert citizen(1) in desk.post(f"{address}/reveal").text
    assert desk.post(f"{address}/erase", data={"confirmed": "别人"}).status_code == 422
    erased = desk.post(f"{address}/erase", data={"confirmed": person(1).name}, follow_redirects=True).text
    assert "已按要求删除" in erased and citizen(1)[-4:] not in erased


def test_a_transfer_that_came_back_tells_how_to_take_it_back(
    desk: FlaskClient, fund: Fund, session: Session
) -> None:
    made = made_list(fund)
    payout = gifts.paid(
        gifts.approved_payout(fund, made.total_fen, beneficiary_count=None, beneficiary_list=made.id)
    )
    address = f"/desk/beneficiaries/{lists.find_row(session, made, 2).id}"
    facts = {"returned_on": payout.paid_on.isoformat(), "return_reason": "户名不符"}
    assert desk.post(f"{address}/returned", data=facts).status_code == 302
    page = desk.get(f"/desk/disbursements/{payout.id}").text
    assert "银行退票 1 笔，共 1,000.00 元" in page and payout.entry.entry_no in page


def test_an_organisation_sets_its_limit(desk: FlaskClient, fund: Fund) -> None:
    address = f"/desk/beneficiaries/limits/{fund.organisation.uscc}"
    assert desk.post(address, data={"limit": "abc"}).status_code == 422
    assert desk.post(address, data={"limit": "5000"}).status_code == 302
    assert "5,000.00" in desk.get("/desk/beneficiaries/limits").text
