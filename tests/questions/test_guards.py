"""Each guard stops its kind of spam, and lets an old person's slow question through."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.questions import asking, limits
from portal.questions.asking import AlreadyAsked
from portal.questions.guards import LONGEST, SuspectForm
from portal.questions.limits import TooMuchAsked
from portal.questions.models import AskingCount, Question
from portal.refusals import Invalid
from portal.registry.models import Fund
from tests import factories
from tests.questions import asked


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def questions() -> int:
    db.session.rollback()
    return factories.count(db.session(), Question)


def test_a_question_written_over_an_hour_is_taken(fund: Fund) -> None:
    assert asked.ask(asked.about(fund), age=timedelta(hours=1, minutes=10)).question.id


def test_a_form_with_the_unseen_field_filled_in_is_refused(fund: Fund) -> None:
    with pytest.raises(SuspectForm):
        asked.ask(asked.about(fund), trap="https://example.org")
    assert questions() == 0


def test_a_form_sent_within_a_second_is_refused(fund: Fund) -> None:
    with pytest.raises(SuspectForm) as refusal:
        asked.ask(asked.about(fund), age=timedelta(seconds=1))
    assert refusal.value.renew is False
    assert questions() == 0


def test_a_form_opened_days_ago_is_refused(fund: Fund) -> None:
    with pytest.raises(SuspectForm):
        asked.ask(asked.about(fund), age=LONGEST + timedelta(minutes=1))
    assert questions() == 0


@pytest.mark.parametrize("token", ["", "nonsense", "W10.aaaaaa.bbbbbb", "x" * 5_000, "[]"])
def test_a_token_that_we_did_not_sign_is_refused(fund: Fund, token: str) -> None:
    about = asked.about(fund)
    sent = asked.SentForm(token, "", "192.0.2.7")
    with pytest.raises(SuspectForm):
        asked.ask(about, form=sent)
    assert questions() == 0


def test_a_token_of_another_page_is_refused(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    sent = asked.form(asking.purpose_of(asked.about(other)))
    with pytest.raises(SuspectForm):
        asked.ask(asked.about(fund), form=sent)


def test_a_form_sent_twice_is_taken_once_with_the_same_code(fund: Fund) -> None:
    about = asked.about(fund)
    sent = asked.form(asking.purpose_of(about))
    first, second = (asked.ask(about, asked.WORDS, form=sent) for _ in range(2))
    assert (first.question.id, first.code) == (second.question.id, second.code)
    assert questions() == 1


def test_a_token_is_good_for_one_text(fund: Fund) -> None:
    about = asked.about(fund)
    sent = asked.form(asking.purpose_of(about))
    asked.ask(about, asked.WORDS, form=sent)
    with pytest.raises(SuspectForm):
        asked.ask(about, "另外再问一件事可以吗？", form=sent)
    assert questions() == 1


def test_an_address_may_ask_so_often_a_day_and_no_more(fund: Fund) -> None:
    about = asked.about(fund)
    for _ in range(limits.OF_AN_ADDRESS_A_DAY):
        asked.ask(about)
    with pytest.raises(TooMuchAsked):
        asked.ask(about)
    assert asked.ask(about, address="198.51.100.9").question.id
    assert questions() == limits.OF_AN_ADDRESS_A_DAY + 1


def test_a_network_may_ask_so_often_an_hour_and_no_more(fund: Fund) -> None:
    about = asked.about(fund)
    for number in range(limits.OF_A_NETWORK_AN_HOUR):
        asked.ask(about, address=f"192.0.2.{number}")
    with pytest.raises(TooMuchAsked):
        asked.ask(about, address="192.0.2.250")


def test_no_address_is_kept(fund: Fund) -> None:
    asked.ask(asked.about(fund), address="203.0.113.77")
    rows = db.session.query(AskingCount).all()
    assert rows and all("203" not in one.key and len(one.key) == 64 for one in rows)


def test_the_same_question_about_the_same_thing_leads_to_the_first(fund: Fund) -> None:
    about = asked.about(fund)
    first = asked.ask(about, "管理费占了多少？").question
    with pytest.raises(AlreadyAsked) as refusal:
        asked.ask(about, "管理费 占了多少 ? ?")
    assert refusal.value.question_no == first.question_no


def test_the_same_words_under_many_things_are_refused(fund: Fund) -> None:
    with writing() as session:
        funds = [factories.fund(session) for _ in range(asking.MOST_ALIKE_A_DAY + 1)]
    for one in funds[:-1]:
        asked.ask(asked.about(one), "欢迎大家都来关注我们的活动")
    with pytest.raises(Invalid):
        asked.ask(asked.about(funds[-1]), "欢迎大家都来关注我们的活动")


def test_another_site_cannot_send_the_form(client: FlaskClient, fund: Fund) -> None:
    answer = client.post(f"/questions/ask/fund/{fund.code}", data={"words": "从别的网站发来的问题"})
    assert answer.status_code == 422 and "从别的网站发来的问题" in answer.text
    assert questions() == 0


def test_too_much_is_answered_with_429_and_the_words_stay(
    app: Flask, client: FlaskClient, fund: Fund
) -> None:
    address = f"/questions/ask/fund/{fund.code}"
    for number in range(limits.OF_AN_ADDRESS_A_DAY):
        assert asked.send(client, address, words=f"第{number}个问题，请问怎么办？").status_code == 200
    answer = asked.send(client, address, words="再问最后一个问题可以吗？")
    assert answer.status_code == 429 and "再问最后一个问题可以吗？" in answer.text
