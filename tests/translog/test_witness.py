"""The witness: it co-signs what continues all it saw and adds up, and calls by name why it does not co-sign."""

import copy
import json
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.translog import keys, notes
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import COSIGNATURE, Note, VerifierKey
from portal.translog.witness import Finding
from portal.watch import witness_cli
from tests.translog.offices import ORIGIN, Log, Office, head_of, honest, served

pytestmark = pytest.mark.one_engine

KEYS_OF_TWO_LOGS = "".join(f"{VerifierKey(name, bytes(32)).line()}\n" for name in (ORIGIN, "other.example"))
KEY_OF_A_WITNESS = VerifierKey(ORIGIN, bytes(32), COSIGNATURE).line()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with served(honest(), tmp_path / "w") as office:
        yield office


def taken_back_from_nothing(log: Log) -> None:
    paid = log.leaves[6]
    log.arrival(paid, 5)
    log.arrival(paid, -4, takes_back=14)


def cosigned_at(note: str, key: VerifierKey) -> list[int | None]:
    found = notes.parse(note)
    return [key.verify(found.text, one) for one in found.signatures if one.key_id == key.key_id]


def test_its_note_verifies_with_its_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    done = office.round(name="witness.example")
    assert (done.witness.name, done.witness.kind) == ("witness.example", COSIGNATURE)
    signed = (office.folder / "checkpoint").read_text()
    [at] = cosigned_at(signed, VerifierKey.parse(done.witness.line()))
    assert abs((at or 0) - time.time()) < 60
    assert (done.head, done.new, done.entries) == (head_of(office.log.lines()), 14, 7)
    assert signed.startswith(office.log.signed()) and done.submitted and office.posted == [signed]
    assert (office.folder / "checkpoints" / "14").read_text() == office.log.signed()
    assert stat.S_IMODE((office.folder / "witness.key").stat().st_mode) == 0o600
    assert office.told == [f"NEW KEY: this witness signs with {done.witness.line()}"]
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    again = office.round(name="another")
    assert (again.witness, again.note.text, again.new) == (done.witness, done.note.text, 0)
    assert cosigned_at(office.posted[1], done.witness) == [4_000_000_000]


@pytest.mark.parametrize("knows_from", [True, False])
@pytest.mark.parametrize("size", range(15))
def test_a_second_round_reads_only_what_is_new(office: Office, size: int, knows_from: bool) -> None:
    office.show(checkpoint=office.log.signed(office.log.lines()[:size]), knows_from=knows_from)
    assert office.round().head.size == size
    office.show(checkpoint="", asked=[])
    done = office.round()
    assert (done.head, done.new, done.entries) == (head_of(office.log.lines()), 14 - size, 7)
    asked = [f"/log/entries.jsonl?from={size}"] if size < 14 else []
    assert office.asked == ["/checkpoint", *asked]
    assert len(cosigned_at(office.posted[-1], done.witness)) == 1


def test_other_witnesses_signatures_stay_and_a_forged_one_of_ours_goes(office: Office) -> None:
    ours, other = office.round().witness, keys.generate("another", COSIGNATURE)
    forged = notes.Signature(ours.name, ours.key_id, bytes(72))
    theirs = other.cosign(head_of(office.log.lines()).text(), 5)
    office.show(checkpoint=notes.parse(office.log.signed()).with_signatures([theirs, forged]).render())
    assert notes.verify(office.round().note, [other.verifier, ours]) == [other.verifier, ours]


SCHOOL, HALF = ("1002", "SCHOOL", 500), [("1002", "SCHOOL", -3_500), ("410101", "SCHOOL", 3_500)]
Change = Callable[[Office], object]
REFUSED: list[tuple[str, Change]] = [
    ("ROLLED BACK: 14 leaves were signed before, 9 are now", lambda o: o.show(lines=o.log.lines()[:9])),
    ("MISSING: 15 leaves were signed, 14 are listed", lambda o: o.sign_also(b"")),
    (r"REWRITTEN: .* \(and BAD LEAF: leaf 14: ", lambda o: [o.sign_also(b""), o.list_also(b"{")]),
    ("OTHER LOG: .* of other.example", lambda o: o.show(checkpoint=o.log.signed(origin="other.example"))),
    ("UNBALANCED: leaf 14", lambda o: o.log.entry("donation", 500, [SCHOOL, ("410101", "SCHOOL", -499)])),
    ("UNBALANCED: leaf 14", lambda o: o.log.entry("transfer", 500, [SCHOOL, ("1002", "HEALTH", -500)])),
    ("UNBALANCED: leaf 14", lambda o: o.log.entry("donation", 0, [])),
    ("BELOW ZERO: leaf 14", lambda o: o.log.payout("SCHOOL", 87_001)),
    ("BELOW ZERO: leaf 14", lambda o: o.log.payout("NEW", 1)),
    ("AFTER: leaf 14", lambda o: o.log.gift("SCHOOL", 1, after={"SCHOOL": {"in": 117_002, "out": 30_000}})),
    ("AFTER: leaf 14", lambda o: o.log.gift("SCHOOL", 1, after={"HEALTH": {"in": 110_000, "out": 60_000}})),
    ("AMOUNT: leaf 14", lambda o: o.log.gift("SCHOOL", 1, fen=2)),
    ("REVERSED TWICE: leaf 15", lambda o: [o.log.reversal(o.log.leaves[3]) for _ in range(2)]),
    ("REVERSED TWICE: leaf 14", lambda o: o.log.reversal(o.log.leaves[4])),
    ("REVERSED TWICE: leaf 14", lambda o: o.log.reversal(o.log.leaves[7])),
    ("REVERSAL: leaf 14", lambda o: o.log.entry("reversal", -3_500, HALF, reverses="E-2024-000002")),
    ("REVERSAL: leaf 14", lambda o: o.log.reversal(o.log.leaves[3], reverses="E-2024-999999")),
    ("ARRIVAL: leaf 14", lambda o: o.log.arrival(o.log.leaves[6], 30_001)),
    ("ARRIVAL: leaf 14", lambda o: o.log.arrival(o.log.leaves[6], 1, date="2024-02-29")),
    ("ARRIVAL: leaf 14", lambda o: o.log.arrival(o.log.leaves[6], -1)),
    ("ARRIVAL: leaf 14", lambda o: o.log.arrival(o.log.leaves[2], 1)),
    ("ARRIVAL: leaf 15", lambda o: [taken_back_from_nothing(o.log)]),
    ("ARRIVAL: leaf 15", lambda o: [o.log.arrival(o.log.leaves[6], 1), o.log.reversal(o.log.leaves[6])]),
    ("ARRIVAL: leaf 15", lambda o: [o.log.reversal(o.log.leaves[6]), o.log.arrival(o.log.leaves[6], 1)]),
    ("NUMBER TWICE: leaf 14", lambda o: o.log.gift("SCHOOL", 1, no="E-2024-000001")),
    ("SEQ: leaf 14", lambda o: o.log.gift("SCHOOL", 1, seq=15)),
    ("SEQ: leaf 14", lambda o: o.log.gift("SCHOOL", 1, seq=13)),
    ("CLOSE: leaf 14", lambda o: o.log.close(entries=6)),
    ("CLOSE: leaf 15", lambda o: o.log.gift("SCHOOL", 1) and o.log.close(funds={})),
    ("CLOSE: leaf 14", lambda o: o.log.close(funds={"SCHOOL": {"in": 117_000, "out": 30_000}})),
    ("BAD LEAF: leaf 14: .* gifts", lambda o: o.log.add("gifts")),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, v=2)),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, date="20240301")),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, no=7)),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, fen=0.5)),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, rate=0.5)),
    ("BAD LEAF: leaf 14", lambda o: o.log.gift("SCHOOL", 1, fen=True)),
    ("BAD LEAF: leaf 14", lambda o: o.list_also(b"{")),
    ("BAD LEAF: leaf 14", lambda o: o.list_also(b"[]")),
    ("BAD LEAF: leaf 14", lambda o: o.list_also(b"[" * 60_000)),
    ("BAD LEAF: a line of more than 65535 bytes", lambda o: o.list_also(b"1" * 300_000)),
    ("NOT CANONICAL: leaf 14", lambda o: o.list_also(b'{"date": "2024-03-01"}')),
    ("NOT CANONICAL: leaf 14", lambda o: o.list_also(b'{"seq":13,"seq":14}')),
    ("BAD LEAF: leaf 14: .* not a key of this log", lambda o: o.log.announce(keys.generate("other.example"))),
    ("BAD LEAF: leaf 14: .* not a key of this", lambda o: o.log.announce(keys.generate(ORIGIN, COSIGNATURE))),
    ("BAD LEAF: leaf 14", lambda o: o.log.add("key", key="books.example+00000000+AQ==")),
    ("UNKNOWN KEY: ", lambda o: o.sign_with(keys.generate(ORIGIN))),
    ("UNKNOWN KEY: ", lambda o: [o.sign_with(keys.generate(ORIGIN)), o.log.announce(o.log.signers[0])]),
    ("BAD CHECKPOINT: .* not fit", lambda o: o.show(checkpoint=o.log.signed().replace("\n14\n", "\n15\n"))),
    ("BAD CHECKPOINT: .* too long", lambda o: o.show(checkpoint="x" * 70_000)),
    ("BAD CHECKPOINT: ", lambda o: o.show(checkpoint="<html>")),
    ("BAD CHECKPOINT: ", lambda o: o.sign("books.example\n")),
    ("BAD CHECKPOINT: ", lambda o: o.sign(f"books.example\n{'9' * 5_000}\nAA==\n")),
    ("STATE LOST: ", lambda o: o.state.unlink()),
    ("STATE: ", lambda o: o.state.write_text("")),
    ("STATE: ", lambda o: o.state.write_text('{"size":1,"frontier":""}')),
    ("STATE: ", lambda o: o.state.write_text('{"size":0,"frontier":""}')),
    ("STATE: .* chmod 600 ", lambda o: (o.folder / "witness.key").chmod(0o640)),
    ("UNREACHABLE: http.*/checkpoint: HTTP Error 301: Moved Permanently$", lambda o: o.show(status=301)),
    ("UNREACHABLE: http.*/checkpoint: ", lambda o: o.server_close()),
]


@pytest.mark.parametrize(("name", "change"), REFUSED)
def test_it_is_refused_by_name_every_time(office: Office, name: str, change: Change) -> None:
    office.round()
    change(office)
    first, second = office.refusal(), office.refusal()
    assert re.match(name, first) and re.match(name, second)


def test_what_arrived_and_was_taken_back_is_cosigned_over_two_rounds(office: Office) -> None:
    paid = office.log.leaves[6]
    first = office.log.arrival(paid, 30_000, sealed={"people": "00"})
    office.round()
    office.log.arrival(paid, -30_000, takes_back=first["seq"])
    office.log.arrival(paid, 10_000)
    assert office.round().new == 2


def test_a_witness_from_before_arrivals_goes_on(office: Office) -> None:
    office.round()
    kept = json.loads(office.state.read_text())
    for name in ("paid", "arrivals", "older"):
        del kept[name]
    office.state.write_text(json.dumps(kept))
    office.log.arrival(office.log.leaves[6], 30_000)
    office.round()
    office.log.arrival(office.log.payout("SCHOOL", 1), 2)
    assert "ARRIVAL" in office.refusal()


def test_a_fork_and_a_rewritten_history_are_refused_and_kept_as_proof(office: Office) -> None:
    office.round()
    office.show(lines=office.log.rewritten())
    assert office.refusal() == office.refusal()
    assert office.refusal().startswith("FORK: 14 leaves were signed twice; ")
    kept = [file.read_text() for file in sorted((office.folder / "checkpoints").iterdir())]
    assert kept == [office.log.signed(), office.log.signed(office.lines)]
    office.log.gift("HEALTH", 1)
    office.show(lines=office.log.rewritten())
    assert re.match("REWRITTEN: the 14 leaves seen earlier and .* are not the 15 ", office.refusal())
    office.show(lines=None)
    assert office.round().head.size == 15


def test_without_a_key_the_first_answer_is_pinned_and_this_is_said(office: Office) -> None:
    office.log.gift("SCHOOL", 1, fen=2)
    assert office.refusal(keys=[]).startswith("AMOUNT: ")
    assert office.told[0].startswith("FIRST USE: ")
    assert office.told[0].endswith(office.log.signers[0].verifier.line())
    office.log.leaves.pop()
    office.sign_with(keys.generate(ORIGIN))
    assert office.refusal().startswith("UNKNOWN KEY: ") and len(office.told) == 1
    assert " is none of those pinned in " in office.refusal(keys=[office.log.signers[0].verifier.line()])


@pytest.mark.parametrize("answer", ["\n", "no key\n", KEY_OF_A_WITNESS, KEYS_OF_TWO_LOGS])
def test_an_answer_that_is_not_the_keys_of_one_log_is_not_pinned(office: Office, answer: str) -> None:
    office.show(keys=answer)
    assert office.refusal(keys=[]).startswith("BAD KEY: ")
    assert not office.state.exists()


@pytest.mark.parametrize("begins", ["before it", "meanwhile", "with a key that no leaf names"])
def test_a_rotation_is_followed(office: Office, begins: str) -> None:
    old, new = office.log.signers[0], keys.generate(ORIGIN)
    if begins == "with a key that no leaf names":
        office.show(log=Log())
        office.sign_with(old)
        office.log.add("erasure", of=0)
    if begins != "meanwhile":
        office.round()
    office.log.announce(new)
    office.sign_with(old, new)
    office.round()
    office.log.gift("SCHOOL", 1)
    office.sign_with(new)
    assert office.round().new == 1


def test_a_key_that_was_retired_before_the_given_one_is_not_trusted(office: Office) -> None:
    old, new = office.log.signers[0], keys.generate(ORIGIN)
    office.log.announce(new)
    office.sign_with(new)
    office.round()
    office.sign_with(old)
    assert office.refusal().startswith("UNKNOWN KEY: ")


@pytest.mark.parametrize("attempt", range(3))
def test_two_rounds_at_once_never_sign_two_heads_of_one_size(office: Office, attempt: int) -> None:
    """Two logs continue what was seen, both signed by the log's key; half of the runs are shown either."""
    office.round()
    ready = threading.Barrier(4)

    def run(url: str) -> str:
        ready.wait()
        try:
            return f"signed {office.round(url=url).head.size}"
        except Finding as finding:
            return str(finding).split(":")[0]

    with served(copy.deepcopy(office.log), office.folder) as other, ThreadPoolExecutor(4) as pool:
        office.log.gift("SCHOOL", 1)
        other.log.gift("HEALTH", 1)
        office.slow = other.slow = True
        done = sorted(pool.map(run, [office.url, other.url] * 2))
    assert done == ["FORK", "FORK", "signed 15", "signed 15"]
    heads = {notes.parse(note).text for note in (*office.posted, *other.posted)}
    assert sorted(Checkpoint.parse(Note(head, ())).size for head in heads) == [14, 15]


DIES = (
    "import os, sys, pathlib, portal.translog.witness as w; w.SigningKey.cosign = lambda *_: os._exit(9); "
    "w.Witness(pathlib.Path(sys.argv[1]), sys.argv[2], print, sys.argv[3:]).round()"
)


def test_killed_between_storing_and_signing_it_signs_the_same_head_next(office: Office) -> None:
    key = office.log.signers[0].verifier.line()
    done = subprocess.run([sys.executable, "-c", DIES, office.folder, office.url, key], check=False)
    assert (done.returncode, "checkpoint" in office.kept(), office.posted) == (9, False, [])
    assert json.loads(office.state.read_text())["size"] == 14
    office.show(lines=office.log.rewritten())
    assert office.refusal().startswith("FORK: ")
    office.show(lines=None)
    assert office.round().head == head_of(office.log.lines())


def test_a_portal_that_does_not_know_it_is_no_finding(office: Office) -> None:
    office.show(answers_post=403)
    done = office.round()
    assert not done.submitted and re.match("NOT SUBMITTED: .*403", office.told[1])
    assert office.told[2].endswith(f"PORTAL_WITNESSES={done.witness.line()}")


def test_a_server_that_trickles_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.translog.witness._ANSWER_SECONDS", -1)
    assert office.refusal().endswith("/checkpoint: the answer takes too long")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org", "example.org", "http:"])
def test_only_addresses_of_the_web_are_asked(office: Office, url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        office.witness(url=url)


def test_its_state_stays_below_ten_megabytes_for_200000_entries(office: Office) -> None:
    for number in range(1_000):
        office.log.gift("SCHOOL", number + 1)
    office.round()
    assert office.state.stat().st_size < 1_000 * 50


def test_it_says_what_it_signed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(office.folder))
    done = CliRunner().invoke(witness_cli.witness_command, [office.url])
    said = "CO-SIGNED: books.example at 14 leaves (14 new, 7 entries in all), root "
    assert done.stdout == f"{said}{head_of(office.log.lines()).root.hex()}; handed in\n"
    assert (office.folder / ".portal-witness" / "127.0.0.1" / "state.json").exists()
    facts = json.loads(office.command("--json", "--no-submit", "--name", "witness.example").stdout)
    key = VerifierKey.parse(facts["witness"])
    assert (facts["ok"], facts["size"], facts["submitted"], key.name) == (True, 14, False, "witness.example")
    assert len(cosigned_at(facts["note"], key)) == 1 and len(office.posted) == 1


def test_it_ends_with_1_and_the_finding_on_standard_error(office: Office) -> None:
    office.command("--key", office.log.signers[0].verifier.line())
    office.show(lines=office.log.lines()[:9])
    done = office.command("--json")
    assert (done.exit_code, done.stderr) == (1, "ROLLED BACK: 14 leaves were signed before, 9 are now\n")
    assert json.loads(done.stdout) == {"ok": False, "finding": done.stderr.rstrip("\n")}
    office.log.add("\x1b[2J" + "x" * 5_000)
    office.show(lines=None)
    said = office.command().stderr
    assert said.startswith("BAD LEAF: ") and "\x1b" not in said and len(said) <= 1_001


@pytest.mark.parametrize("words", [["--key", "nonsense"], ["--name", "two words"], ["--every", "0"]])
def test_it_ends_with_2_when_it_is_used_wrongly(office: Office, words: list[str]) -> None:
    assert office.command(*words).exit_code == 2


def test_it_keeps_watching_after_a_finding(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = iter([office.log.lines()[:9], office.log.lines()])

    def wait(seconds: float) -> None:
        office.show(lines=next(shown, None))
        if office.lines is None or seconds != 60:
            raise KeyboardInterrupt

    monkeypatch.setattr(witness_cli.time, "sleep", wait)
    done = office.command("--every", "60")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["CO-SIGNED", "CO-SIGNED"]
    assert "ROLLED BACK: " in done.stderr
