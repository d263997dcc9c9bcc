"""Staff answer in public and in time; two at once do not talk over each other; nobody withholds alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db, writing
from portal.periods import noon, today
from portal.questions import answering, asking, listing, withholding
from portal.questions.asking import Asking
from portal.questions.codes import WrongTrackingCode
from portal.questions.models import Question, QuestionTurn, WithheldReason
from portal.questions.public import PublicQuestion, QuestionState
from portal.questions.subjects import About
from portal.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from portal.registry.models import Fund
from portal.staff import audit
from portal.staff.models import StaffMember
from tests import factories, people
from tests.people import ClerkOf
from tests.questions import asked

ASKED_ON = date(2026, 9, 7)


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


@pytest.fixture
def about(fund: Fund) -> About:
    return asked.about(fund)


def seen(question: Question) -> PublicQuestion:
    """The question as the public sees it now."""
    db.session.rollback()
    return listing.one(db.session(), question.question_no)


def on(day: date) -> time_machine.travel:
    return time_machine.travel(noon(day), tick=True)


def test_an_answer_is_public_with_organisation_function_and_day(about: About, clerk: StaffMember) -> None:
    question = asked.ask(about).question
    answering.answer(question.id, clerk, 1, "用在助学上，名单已经公示。", "k")
    shown = seen(question)
    assert [turn.words for turn in shown.turns][1] == "用在助学上，名单已经公示。"
    assert shown.turns[1].function is clerk.role and shown.turns[1].said_on == today()
    assert shown.state is QuestionState.ANSWERED and shown.clock is None
    assert clerk.display_name not in str(shown)


def test_words_come_out_by_themselves_when_nobody_looks_for_a_working_day(about: About) -> None:
    with on(ASKED_ON):
        question = asked.ask(about, "为什么没有公布？").question
        assert seen(question).first.hidden
    with on(ASKED_ON + timedelta(days=1)):
        assert seen(question).first.words is None
    with on(ASKED_ON + timedelta(days=2)):
        assert seen(question).first.words == "为什么没有公布？"


def test_words_are_seen_at_once_when_somebody_looked(about: About, clerk: StaffMember) -> None:
    question = asked.ask(about, "为什么没有公布？").question
    answering.show(question.id, clerk, 1)
    assert seen(question).first.words == "为什么没有公布？"
    with pytest.raises(Conflict):
        answering.show(question.id, clerk, 1)


def test_a_question_is_late_after_five_working_days_and_stays_so(about: About, clerk: StaffMember) -> None:
    question = asked.asked_on(about, ASKED_ON)
    with on(date(2026, 9, 14)):
        assert seen(question).state is QuestionState.WAITING
    with on(date(2026, 9, 16)):
        waiting = seen(question)
        assert waiting.state is QuestionState.LATE and waiting.clock is not None
        assert waiting.clock.days_late == 2
        answering.answer(question.id, clerk, 1, "抱歉，答复晚了。", "k")
        assert seen(question).answered_late


def test_of_two_answers_at_once_one_counts_and_the_other_is_told(app: Flask, about: About) -> None:
    question = asked.ask(about).question
    question_id, number = question.id, question.question_no
    clerks = [people.clerk().id, people.second_reviewer().id]

    def answer(by_id: int) -> str:
        with app.app_context():
            try:
                by = db.session.get_one(StaffMember, by_id)
                answering.answer(question_id, by, 1, f"第 {by_id} 位的答复", f"key-{by_id}")
            except Refusal as refusal:
                return type(refusal).__name__
            finally:
                db.session.remove()
        return "answered"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, clerks)) == ["Conflict", "answered"]
    db.session.rollback()
    assert len(listing.one(db.session(), number).turns) == 2


def test_an_answer_sent_twice_stands_once(about: About, clerk: StaffMember) -> None:
    question = asked.ask(about).question
    for _ in range(2):
        answering.answer(question.id, clerk, 1, "用在助学上。", "same")
    assert factories.count(db.session(), QuestionTurn) == 2


@pytest.mark.parametrize("words", ["", " ", "请打 13800138000", "打到 6222020000000000001", "长" * 1_001])
def test_an_answer_is_neither_empty_nor_endless_and_names_no_private_number(
    about: About, clerk: StaffMember, words: str
) -> None:
    question = asked.ask(about).question
    with pytest.raises(Invalid):
        answering.answer(question.id, clerk, 1, words, "k")
    assert seen(question).state is QuestionState.WAITING


def test_staff_of_another_organisation_find_no_question(about: About, clerk_of: ClerkOf) -> None:
    question = asked.ask(about).question
    with writing() as session:
        stranger = clerk_of(factories.organisation(session).id)
    with pytest.raises(NotFound):
        answering.answer(question.id, stranger, 1, "不归我管。", "k")
    assert listing.count_to_answer(db.session(), stranger) == 0
    assert listing.count_to_answer(db.session(), clerk_of(about.organisation_id)) == 1


def test_the_asker_may_ask_twice_more_and_only_with_the_code(about: About, clerk: StaffMember) -> None:
    first = asked.ask(about)
    number = first.question.question_no

    def more(code: str, words: str) -> None:
        asking.follow_up(number, code, Asking(words), asked.form(f"more:{number}"), asked.secret())

    with pytest.raises(Conflict):
        more(first.code, "还没有答复就追问")
    answering.answer(first.question.id, clerk, 1, "用在助学上。", "a1")
    with pytest.raises(WrongTrackingCode):
        more("AAAAAAAAAA", "别人来追问可以吗")
    more(f" {first.code[:5].lower()}-{first.code[5:]} ", "具体是哪些学校？")
    assert seen(first.question).state is QuestionState.WAITING
    answering.answer(first.question.id, clerk, 3, "辖区内三所小学。", "a2")
    more(first.code, "名单在哪里看？")
    answering.answer(first.question.id, clerk, 5, "名单不公开，只公布人数。", "a3")
    with pytest.raises(Conflict):
        more(first.code, "还想再追问一次")
    assert len(seen(first.question).turns) == 6


def test_withholding_takes_two_and_the_public_reads_why(
    about: About, clerk: StaffMember, reviewer: StaffMember
) -> None:
    question = asked.ask(about, "楼上那家的孩子也领了钱吗？").question
    withholding.propose(question.id, clerk, 1, WithheldReason.PRIVACY, "说到了一户人家")
    assert seen(question).state is QuestionState.WAITING
    withholding.uphold(question.id, reviewer)
    shown = seen(question)
    assert shown.state is QuestionState.WITHHELD
    assert (shown.first.words, shown.first.withheld) == (None, WithheldReason.PRIVACY)
    actions = [one.action for one in audit.of_subject(db.session(), "question", question.id)]
    assert actions == ["question.asked", "question.withholding_proposed", "question.withheld"]


def test_who_proposed_it_does_not_decide_it(about: About, reviewer: StaffMember) -> None:
    question = asked.ask(about).question
    withholding.propose(question.id, reviewer, 1, WithheldReason.INSULT, "骂人")
    with pytest.raises(Forbidden):
        withholding.uphold(question.id, reviewer)
    withholding.uphold(question.id, people.second_reviewer())


def test_words_whose_withholding_nobody_decides_come_out_when_the_answer_is_due(
    about: About, clerk: StaffMember
) -> None:
    with on(ASKED_ON):
        question = asked.ask(about, "难回答的问题是什么？").question
        withholding.propose(question.id, clerk, 1, WithheldReason.OFF_TOPIC, "不想回答")
    with on(question.due_on):
        assert seen(question).first.hidden
    with on(question.due_on + timedelta(days=1)):
        shown = seen(question)
        assert shown.first.words == "难回答的问题是什么？" and shown.state is QuestionState.LATE


def test_a_refused_withholding_shows_the_words_and_is_not_asked_for_again(
    about: About, clerk: StaffMember, reviewer: StaffMember
) -> None:
    question = asked.ask(about, "管理费为什么这么高？").question
    withholding.propose(question.id, clerk, 1, WithheldReason.OFF_TOPIC, "不想回答")
    with pytest.raises(Conflict):
        answering.answer(question.id, clerk, 1, "先答复试试。", "k")
    withholding.refuse(question.id, reviewer, "问的正是账目")
    assert seen(question).first.words == "管理费为什么这么高？"
    with pytest.raises(Conflict):
        withholding.propose(question.id, clerk, 1, WithheldReason.INSULT, "换个理由")


def test_a_mistake_in_an_answer_is_withheld_and_the_question_stays_answered(
    about: About, clerk: StaffMember, reviewer: StaffMember
) -> None:
    question = asked.ask(about).question
    answering.answer(question.id, clerk, 1, "发给了住在三楼的老李。", "k")
    withholding.propose(question.id, clerk, 2, WithheldReason.PRIVACY, "写了受助人")
    withholding.uphold(question.id, reviewer)
    shown = seen(question)
    assert shown.turns[1].words is None and shown.state is QuestionState.ANSWERED


@pytest.mark.parametrize("turn", [0, 2, 99])
def test_nothing_is_withheld_that_was_not_said(about: About, clerk: StaffMember, turn: int) -> None:
    question = asked.ask(about).question
    with pytest.raises(NotFound):
        withholding.propose(question.id, clerk, turn, WithheldReason.INSULT, "没有这一段")


def test_the_database_refuses_to_change_or_delete_what_was_said(about: About, clerk: StaffMember) -> None:
    question = asked.ask(about).question
    answering.answer(question.id, clerk, 1, "用在助学上。", "k")
    deeds: list[Callable[[object], object]] = [
        lambda session: session.query(QuestionTurn).update({"words": "改过的话"}),  # type: ignore[attr-defined]
        lambda session: session.query(QuestionTurn).delete(),  # type: ignore[attr-defined]
    ]
    for deed in deeds:
        with pytest.raises(Exception, match="append-only"), writing() as session:
            deed(session)
