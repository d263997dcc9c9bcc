"""``/my-gift``: who holds the paper sees the gift and its way; who guesses learns nothing and is slowed down."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db, writing
from portal.donors.models import DonorKind
from portal.giving.consent_models import ConsentHow, NameConsent
from portal.giving.models import Donation
from portal.inquiries import service
from portal.inquiries.models import Inquiry
from portal.inquiries.opening import (
    FAILURES_EVERYWHERE,
    FAILURES_OF_A_NETWORK,
    FAILURES_OF_A_NUMBER,
    Paper,
    TooManyTries,
    WrongCode,
    open_gift,
)
from portal.periods import now, today
from portal.receipts import service as receipts
from portal.receipts.facts import PaperFacts
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.staff.models import LoginThrottle, StaffMember
from portal.staff.throttle import FIRST_WAIT
from tests import factories, gifts, people
from tests.people import LogIn


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def _paper(fund: Fund, amount_fen: int = 10_000, **given: object) -> tuple[Donation, PaperFacts]:
    facts = {"donor_name": "王小明", "donor_kind": DonorKind.PERSON, "donor_phone": "13800138000", **given}
    donation = gifts.posted_gift(fund, amount_fen, **facts)
    return donation, receipts.acknowledge(donation.id, people.clerk())


def _open(client: FlaskClient, number: str, code: str) -> TestResponse:
    return client.post("/my-gift", data={"no": number, "code": code})


def test_number_and_code_open_the_gift_and_its_way(fund: Fund, client: FlaskClient) -> None:
    _donation, paper = _paper(fund)
    paid = gifts.posted_payout(fund, 6_230)
    page = _open(client, paper.number.lower(), f" {paper.lookup_code[:5].lower()}-{paper.lookup_code[5:]} ")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    for words in ("62.30", "37.70", paid.entry.entry_no if paid.entry else "", fund.name):
        assert words in page.text


def test_a_wrong_code_and_an_unknown_number_are_answered_alike(fund: Fund, client: FlaskClient) -> None:
    _donation, paper = _paper(fund)
    wrong = _open(client, paper.number, "AAAAAAAAAA")
    unknown = _open(client, "NOSUCH-2026-000001", "AAAAAAAAAA")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(paper.number, "") == unknown.text.replace("NOSUCH-2026-000001", "")


def test_a_number_is_locked_after_some_failures_whether_it_exists_or_not(fund: Fund) -> None:
    _donation, paper = _paper(fund)
    for number in (paper.number, "NOSUCH-2026-000001"):
        for _ in range(FAILURES_OF_A_NUMBER):
            with pytest.raises(WrongCode):
                open_gift(Paper(number, "AAAAAAAAAA", "192.0.2"))
        with pytest.raises(TooManyTries):
            open_gift(Paper(number, paper.lookup_code, "192.0.2"))


def test_nobody_locks_a_donors_number_from_elsewhere(fund: Fund) -> None:
    _donation, paper = _paper(fund)
    for _ in range(FAILURES_OF_A_NUMBER):
        with pytest.raises(WrongCode):
            open_gift(Paper(paper.number, "AAAAAAAAAA", "192.0.2"))
    assert open_gift(Paper(paper.number, paper.lookup_code, "198.51.100")).id


def test_a_number_guessed_at_from_many_networks_makes_everybody_wait(fund: Fund) -> None:
    _donation, paper = _paper(fund)
    for one in range(FAILURES_EVERYWHERE):
        with pytest.raises(WrongCode):
            open_gift(Paper(paper.number, "AAAAAAAAAA", f"192.0.{one}"))
    with pytest.raises(TooManyTries):
        open_gift(Paper(paper.number, paper.lookup_code, "198.51.100"))
    with time_machine.travel(now() + FIRST_WAIT * 2):
        assert open_gift(Paper(paper.number, paper.lookup_code, "198.51.100")).id


def test_a_network_is_locked_after_many_failures(fund: Fund) -> None:
    _donation, paper = _paper(fund)
    with writing() as session:
        throttle = LoginThrottle(
            key="gift-network:192.0.2", failures=FAILURES_OF_A_NETWORK - 1, last_failure_at=now()
        )
        session.add(throttle)
    with pytest.raises(WrongCode):
        open_gift(Paper("NOSUCH-2026-000001", "AAAAAAAAAA", "192.0.2"))
    with pytest.raises(TooManyTries):
        open_gift(Paper(paper.number, paper.lookup_code, "192.0.2"))
    assert open_gift(Paper(paper.number, paper.lookup_code, "198.51.100")).id


def test_a_void_paper_opens_nothing(fund: Fund, client: FlaskClient) -> None:
    donation, paper = _paper(fund)
    receipts.void(donation.id, people.clerk(), "打印错误")
    assert _open(client, paper.number, paper.lookup_code).status_code == 404


def test_all_gifts_of_the_donor_are_seen_and_nobody_elses(fund: Fund, client: FlaskClient) -> None:
    _first, paper = _paper(fund, 10_000)
    second, _other_paper = _paper(fund, 20_000)
    stranger, _strangers_paper = _paper(fund, 30_000, donor_phone="13900139000")
    page = _open(client, paper.number, paper.lookup_code).text
    assert second.entry is not None and second.entry.entry_no in page
    assert stranger.entry is not None and stranger.entry.entry_no not in page


def test_the_donor_decides_about_the_name(fund: Fund, client: FlaskClient) -> None:
    donation, paper = _paper(fund)
    assert donation.entry is not None
    address = f"/ledger/{donation.entry.entry_no}"
    form = {"no": paper.number, "code": paper.lookup_code}
    assert "王小明" not in client.get(address).text
    assert client.post("/my-gift/consent", data={**form, "shown": "name"}).status_code == 200
    assert "王小明" in client.get(address).text
    client.post("/my-gift/consent", data={**form, "shown": "masked"})
    assert "王小明" not in client.get(address).text and "王" in client.get(address).text
    client.post("/my-gift/consent", data={**form, "shown": ""})
    assert "爱心人士" in client.get(address).text
    records = db.session.query(NameConsent).all()
    assert {one.given_how for one in records} == {ConsentHow.ONLINE} and all(
        one.withdrawn_at for one in records
    )
    wrong = client.post("/my-gift/consent", data={**form, "code": "AAAAAAAAAA", "shown": "name"})
    assert wrong.status_code == 404 and "王小明" not in client.get(address).text


def test_the_paper_is_printed_again_without_counting_as_ours(fund: Fund, client: FlaskClient) -> None:
    donation, paper = _paper(fund)
    answer = client.post("/my-gift/acknowledgement.pdf", data={"no": paper.number, "code": paper.lookup_code})
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    found = receipts.of_donation(db.session(), donation)
    assert found is not None and found.printed == 1


def test_a_question_is_answered_once_within_twenty_days(
    fund: Fund, client: FlaskClient, clerk: StaffMember, log_in: LogIn
) -> None:
    _donation, paper = _paper(fund)
    form = {"no": paper.number, "code": paper.lookup_code, "question": "用到哪里了？"}
    for _ in range(2):
        page = client.post("/my-gift/question", data=form)
        assert page.status_code == 200 and "问题已送到" in page.text
    asked = db.session.query(Inquiry).one()
    assert asked.due_on == today() + timedelta(days=20)
    desk = log_in(clerk)
    assert "用到哪里了" in desk.get("/desk/inquiries").text
    assert desk.post(f"/desk/inquiries/{asked.id}", data={"answer": ""}).status_code == 422
    assert desk.post(f"/desk/inquiries/{asked.id}", data={"answer": "七月发放助学金"}).status_code == 302
    with pytest.raises(Conflict):
        service.answer(asked.id, clerk, "再答一次")
    assert "七月发放助学金" in _open(client, paper.number, paper.lookup_code).text


def test_questions_have_words_and_an_end(fund: Fund) -> None:
    donation, _facts = _paper(fund)
    for words in ("", " ", "长" * (service.LONGEST + 1)):
        with pytest.raises(Invalid):
            service.ask(donation, words)
    for number in range(service.MOST_OPEN):
        service.ask(donation, f"第 {number} 个问题")
    with pytest.raises(Conflict):
        service.ask(donation, "再一个")


def test_a_payout_shows_how_many_gifts_it_came_from_and_no_name(
    fund: Fund, app: Flask, client: FlaskClient
) -> None:
    for _ in range(3):
        _paper(fund, 1_000)
    paid = gifts.posted_payout(fund, 2_500)
    assert paid.entry is not None
    page = client.get(f"/ledger/{paid.entry.entry_no}").text
    assert "来自 3 笔捐赠" in page and "王小明" not in page
