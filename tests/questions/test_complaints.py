"""Anybody may complain to the bureau; the bureau alone reads it, and everybody reads what it found."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.questions import complaints
from portal.questions.complaint_models import Complaint, Finding
from portal.questions.figures import complaint_figures
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.staff.models import Role, StaffMember
from tests import factories, people
from tests.people import LogIn
from tests.questions import asked

WORDS = "这家组织说钱给了学校，学校说没有收到。"


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


@pytest.fixture
def bureau(app_context: None) -> StaffMember:
    return people.member("bureau", Role.BUREAU)


def test_a_complaint_gets_a_case_number_and_its_state_is_public(client: FlaskClient, fund: Fund) -> None:
    page = asked.send(client, f"/complaints/about/fund/{fund.code}", words=WORDS)
    assert page.status_code == 200
    [made] = db.session.query(Complaint).all()
    assert made.case_no in page.text
    state = client.get(f"/complaints/{made.case_no}")
    assert made.due_on.isoformat() in state.text
    assert WORDS not in state.text and fund.name not in state.text
    assert client.get(f"/complaints?no={made.case_no.lower()}").headers["Location"].endswith(made.case_no)


def test_a_complaint_about_an_answer_stands_under_the_question(client: FlaskClient, fund: Fund) -> None:
    question = asked.ask(asked.about(fund)).question
    page = asked.send(client, f"/complaints/questions/{question.question_no}", words=WORDS)
    assert page.status_code == 200
    shown = client.get(f"/questions/{question.question_no}").text
    assert "C-" in shown and "民政部门正在处理" in shown and WORDS not in shown


def test_what_the_bureau_found_is_public_and_final(
    client: FlaskClient, fund: Fund, bureau: StaffMember
) -> None:
    made = asked.complain(asked.about(fund), WORDS)
    complaints.decide(made.id, bureau, Finding.PARTLY, "已责令改正，三日内补登送达。")
    page = client.get(f"/complaints/{made.case_no}").text
    assert "部分属实" in page and "已责令改正" in page and fund.name in page and WORDS not in page
    with pytest.raises(Conflict):
        complaints.decide(made.id, bureau, Finding.UNFOUNDED, "其实没有问题。")
    figures = complaint_figures(db.session())
    assert (figures.made, figures.decided, figures.in_time, figures.late) == (1, 1, 1, 0)


def test_a_complaint_sent_twice_is_one_case(fund: Fund) -> None:
    about = asked.about(fund)
    sent = asked.form(complaints.purpose_of(about))
    numbers = {complaints.complain(about, None, WORDS, sent, asked.secret()).case_no for _ in range(2)}
    assert len(numbers) == 1


@pytest.mark.parametrize("words", ["", "短", "长" * 2_001])
def test_a_complaint_is_neither_empty_nor_endless(fund: Fund, words: str) -> None:
    with pytest.raises(Invalid):
        asked.complain(asked.about(fund), words)


def test_staff_of_the_organisation_do_not_read_complaints(
    log_in: LogIn, fund: Fund, clerk: StaffMember, bureau: StaffMember
) -> None:
    made = asked.complain(asked.about(fund), WORDS)
    assert log_in(clerk).get(f"/desk/complaints/{made.id}").status_code == 403
    desk = log_in(bureau)
    assert WORDS in desk.get(f"/desk/complaints/{made.id}").text
    answer = desk.post(f"/desk/complaints/{made.id}/decide", data={"finding": "", "words": "写了一半的结果"})
    assert answer.status_code == 422 and "写了一半的结果" in answer.text
    done = desk.post(
        f"/desk/complaints/{made.id}/decide", data={"finding": "justified", "words": "已经责令改正。"}
    )
    assert done.status_code == 302
    assert made.case_no in desk.get("/desk/complaints").text


def test_a_complaint_that_waits_too_long_is_counted_late(fund: Fund) -> None:
    made = asked.complain(asked.about(fund), WORDS)
    with asked.time_machine.travel(asked.noon(made.due_on + timedelta(days=1)), tick=True):
        assert complaint_figures(db.session()).late == 1
