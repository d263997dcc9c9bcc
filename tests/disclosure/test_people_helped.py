"""What the public reads of people helped: a group and a number, and no small group in any table."""

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.beneficiaries import public_words
from portal.db import writing
from portal.disclosure import people_helped
from portal.periods import today
from portal.registry.models import Fund, Project
from portal.spending.models import DisbursementKind
from tests import factories, gifts


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 10_000_000)
    return made


@pytest.fixture
def project(session: Session, fund: Fund) -> Project:
    with writing() as writer:
        return factories.project(writer, organisation_id=fund.organisation_id)


def help_some(fund: Fund, project: Project, group: str, people: int) -> str:
    posted = gifts.posted_payout(fund, 1_000, project=project.code, recipient=group, beneficiary_count=people)
    assert posted.entry is not None
    return posted.entry.entry_no


def test_an_entry_tells_the_group_and_how_many(client: FlaskClient, fund: Fund, project: Project) -> None:
    number = help_some(fund, project, "困难家庭学生", 12)
    assert "12 名困难家庭学生" in client.get(f"/ledger/{number}").text


def test_of_fewer_than_five_nobody_is_told_how_many_they_are_anywhere(
    client: FlaskClient, fund: Fund, project: Project
) -> None:
    for kind, group in ((DisbursementKind.AID, "孤寡老人"), (DisbursementKind.GRANT, "某某小学")):
        gifts.posted_payout(
            fund, 1_000, kind=kind, project=project.code, recipient=group, beneficiary_count=4
        )
    entries = client.get("/api/v1/ledger?direction=out").json["entries"]
    assert [one["beneficiary_count"] for one in entries] == [None, None]
    (aid,) = [one["entry_no"] for one in entries if one["recipient"] == "孤寡老人"]
    assert "不足 5 名孤寡老人" in client.get(f"/ledger/{aid}").text
    assert client.get(f"/api/v1/ledger/{aid}").json["beneficiary_count"] is None
    year = today().year
    rows = csv.DictReader(io.StringIO(client.get("/ledger.csv?direction=out").get_data(as_text=True)))
    assert {row["beneficiary_count"] for row in rows} == {""}
    rows = csv.DictReader(io.StringIO(client.get("/ledger/summary.csv?by=recipient").get_data(as_text=True)))
    assert {row["beneficiary_count"] for row in rows} == {""}
    for name in ("csv", "jsonl", "360giving.json", "hledger"):
        given = client.get(f"/open-data/{year}/{'ledger.' if '.' not in name else ''}{name}")
        assert "4 人" not in given.text and "4 名" not in given.text, name
    lines = [json.loads(line) for line in client.get("/ledger.jsonl?direction=out").text.splitlines()]
    assert {one["beneficiary_count"] for one in lines} == {None}
    grants = client.get(f"/open-data/{year}/360giving.json").json["grants"]
    assert grants and all("受益不足 5 人" in one["description"] for one in grants)


def test_the_home_page_does_not_tell_how_few_were_helped(
    client: FlaskClient, fund: Fund, project: Project
) -> None:
    help_some(fund, project, "孤寡老人", 3)
    page = re.sub(r"<[^>]+>|\s+", "", client.get("/").text)
    assert "今年帮助不足5人次" in page


@pytest.mark.parametrize(
    ("count", "program", "words"),
    [
        (None, None, "—"),
        (0, 0, "0"),
        (1, None, "不足 5"),
        (4, None, "不足 5"),
        (5, 5, "5"),
        (1_234, 1_234, "1,234"),
        (-4, None, "不足 5"),
        (-5, -5, "−5"),
    ],
)
def test_one_rule_says_how_many_were_helped(
    session: Session, count: int | None, program: int | None, words: str
) -> None:
    assert (public_words.told(count), public_words.people(count)) == (program, words)


def test_a_grant_tells_no_number_of_its_organisation(client: FlaskClient, fund: Fund) -> None:
    posted = gifts.posted_payout(
        fund, 1_000, kind=DisbursementKind.GRANT, recipient="某某小学", beneficiary_count=3
    )
    page = client.get(f"/ledger/{posted.entry.entry_no}").text
    assert "3 名" not in page and "不足 5" in page


def test_small_groups_of_a_project_are_merged(
    session: Session, client: FlaskClient, fund: Fund, project: Project
) -> None:
    for group, people in (
        ("困难家庭学生", 40),
        ("孤寡老人", 3),
        ("残疾人", 4),
        ("残疾人", 2),
        ("退役军人", 1),
    ):
        help_some(fund, project, group, people)
    cells = people_helped.of_project(session, project.id).cells
    told = {tuple(group for _month, group in cell.keys): cell.people for cell in cells}
    assert told[("困难家庭学生",)] == 40
    assert sorted(told.values()) == [10, 40]
    page = client.get(f"/projects/{project.code}/people").text
    assert "孤寡老人" not in page and "退役军人" not in page and "合计 50 人次" in page


def test_where_all_are_few_no_number_is_told(client: FlaskClient, fund: Fund, project: Project) -> None:
    help_some(fund, project, "孤寡老人", 3)
    page = client.get(f"/projects/{project.code}/people").text
    assert "不足 5" in page and "合计 3" not in page
    assert "累计 不足 5 人次" in client.get(f"/projects/{project.code}").text


def test_what_was_reversed_is_not_counted(session: Session, fund: Fund, project: Project) -> None:
    posted = gifts.posted_payout(fund, 1_000, project=project.code, beneficiary_count=30)
    gifts.reversed_entry(posted.entry)
    assert people_helped.of_project(session, project.id, today().year).cells == []
