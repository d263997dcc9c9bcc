"""The JSON API: the same figures as the pages, exact field names, problems that name the field."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from sqlalchemy.orm import Session

from portal.api.openapi import DESCRIPTION
from portal.db import writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.questions import answering
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.questions import asked

FIELDS = (
    "entry_no index kind occurred_on published_at organisation fund station project campaign street direction form "
    "amount_fen amount donor recipient purpose beneficiary_count receipt_no reverses reversed_by"
).split()


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift, a payout, and a gift that was reversed."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 123_456, donor_name="陈𠮷祥", publish_name=True)
    gifts.posted_payout(made, 20_000, beneficiary_count=12)
    wrong = gifts.posted_gift(made, 70_000, donor_name="不愿公开的人").entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    return made


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_an_entry_has_exactly_the_fields_of_the_contract(client: FlaskClient, fund: Fund) -> None:
    document = get(client, "ledger?direction=in&max=1300")
    (reversal, wrong, gift) = get(client, f"ledger?fund={fund.code}&direction=in")["entries"]
    assert [list(one) for one in document["entries"]] == [FIELDS] * 3
    assert (gift["amount_fen"], gift["amount"], gift["donor"]) == (123_456, "1234.56", "陈𠮷祥")
    assert gift["fund"] == {"code": fund.code, "name": fund.name}
    assert gift["organisation"] == {"uscc": fund.organisation.uscc, "name": fund.organisation.name}
    assert wrong["donor"] == "爱心人士"
    assert (wrong["reversed_by"], reversal["reverses"]) == (reversal["entry_no"], wrong["entry_no"])
    assert (reversal["kind"], reversal["amount"], reversal["amount_fen"]) == ("reversal", "-700.00", -70_000)


def test_the_summary_adds_up(client: FlaskClient, fund: Fund) -> None:
    assert get(client, f"summary?fund={fund.code}") == {
        "received_fen": 123_456,
        "disbursed_fen": 20_000,
        "balance_fen": 103_456,
        "donations": 1,
        "disbursements": 1,
        "by_form": {"money": 123_456},
        "tree_size": 6,  # a policy and a key come before the four entries
    }
    assert get(client, "summary?min=1000&max=2000")["received_fen"] == 123_456


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_paging_shows_every_entry_once_while_new_ones_come(
    client: FlaskClient, fund: Fund, limit: int
) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = get(client, f"ledger?limit={limit}{cursor}")
        seen += [one["index"] for one in page["entries"]]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
        gifts.posted_gift(fund, 100)
    assert seen == [5, 4, 3, 2]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("fund=NOSUCH", "fund"),
        ("direction=sideways", "direction"),
        ("form=gold", "form"),
        ("from=2026-02-30", "from"),
        ("from=2026-03-01&to=2026-02-01", "to"),
        ("min=1e3", "min"),
        ("min=20&max=10", "max"),
        ("after=abc", "after"),
        ("limit=0", "limit"),
        ("limit=100000", "limit"),
        ("fund=A&fund=B", "fund"),
        ("q=" + "长" * 101, "q"),
    ],
)
def test_what_is_no_filter_is_a_problem_that_names_it(
    client: FlaskClient, app_context: None, query: str, field: str
) -> None:
    answer = client.get(f"/api/v1/ledger?{query}")
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400 and field in {one["field"] for one in problem["errors"]}
    page = client.get(f"/ledger?{query}")
    assert page.status_code == 400 and problem["errors"][0]["message"] in page.text.replace("&#34;", '"')


@pytest.mark.one_engine
def test_every_filter_of_the_contract_is_taken(client: FlaskClient, fund: Fund) -> None:
    with writing() as session:
        station = factories.station(session, organisation_id=fund.organisation_id)
        project = factories.project(session, organisation_id=fund.organisation_id)
        campaign = factories.campaign(session, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 999, station=station.code, project=project.code, campaign=campaign.code)
    day = today().isoformat()
    for query in (
        f"organisation={fund.organisation.uscc}&min=9&max=10",
        f"station={station.code}",
        f"project={project.code}",
        f"campaign={campaign.code}",
        f"street={station.street.code}",
        f"form=money&direction=in&from={day}&to={day}&max=9.99",
        f"q={station.name}",
    ):
        found = get(client, f"ledger?{query}")["entries"]
        assert [one["amount_fen"] for one in found] == [999], query
        assert get(client, f"summary?{query}")["received_fen"] == 999, query


@pytest.mark.one_engine
def test_only_public_words_are_searched(client: FlaskClient, fund: Fund) -> None:
    assert len(get(client, "ledger?q=陈𠮷祥")["entries"]) == 1
    assert get(client, "ledger?q=不愿公开")["entries"] == []


@pytest.mark.one_engine
def test_every_answer_is_as_described(client: FlaskClient, fund: Fund) -> None:
    bill_no = bills.publish(fund.code, Month.of(today()).plus(-1), "", people.clerk()).bill_no
    gifts.posted_gift(fund, 1, Month.of(today()).plus(-1).last, late_reason="漏记")
    question = asked.ask(asked.about(fund)).question
    answering.answer(question.id, people.clerk(), 1, "在组织的页面上。", "k")
    numbers = {
        "{entry_no}": get(client, "ledger?limit=1")["entries"][0]["entry_no"],
        "{bill_no}": bill_no,
        "{question_no}": question.question_no,
    }
    for path, operation in DESCRIPTION["paths"].items():
        address = path
        for word, number in numbers.items():
            address = address.replace(word, number)
        answer = client.get(address)
        assert answer.status_code == 200, path
        schema = operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(answer.get_json())


@pytest.mark.one_engine
def test_the_description_is_an_openapi_document(client: FlaskClient, app_context: None) -> None:
    validate(get(client, "openapi.json"))


@pytest.mark.one_engine
def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, fund: Fund) -> None:
    first = client.get("/api/v1/summary")
    again = client.get("/api/v1/summary", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    gifts.posted_gift(fund, 1)
    assert client.get("/api/v1/summary", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.one_engine
def test_an_absent_entry_is_a_problem(client: FlaskClient, app_context: None) -> None:
    answer = client.get("/api/v1/ledger/E-2026-999999")
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("address", ["/api/v1/bills?after=", "/api/v1/ledger?after=", "/documents/"])
def test_a_number_beyond_all_numbers_is_no_fault_of_ours(client: FlaskClient, address: str) -> None:
    assert client.get(address + "9" * 25).status_code in {400, 404, 422}
