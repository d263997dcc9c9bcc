"""The judge of the soak run must be able to find something: each fault that is planted here is seen, by its name."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.soak.commands import Command, What
from bench.soak.desk import Desk
from bench.soak.journal import Journal, lines_of
from bench.soak.judge import Verdict, judge
from bench.soak.scene import Scene, prepared
from portal.db import db
from portal.ledger.models import Entry
from portal.registry.models import Fund
from portal.translog import keys
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import Note
from portal.translog.tree import EMPTY_ROOT
from tests import gifts
from tests.tampering import behind_the_back

TURNS = 16
"""Each of a few commands and a checkpoint."""


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    """Books in which a writer has worked undisturbed."""
    with prepared(database_url, tmp_path / "soak") as scene:
        journal = Journal(journal_of(scene))
        desk = Desk(scene.app, journal, seed=7, shared="shared")
        for _ in range(TURNS):
            desk.work()
        journal.close()
        yield scene


def journal_of(scene: Scene) -> Path:
    return scene.journals / "00001-0.jsonl"


def judged(scene: Scene) -> Verdict:
    return judge(scene, "00001-judge")


def changed(scene: Scene, *statements: str) -> Verdict:
    """What the judge says after somebody changed the database."""
    with scene.app.app_context():
        for statement in statements:
            behind_the_back(statement)
        db.session.remove()
    return judged(scene)


def without_unique_keys(scene: Scene) -> None:
    """Let the table of entries hold any key more than once."""
    file = scene.settings.database_file
    if file is None:
        with scene.app.app_context():
            behind_the_back("ALTER TABLE ledger_entry DROP CONSTRAINT uq_ledger_entry_idempotency_key")
        return
    scene.let_go()
    connection = sqlite3.connect(file)
    [table] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_entry'").fetchone()
    without, found = re.subn(r",\s*CONSTRAINT uq_ledger_entry_idempotency_key UNIQUE \(\w+\)", "", table)
    assert found == 1
    connection.execute("PRAGMA legacy_alter_table=ON")
    connection.execute("ALTER TABLE ledger_entry RENAME TO old_entry")
    connection.execute(without)
    connection.executescript("INSERT INTO ledger_entry SELECT * FROM old_entry; DROP TABLE old_entry")
    connection.close()


def first_entry_again(**other: str) -> str:
    """A statement that enters the first gift once more."""
    values = {
        name: f'"{name}"'
        for name in Entry.__table__.columns.keys()  # noqa: SIM118 - columns are not a mapping
    } | {"id": "9001", "index": "9001", "entry_no": "'E-2026-009001'", "receipt_no": "NULL", **other}
    names = ", ".join(f'"{name}"' for name in values)
    given = ", ".join(values.values())
    return f"INSERT INTO ledger_entry ({names}) SELECT {given} FROM ledger_entry WHERE id = 1"  # noqa: S608


def add_line(scene: Scene, **line: object) -> None:
    with journal_of(scene).open("a") as journal:
        journal.write(json.dumps(line) + "\n")


def test_undisturbed_work_is_clean(scene: Scene) -> None:
    verdict = judged(scene)
    assert verdict.clean, list(verdict.findings())
    assert verdict.entries >= 8 and verdict.checkpoints > 5 and verdict.unanswered == 0
    told = {line["line"] for line in lines_of(journal_of(scene))}
    assert told >= {"ask", "answer", "refusal", "checkpoint"}


def test_a_deleted_entry_is_lost(scene: Scene) -> None:
    verdict = changed(
        scene,
        "DELETE FROM ledger_posting WHERE entry_id = 2",
        "UPDATE donation SET entry_id = NULL, state = 'pending' WHERE entry_id = 2",
        "UPDATE disbursement SET entry_id = NULL, state = 'withdrawn' WHERE entry_id = 2",
        "DELETE FROM ledger_entry WHERE id = 2",
    )
    assert verdict.lost and verdict.unbalanced


def test_a_deleted_document_is_lost(scene: Scene) -> None:
    verdict = changed(
        scene, "DELETE FROM donation WHERE id = (SELECT max(id) FROM donation WHERE entry_id IS NULL)"
    )
    assert verdict.lost


def test_an_entry_that_stands_twice_is_doubled(scene: Scene) -> None:
    without_unique_keys(scene)
    verdict = changed(scene, first_entry_again())
    assert verdict.doubled and verdict.unbalanced


def test_a_document_entered_under_another_key_is_doubled(scene: Scene) -> None:
    verdict = changed(scene, first_entry_again(idempotency_key="'donation:9001'"))
    assert any("more than once" in one for one in verdict.doubled)
    assert any("nobody asked for it" in one for one in verdict.silent)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE entry_id = 1 AND line_no = 1",
        "UPDATE ledger_fund_balance SET balance_fen = balance_fen + 5, in_fen = in_fen + 5",
        "UPDATE ledger_fund_balance SET balance_fen = balance_fen + 5, in_fen = in_fen + 5, "
        "reserved_fen = reserved_fen + 5",
        "UPDATE ledger_receipt_counter SET last = last + 1",
    ],
)
def test_a_changed_figure_is_unbalanced(scene: Scene, statement: str) -> None:
    assert changed(scene, statement).unbalanced


def test_a_changed_amount_is_not_what_was_asked(scene: Scene) -> None:
    verdict = changed(
        scene,
        "UPDATE ledger_posting SET amount_fen = amount_fen * 2 WHERE entry_id = 1",
        "UPDATE ledger_entry SET amount_fen = amount_fen * 2 WHERE id = 1",
    )
    assert any("asked for" in one for one in verdict.silent) and verdict.unbalanced


def test_a_changed_leaf_breaks_the_promise_of_every_later_checkpoint(scene: Scene) -> None:
    other = "convert_to('{}', 'UTF8')" if scene.engine == "postgresql" else "x'7b7d'"
    with scene.app.app_context():
        data = db.session.execute(text('SELECT data FROM log_leaf WHERE "index" = 0')).scalar_one()
    assert bytes(data).startswith(b"{")
    verdict = changed(scene, f'UPDATE log_leaf SET data = {other} WHERE "index" = 0')  # noqa: S608
    assert any("checkpoint" in one for one in verdict.silent)


def test_a_missing_leaf_is_seen(scene: Scene) -> None:
    verdict = changed(scene, 'DELETE FROM log_leaf WHERE "index" = 3')
    assert verdict.silent and verdict.unbalanced


@pytest.mark.one_engine
def test_a_gift_nobody_asked_for_is_silent(scene: Scene) -> None:
    with scene.app.app_context():
        gifts.gift(db.session.query(Fund).first())
    assert any("nobody asked for it" in one for one in judged(scene).silent)


@pytest.mark.one_engine
def test_an_acknowledgement_of_nothing_is_lost(scene: Scene) -> None:
    add_line(scene, line="answer", what="gift", key="never sent", number="D-2026-000999")
    assert any("never sent" in one for one in judged(scene).lost)


@pytest.mark.one_engine
def test_another_number_than_was_acknowledged_is_lost_and_doubled(scene: Scene) -> None:
    first = next(line for line in lines_of(journal_of(scene)) if line["line"] == "answer")
    add_line(scene, **first | {"number": "D-2026-000999"})
    verdict = judged(scene)
    assert verdict.lost and verdict.doubled


@pytest.mark.one_engine
def test_what_was_refused_and_is_stored_is_silent(scene: Scene) -> None:
    lines = list(lines_of(journal_of(scene)))
    answers = [number for number, line in enumerate(lines) if line["line"] == "answer"]
    last = lines[answers[-1]]
    for number in answers:
        if (lines[number]["what"], lines[number]["key"]) == (last["what"], last["key"]):
            lines[number] = {"line": "refusal", "what": last["what"], "key": last["key"], "why": "Forged"}
    journal_of(scene).write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert any("it was refused" in one for one in judged(scene).silent)


@pytest.mark.one_engine
@pytest.mark.parametrize("forger", ["the portal's own key", "another key"])
def test_a_forged_checkpoint_is_a_broken_promise(scene: Scene, forger: str) -> None:
    [key] = keys.read(scene.settings.signing_key)
    signing = key if forger == "the portal's own key" else keys.generate(key.name)
    note_text = Checkpoint(key.name, 4, EMPTY_ROOT).text()
    add_line(scene, line="checkpoint", note=Note(note_text, (signing.sign(note_text),)).render())
    assert any("checkpoint" in one for one in judged(scene).silent)


@pytest.mark.one_engine
def test_what_was_not_answered_is_sent_again(scene: Scene) -> None:
    """Once a command that had been stored, and once one that never arrived; and the end of a line cut off."""
    lines = journal_of(scene).read_bytes().splitlines(keepends=True)
    answer = max(number for number, line in enumerate(lines) if json.loads(line)["line"] == "answer")
    named = json.loads(lines[answer])
    asked = next(
        number
        for number, line in enumerate(lines)
        if json.loads(line)["line"] == "ask" and json.loads(line)["key"] == named["key"]
    )
    again = [line for line in lines if json.loads(line).get("key") != named["key"]]
    journal_of(scene).write_bytes(b"".join([*again, lines[asked]]))
    journal = Journal(journal_of(scene))
    stated = json.loads(lines[0])["command"]["stated"]
    with scene.app.app_context():
        fund = db.session.query(Fund.code).limit(1).scalar()
    journal.asks(Command(What.GIFT, "never arrived", fund, "in", 100, stated))
    journal.close()
    with journal_of(scene).open("ab") as file:
        file.write(b'{"line": "answer", "what": "gift", "key": "never arr')
    verdict = judged(scene)
    assert verdict.clean, list(verdict.findings())
    assert (verdict.unanswered, verdict.unanswered_stored) == (2, 1)
    assert judged(scene).unanswered == 0
