"""The command line as scripts use it: exit codes, JSON, and one sentence when something is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from portal.cli import main
from tests import databases, factories

Portal = Callable[..., Result]

pytestmark = pytest.mark.one_engine


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Runs ``portal`` on a database of its own, initialised without a demonstration."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'books.sqlite3'}")
    monkeypatch.setenv("PORTAL_STORAGE_DIR", str(tmp_path / "storage"))

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, list(words), input=typed)

    assert run("init", "--no-demo").exit_code == 0
    return run


def books(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'books.sqlite3'}"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("init",),
        ("serve",),
        ("staff", "add"),
        ("import", "donations"),
        ("import", "registry"),
        ("approve",),
        ("ledger", "verify"),
        ("report", "charity-day"),
        ("report", "bill"),
        ("export",),
    ],
)
def test_every_command_explains_itself(portal: Portal, words: tuple[str, ...]) -> None:
    shown = portal(*words, "--help")
    assert shown.exit_code == 0 and "Usage: " in shown.output


def test_init_is_safe_to_repeat(portal: Portal) -> None:
    again = portal("init", "--no-demo")
    assert again.exit_code == 0 and "ready" in again.output


def test_wrong_usage_is_told_apart_from_a_refusal(portal: Portal) -> None:
    assert portal("staff", "add", "someone").exit_code == 2
    refused = portal("staff", "add", "Not A Name", "--role", "auditor", typed="a-long-enough-phrase\n")
    assert refused.exit_code == 1 and "username" in refused.output


def test_the_first_administrator_comes_from_the_command_line(portal: Portal) -> None:
    made = portal("staff", "add", "first.admin", "--role", "administrator", "--json")
    document = json.loads(made.output)
    assert made.exit_code == 0 and len(document["password"]) > 15
    assert portal("staff", "add", "first.admin", "--role", "administrator").exit_code == 1
    typed = portal(
        "staff", "add", "second.admin", "--role", "administrator", "--json", typed="a-phrase-of-my-own\n"
    )
    assert json.loads(typed.output)["password"] is None


def test_a_list_goes_through_import_and_approval(portal: Portal, tmp_path: Path) -> None:
    _register(portal, tmp_path)
    file = tmp_path / "名单.csv"
    file.write_text(
        "捐赠人,捐赠金额（元）,捐赠日期\n陈某,100.00,2026-03-01\n李某,250.50,2026-03-02\n", "utf-8"
    )
    looked = portal("import", "donations", str(file), "--dry-run", "--json")
    counted = json.loads(looked.output)
    assert (counted["rows"], counted["accepted"], counted["total_fen"]) == (2, 2, 35_050)
    assert {
        "duplicates",
        "rejected",
        "needs_review",
        "declared_total_fen",
        "declared_count",
        "problems",
    } <= counted.keys()
    taken = portal("import", "donations", str(file), "--fund", "HZ0001", "--by", "clerk.one", "--json")
    assert taken.exit_code == 0, taken.output
    batch = str(json.loads(taken.output)["batch"])
    assert portal("approve", "--batch", batch, "--by", "clerk.one").exit_code == 1
    assert portal("approve", "--batch", batch, "--by", "checker.one").exit_code == 0
    answer = portal("ledger", "verify", "--json")
    assert answer.exception is None, answer.exc_info
    verified = json.loads(answer.output)
    assert verified == {"ok": True, "entries": 2, "differences": []}


def test_verify_fails_and_names_what_was_changed_by_hand(portal: Portal, tmp_path: Path) -> None:
    test_a_list_goes_through_import_and_approval(portal, tmp_path)
    engine = create_engine(books(tmp_path))
    with engine.begin() as connection:
        for name in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(
            text("UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE entry_id = 2 AND line_no = 1")
        )
        number = connection.execute(text("SELECT entry_no FROM ledger_entry WHERE id = 2")).scalar_one()
    engine.dispose()
    failed = portal("ledger", "verify", "--json")
    assert failed.exit_code == 1
    assert number in {one["entry_no"] for one in json.loads(failed.output)["differences"]}
    assert number in portal("ledger", "verify").output


def test_a_file_that_is_not_there_is_wrong_usage(portal: Portal) -> None:
    assert portal("import", "donations", "/nowhere.xlsx", "--dry-run").exit_code == 2


def _register(portal: Portal, tmp_path: Path) -> None:
    uscc = factories.uscc(900_001)
    rows = {
        "organisations.csv": f"统一社会信用代码,名称,类型\n{uscc},海珠区某慈善会,慈善会\n",
        "funds.csv": f"编号,名称,类型,慈善组织,设立日期,宗旨或用途\nHZ0001,综合基金,普通基金,{uscc},2020-01-01,济困\n",
    }
    for name, content in rows.items():
        file = tmp_path / name
        file.write_text(content, "utf-8")
        done = portal("import", "registry", str(file))
        assert done.exit_code == 0, done.output
    for name, role in (("clerk.one", "federation_clerk"), ("checker.one", "reviewer")):
        assert portal("staff", "add", name, "--role", role, typed="a-phrase-of-my-own\n").exit_code == 0


def test_the_test_databases_are_migrated_like_real_ones(tmp_path: Path) -> None:
    databases.build(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    assert (tmp_path / "x.sqlite3").stat().st_size > 100_000


def test_the_ledger_is_exported_with_a_manifest_of_hashes(portal: Portal, tmp_path: Path) -> None:
    out = tmp_path / "given" / "away"
    done = portal("export", "csv", "--out", str(out), "--json")
    assert done.exit_code == 0, done.output
    manifest = json.loads(done.output)
    assert manifest["rows"] == 0 and manifest["files"][0]["name"] == "ledger.csv"
    assert (out / "ledger.csv").read_bytes().startswith(b"\xef\xbb\xbfentry_no,index,")
    for name in ("xlsx", "jsonl", "hledger", "beancount", "datapackage"):
        assert portal("export", name, "--out", str(out)).exit_code == 0, name
    assert portal("export", "360giving", "--out", str(out)).exit_code == 1, "there is no grant"
    assert portal("export", "csv", "--out", str(out), "--period", "1999").exit_code == 1
    assert portal("export", "pdf", "--out", str(out)).exit_code == 2
