"""The registry's pages at the desk: lists, forms that keep what was typed, states, histories."""

import pytest

from portal.db import db, writing
from portal.registry.models import Fund, Organisation, Status
from portal.registry.services.organisations import ORGANISATIONS
from portal.registry.sheets import SHEETS
from portal.staff.models import StaffMember
from tests import factories, people
from tests.people import ClerkOf, LogIn


@pytest.mark.parametrize("word", sorted(SHEETS))
def test_every_list_and_form_opens(clerk: StaffMember, log_in: LogIn, word: str) -> None:
    client = log_in(clerk)
    empty = client.get(f"/desk/{word}")
    assert empty.status_code == 200 and str(SHEETS[word].why_empty) in empty.text
    assert client.get(f"/desk/{word}/new").status_code == 200


def _organisation(**given: str) -> dict[str, str]:
    return {"uscc": factories.uscc(800001), "name": "海珠区暖阳慈善会", "kind": "federation", **given}


def test_an_organisation_is_registered_edited_suspended_and_shown(clerk: StaffMember, log_in: LogIn) -> None:
    client, facts = log_in(clerk), _organisation(founded_on="２０１５年3月1日")
    made = client.post("/desk/organisations/new", data=facts)
    assert made.status_code == 302 and made.location.endswith(f"/desk/organisations/{facts['uscc']}")
    edited = client.post(
        f"{made.location}/edit",
        data={**facts, "name": "海珠区暖阳慈善总会", "founded_on": "2015-03-01", "reason": "更名"},
    )
    assert edited.status_code == 302
    ORGANISATIONS.check(people.reviewer(), facts["uscc"])
    assert client.post(f"{made.location}/activate").status_code == 302
    assert client.post(f"{made.location}/suspend", data={"reason": "年检"}).status_code == 302
    page = client.get(made.location).text
    for words in (
        "海珠区暖阳慈善总会",
        "已暂停",
        "更名",
        "陈经办",
        "<del>海珠区暖阳慈善会</del>",
        "2015-03-01",
        "年检",
    ):
        assert words in page


def test_a_refused_form_keeps_what_was_typed(clerk: StaffMember, log_in: LogIn) -> None:
    wrong = _organisation(uscc="51440105MJK0000010", founded_on="三月", contact_name="𬭎先生")
    answer = log_in(clerk).post("/desk/organisations/new", data=wrong)
    assert answer.status_code == 422
    for words in ("2026-09-05 的样式", 'value="三月"', 'value="𬭎先生"', 'value="51440105MJK0000010"'):
        assert words in answer.text
    answer = log_in(clerk).post("/desk/organisations/new", data={**wrong, "founded_on": ""})
    assert answer.status_code == 422 and "校验位" in answer.text
    assert factories.count(db.session, Organisation) == 0


def test_an_empty_form_is_refused_field_by_field(clerk: StaffMember, log_in: LogIn) -> None:
    for word in SHEETS:
        answer = log_in(clerk).post(f"/desk/{word}/new", data={})
        assert answer.status_code == 422 and "必须填写" in answer.text


def test_codes_do_not_change_in_the_edit_form(clerk: StaffMember, log_in: LogIn) -> None:
    with writing() as session:
        fund = factories.fund(session)
    client = log_in(clerk)
    page = client.get(f"/desk/funds/{fund.code}/edit").text
    assert 'name="code"' not in page and 'name="organisation"' not in page
    answer = client.post(
        f"/desk/funds/{fund.code}/edit",
        data={"code": "OTHER", "name": "新名", "kind": "named", "opened_on": "2019-01-01", "purpose": "助学"},
    )
    assert answer.status_code == 302
    db.session.expire_all()
    assert (db.session.get_one(Fund, fund.id).code, db.session.get_one(Fund, fund.id).name) == (
        fund.code,
        "新名",
    )


def test_closing_without_a_reason_says_so(clerk: StaffMember, log_in: LogIn) -> None:
    with writing() as session:
        fund = factories.fund(session)
    answer = log_in(clerk).post(f"/desk/funds/{fund.code}/close", data={"reason": ""})
    assert answer.status_code == 422 and "请写明原因" in answer.text
    db.session.expire_all()
    assert db.session.get_one(Fund, fund.id).status == Status.ACTIVE


def test_a_list_is_searched_and_paged(clerk: StaffMember, log_in: LogIn) -> None:
    with writing() as session:
        owner = factories.organisation(session)
        for number in range(60):
            factories.fund(
                session, organisation_id=owner.id, code=f"PG{number:03d}", name=f"基金{number:03d}号"
            )
    client = log_in(clerk)
    first = client.get("/desk/funds?q=PG").text
    assert "PG049" in first and "PG050" not in first and "after=PG049" in first
    second = client.get("/desk/funds?q=PG&after=PG049").text
    assert "PG050" in second and "PG059" in second and "PG049</a>" not in second
    assert "基金007号" in client.get("/desk/funds?q=007").text
    assert str(SHEETS["funds"].why_empty) in client.get("/desk/funds?q=100%25").text
    assert client.get("/desk/funds?status=nonsense").status_code == 200


def test_others_things_are_neither_listed_nor_found(clerk_of: ClerkOf, log_in: LogIn) -> None:
    with writing() as session:
        own, foreign = factories.fund(session), factories.fund(session)
    client = log_in(clerk_of(own.organisation_id))
    page = client.get("/desk/funds").text
    assert own.name in page and foreign.name not in page
    for path in ("", "/edit"):
        assert client.get(f"/desk/funds/{foreign.code}{path}").status_code == 404
        assert client.get(f"/desk/funds/ABSENT{path}").status_code == 404
    for step in ("edit", "suspend", "resume", "close"):
        assert client.post(f"/desk/funds/{foreign.code}/{step}", data={"reason": "x"}).status_code == 404
