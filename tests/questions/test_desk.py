"""The desk: a clerk answers, a colleague's answer in the meantime is not written over, and no word typed is lost."""

import pytest

from portal.db import db, writing
from portal.questions import answering, listing
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, people
from tests.people import LogIn
from tests.questions import asked


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def test_a_clerk_looks_and_answers(log_in: LogIn, fund: Fund, clerk: StaffMember) -> None:
    question = asked.ask(asked.about(fund), "名单在哪里可以看到？").question
    desk = log_in(clerk)
    assert question.question_no in desk.get("/desk/questions").text
    assert question.question_no in desk.get("/desk/queue").text
    address = f"/desk/questions/{question.id}"
    assert "名单在哪里可以看到？" in desk.get(address).text
    assert desk.post(f"{address}/look", data={"turn": 1}).status_code == 302
    answer = desk.post(
        f"{address}/answer", data={"turn": 1, "answer": "在组织的页面上。", "idempotency_key": "k"}
    )
    assert answer.status_code == 302
    assert listing.count_to_answer(db.session(), clerk) == 0


def test_an_answer_that_is_refused_keeps_its_words(log_in: LogIn, fund: Fund, clerk: StaffMember) -> None:
    question = asked.ask(asked.about(fund)).question
    page = log_in(clerk).post(
        f"/desk/questions/{question.id}/answer", data={"turn": 1, "answer": "请打 13800138000 找小陈"}
    )
    assert page.status_code == 422 and "请打 13800138000 找小陈" in page.text


def test_who_answers_second_is_told(log_in: LogIn, fund: Fund, clerk: StaffMember) -> None:
    question = asked.ask(asked.about(fund)).question
    answering.answer(question.id, clerk, 1, "第一位的答复。", "k")
    page = log_in(clerk).post(
        f"/desk/questions/{question.id}/answer", data={"turn": 1, "answer": "第二位的答复。"}
    )
    assert page.status_code == 409


def test_withholding_goes_by_the_queue_of_reviewers(
    log_in: LogIn, fund: Fund, clerk: StaffMember, reviewer: StaffMember
) -> None:
    question = asked.ask(asked.about(fund)).question
    address = f"/desk/questions/{question.id}"
    desk = log_in(clerk)
    wrong = desk.post(f"{address}/withhold", data={"turn": 1, "reason": "awkward", "note": "不好回答"})
    assert wrong.status_code == 422 and "不好回答" in wrong.text
    assert (
        desk.post(f"{address}/withhold", data={"turn": 1, "reason": "insult", "note": "骂人"}).status_code
        == 302
    )
    assert desk.post(f"{address}/uphold").status_code == 403
    checker = log_in(reviewer)
    assert question.question_no in checker.get("/desk/queue").text
    assert checker.post(f"{address}/refuse", data={"reason": ""}).status_code == 422
    assert checker.post(f"{address}/uphold").status_code == 302
    assert listing.one(db.session(), question.question_no).first.withheld is not None


def test_an_auditor_reads_and_changes_nothing(log_in: LogIn, fund: Fund) -> None:
    question = asked.ask(asked.about(fund)).question
    desk = log_in(people.member("auditor", people.Role.AUDITOR))
    assert desk.get(f"/desk/questions/{question.id}").status_code == 200
    for deed in ("answer", "look", "withhold", "uphold", "refuse"):
        assert desk.post(f"/desk/questions/{question.id}/{deed}", data={"turn": 1}).status_code == 403
