"""``portal import`` and ``portal approve``, as scripts call them."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from portal.cli import main
from portal.config import Settings
from portal.db import writing
from portal.imports.models import ImportBatch
from portal.registry.models import Fund
from tests import factories, people
from tests.imports import sheets

pytestmark = pytest.mark.one_engine

KEYS = [
    "rows",
    "accepted",
    "duplicates",
    "rejected",
    "needs_review",
    "total_fen",
    "declared_total_fen",
    "declared_count",
    "problems",
]


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made: Fund = factories.fund(writer)
    return made


@pytest.fixture
def run(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs one command on the test's database."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PORTAL_STORAGE_DIR", str(settings.storage_dir))
    assert isinstance(main, click.Group)

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    path.write_bytes(sheets.csv_file(sheets.small_list()))
    return path


def test_a_dry_run_needs_neither_fund_nor_people_and_writes_nothing(
    run: Any, file: Path, session: Session
) -> None:
    done = run("import", "donations", str(file), "--dry-run", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert list(found) == KEYS
    assert [found[key] for key in KEYS] == [3, 3, 0, 0, 0, 3_300, 3_300, None, []]
    assert factories.count(session, ImportBatch) == 0


def test_a_dry_run_works_before_there_is_a_database(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    done = CliRunner().invoke(main, ["import", "donations", str(file), "--dry-run", "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["rows"] == 3


def test_import_waits_for_another_person(run: Any, file: Path, fund: Fund) -> None:
    maker, checker = people.clerk(), people.reviewer()
    made = json.loads(run("import", "donations", str(file), "--fund", fund.code, "--json").stdout)
    assert (made["state"], made["accepted"]) == ("pending", 3)
    number = str(made["batch"])
    own = run("approve", "--batch", number, "--by", maker.username)
    assert own.exit_code == 1 and own.stderr
    assert run("approve", "--batch", number, "--by", checker.username).exit_code == 0
    assert run("approve", "--batch", number, "--by", checker.username).exit_code == 1
    again = json.loads(run("import", "donations", str(file), "--fund", fund.code, "--json").stdout)
    assert (again["accepted"], again["duplicates"], again["rows"]) == (0, 3, 3)


def test_problems_name_row_column_and_value(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "坏.csv"
    path.write_bytes(
        sheets.csv_file([["捐赠人", "金额", "日期"], ["甲", "1e3", "2026-01-05"], ["合计", "9", ""]])
    )
    found = json.loads(run("import", "donations", str(path), "--dry-run", "--json").stdout)
    assert found["needs_review"] == 1
    bad = next(problem for problem in found["problems"] if problem["row"] == 2)
    assert (bad["column"], bad["value"]) == ("金额", "1e3") and bad["message"]
    assert "1e3" in run("import", "donations", str(path), "--dry-run").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "donations", "{file}"], 2),
        (["import", "donations", "/nowhere.csv", "--dry-run"], 2),
        (["import", "donations", "{file}", "--fund", "NOSUCH"], 1),
        (["import", "donations", "{file}", "--dated", "gestern", "--dry-run"], 2),
        (["approve", "--batch", "999", "--by", "district.reviewer"], 1),
        (["approve", "--batch", "1", "--by", "nobody"], 1),
        (["import", "--help"], 0),
        (["import", "donations", "--help"], 0),
        (["import", "registry", "--help"], 0),
        (["approve", "--help"], 0),
    ],
)
def test_refusals_exit_with_one_and_wrong_usage_with_two(
    run: Any, file: Path, fund: Fund, words: list[str], code: int
) -> None:
    people.clerk(), people.reviewer()
    done = run(*[word.format(file=file) for word in words])
    assert done.exit_code == code
    assert (code == 0) or done.stderr


def test_a_program_called_xlsx_is_refused_in_one_sentence(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(b"MZ\x90" + b"\0" * 300)
    done = run("import", "donations", str(path), "--dry-run", "--json")
    assert done.exit_code == 1 and "程序" in done.stderr and "Traceback" not in done.stderr
