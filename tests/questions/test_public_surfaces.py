"""What must not be public is on no page, in no feed, no answer of the API, no search, no leaf and no file."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.db import db, writing
from portal.periods import noon, now, today
from portal.questions import answering, listing, withholding
from portal.questions.figures import by_organisation, figures
from portal.questions.leaves import asked_document, doubtful_questions
from portal.questions.models import Question, QuestionTurn, WithheldReason
from portal.questions.numbers import note_lost
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from portal.translog import publishing
from portal.translog.appending import append
from portal.translog.beginning import signer_of
from portal.translog.canonical import canonical, seal
from portal.translog.models import Leaf
from portal.translog.verification import verify_log
from tests import factories
from tests.questions import asked

CANARY = "住在三楼的欧阳老师"


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def surfaces(client: FlaskClient, fund: Fund, question: Question) -> dict[str, str]:
    """Every public surface that speaks of questions or of what they are about."""
    addresses = (
        "/",
        "/questions",
        f"/questions?kind=fund&number={fund.code}",
        f"/questions/{question.question_no}",
        f"/questions/{question.question_no}/more",
        f"/complaints/questions/{question.question_no}",
        "/questions/feed.atom",
        "/feed.atom",
        f"/funds/{fund.code}",
        f"/funds/{fund.code}/feed.atom",
        "/api/v1/questions",
        f"/api/v1/questions/{question.question_no}",
        f"/search?q={CANARY}",
        f"/ledger?q={CANARY}",
        "/log/entries.jsonl",
        "/sitemap.xml",
        "/complaints",
    )
    pages = {address: client.get(address) for address in addresses}
    assert {address: page.status_code for address, page in pages.items() if page.status_code != 200} == {}
    return {
        address: page.text.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
        for address, page in pages.items()
    }


def telling(pages: dict[str, str]) -> set[str]:
    return {address for address, words in pages.items() if "欧阳老师" in words and "q=" not in address}


def test_words_that_nobody_looked_at_are_on_no_surface(client: FlaskClient, fund: Fund) -> None:
    question = asked.ask(asked.about(fund), f"{CANARY}也领了钱吗？", nickname="欧阳老师的邻居").question
    assert telling(surfaces(client, fund, question)) == set()
    assert question.question_no in client.get("/questions").text


def test_withheld_words_are_on_no_surface_and_their_reason_is(
    client: FlaskClient, fund: Fund, clerk: StaffMember, reviewer: StaffMember
) -> None:
    question = asked.ask(asked.about(fund), f"{CANARY}也领了钱吗？", nickname="欧阳老师的邻居").question
    answering.show(question.id, clerk, 1)
    assert f"/questions/{question.question_no}" in telling(surfaces(client, fund, question))
    withholding.propose(question.id, clerk, 1, WithheldReason.PRIVACY, f"说到了{CANARY}")
    withholding.uphold(question.id, reviewer)
    assert telling(surfaces(client, fund, question)) == set()
    assert "涉及个人隐私" in client.get("/questions").text
    assert client.get("/api/v1/questions").json["items"][0]["turns"][0]["withheld"] == "privacy"  # type: ignore[index]


@pytest.mark.parametrize(
    "secret", ["13800138000", "１３８ ００１３ ８０００", "440105199003071234", "6222 0200 0000 0000 001"]
)
def test_a_question_with_a_private_number_is_kept_nowhere(
    client: FlaskClient, fund: Fund, secret: str
) -> None:
    answer = asked.send(client, f"/questions/ask/fund/{fund.code}", words=f"请打 {secret} 告诉我结果")
    assert answer.status_code == 422
    assert f"请打 {secret} 告诉我结果" in answer.text and "公开以后收不回来" in answer.text
    db.session.rollback()
    assert factories.count(db.session(), Question) == factories.count(db.session(), QuestionTurn) == 0
    assert all(secret.encode() not in one.data for one in db.session.query(Leaf))


def test_markup_in_an_answer_is_shown_as_text(client: FlaskClient, fund: Fund, clerk: StaffMember) -> None:
    question = asked.ask(asked.about(fund)).question
    answering.answer(question.id, clerk, 1, "<b onclick=x>粗</b> & ]]> 结束", "k")
    page = client.get(f"/questions/{question.question_no}").text
    assert "&lt;b onclick=x&gt;" in page and "<b onclick" not in page
    assert client.get("/questions/feed.atom").status_code == 200


def test_the_log_holds_a_sealed_question_and_the_hash_of_its_answer(
    client: FlaskClient, fund: Fund, clerk: StaffMember
) -> None:
    question = asked.ask(asked.about(fund), "名单在哪里可以看到？").question
    answering.answer(question.id, clerk, 1, "在组织的页面上。", "k")
    document = client.get(f"/api/v1/questions/{question.question_no}").get_json()
    leaves = [json.loads(line) for line in client.get("/log/entries.jsonl").text.splitlines()]
    first, second = (leaves[turn["index"]] for turn in document["turns"])
    salt = bytes.fromhex(document["turns"][0]["salt"])
    assert first["sealed"]["words"] == seal(salt, {"words": "名单在哪里可以看到？", "nickname": ""})
    assert "名单" not in json.dumps(leaves, ensure_ascii=False)
    assert (second["step"], len(second["sha256"])) == ("answered", 64)
    assert list(doubtful_questions(db.session())) == []


@pytest.mark.parametrize("column", ["words", "nickname", "said_at"])
def test_whoever_rewrites_what_was_said_is_found_out(fund: Fund, clerk: StaffMember, column: str) -> None:
    question = asked.ask(asked.about(fund)).question
    answering.answer(question.id, clerk, 1, "在组织的页面上。", "k")
    turn = db.session.query(QuestionTurn).filter_by(number=1).one()
    changed = {"words": "别的话别的话", "nickname": "别人", "said_at": now() - timedelta(days=3)}
    setattr(turn, column, changed[column])
    with db.session.no_autoflush:
        found = [kind for kind, _number, _message in doubtful_questions(db.session())]
    db.session.rollback()
    assert found == ["question"]


def test_whoever_deletes_a_question_is_found_out(fund: Fund) -> None:
    asked.ask(asked.about(fund))
    assert list(doubtful_questions(db.session())) == []
    with writing() as session:
        # As if the row of a second one had been there, and somebody had got past the triggers.
        append(
            session,
            {"kind": "question", "date": "2026-09-05", "no": "Q-2026-000009", "turn": 1, "step": "asked"},
        )
    found = list(doubtful_questions(db.session()))
    assert [kind for kind, _number, _message in found] == ["question"]


def test_a_question_lost_with_an_older_copy_is_noted_and_its_number_never_given_again(fund: Fund) -> None:
    number = asked.ask(asked.about(fund)).question.question_no
    year, last = number.split("-")[1], int(number.rpartition("-")[2])
    with writing() as session:
        append(
            session,
            {"kind": "question", "date": f"{year}-09-05", "no": f"Q-{year}-{last + 5:06d}", "turn": 1},
        )
        note_lost(session, f"Q-{year}-{last + 5:06d}")
    assert list(doubtful_questions(db.session())) == []
    assert asked.ask(asked.about(fund)).question.question_no == f"Q-{year}-{last + 6:06d}"


def test_the_verifier_for_everybody_and_the_log_agree_with_questions(
    client: FlaskClient, app: Flask, fund: Fund, clerk: StaffMember, tmp_path: Path
) -> None:
    asked.entry(fund)
    question = asked.ask(asked.about(fund)).question
    answering.answer(question.id, clerk, 1, "在组织的页面上。", "k")
    publishing.publish(signer_of(app.config["PORTAL_SETTINGS"]))
    assert list(verify_log(db.session(), ())) == []
    names = {
        "verify.py": "/log/verify.py",
        "key": "/log/key",
        "head": "/checkpoint",
        "list": "/log/entries.jsonl",
    }
    for name, address in names.items():
        (tmp_path / name).write_bytes(client.get(address).data)
    words = [sys.executable, *(str(tmp_path / name) for name in names)]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_figures_count_what_was_asked_answered_late_and_withheld(
    fund: Fund, clerk: StaffMember, reviewer: StaffMember
) -> None:
    about, day = asked.about(fund), today()
    timely = asked.asked_on(about, day - timedelta(days=60))
    late = asked.asked_on(about, day - timedelta(days=59))
    for question, days_ago in ((timely, 58), (late, 30)):
        with time_machine.travel(noon(day - timedelta(days=days_ago)), tick=True):
            answering.answer(question.id, clerk, 1, "答复在这里。", f"k{days_ago}")
    asked.asked_on(about, day - timedelta(days=20))
    asked.ask(about)
    withheld = asked.ask(about).question
    withholding.propose(withheld.id, clerk, 1, WithheldReason.INSULT, "骂人")
    withholding.uphold(withheld.id, reviewer)
    found = figures(db.session())
    assert (found.asked, found.answered, found.in_time, found.late, found.withheld, found.waiting) == (
        5,
        2,
        1,
        2,
        1,
        2,
    )
    assert found.median_days is not None and found.median_days > 0
    [own] = by_organisation(db.session())
    assert (own.figures.asked, own.figures.late) == (5, 2)


def test_questions_are_filtered_and_paged_without_a_gap(client: FlaskClient, fund: Fund) -> None:
    about = asked.about(fund)
    numbers = [asked.ask(about, address=f"192.0.{at}.1").question.question_no for at in range(7)]
    read: list[str] = []
    after = ""
    for _ in range(4):
        page = client.get(f"/api/v1/questions?kind=fund&number={fund.code}&limit=2{after}").get_json()
        read += [one["question_no"] for one in page["items"]]
        after = f"&after={page['next']}"
        if page["next"] is None:
            break
    assert read == numbers[::-1]
    assert client.get("/api/v1/questions?state=answered").get_json()["items"] == []
    assert client.get("/questions?state=late").status_code == 200


@pytest.mark.parametrize(
    "query", ["state=odd", "kind=person", "after=x", "after=0", "limit=9999", "wrong=1", "number=%00"]
)
def test_a_bad_filter_is_named(client: FlaskClient, fund: Fund, query: str) -> None:
    assert client.get(f"/questions?{query}").status_code == 400
    problem = client.get(f"/api/v1/questions?{query}")
    assert problem.status_code == 400 and problem.get_json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "address",
    [
        "/questions/Q-2026-999999",
        "/questions/ask/fund/NOSUCH",
        "/questions/ask/person/1",
        "/questions/ask/bill/nonsense",
        "/questions/ask/entry/E-2020-000001",
        "/complaints/C-2026-999999",
        "/complaints/about/fund/NOSUCH",
        "/complaints/questions/Q-2026-999999",
        "/questions/" + "x" * 3_000,
        "/questions/ask/entry/%00",
    ],
)
def test_what_is_not_there_answers_404(client: FlaskClient, fund: Fund, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_pages_set_no_cookie_and_forms_are_not_kept(app: Flask, client: FlaskClient, fund: Fund) -> None:
    question = asked.ask(asked.about(fund)).question
    for address in ("/questions", f"/questions/{question.question_no}", f"/questions/ask/fund/{fund.code}"):
        page = client.get(address)
        assert page.status_code == 200 and "Set-Cookie" not in page.headers
    assert client.get(f"/questions/ask/fund/{fund.code}").headers["Cache-Control"] == "no-store"


def test_leaves_of_questions_fit_what_they_were_made_from(fund: Fund) -> None:
    question = asked.ask(asked.about(fund), "长" + "问题" * 240).question
    [turn] = db.session.query(QuestionTurn).filter_by(question_id=question.id)
    assert len(canonical(asked_document(turn))) > 1_000
    assert listing.one(db.session(), question.question_no).first.leaf_index == turn.leaf_index
    assert db.session.execute(text("SELECT count(*) FROM question_turn")).scalar_one() == 1
