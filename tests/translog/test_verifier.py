"""The stand-alone verifier: an honest log passes, and whatever is done to one is called by its name."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.translog import notes
from tests.translog.citizens import (
    ORIGIN,
    SALT,
    VERIFIER,
    Citizen,
    Leaf,
    Log,
    canonical,
    head_text,
    note,
    signer,
)

pytestmark = pytest.mark.one_engine

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
DONOR = {"name": "李女士", "consent": False}
FALSE_ID = f"{ORIGIN}+00000000+AQ{42 * 'A'}"
MOST_KILOBYTES = 50 * 1024

# Linux counts the memory of whoever starts a process as the process's own; so a small one starts the verifier.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-I", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""

Change = Callable[[Any], Any]


@pytest.fixture
def citizen(tmp_path: Path) -> Citizen:
    return Citizen(tmp_path)


@pytest.fixture
def log() -> Log:
    """Two funds over two days, with every kind of leaf; entries stand at 0-3 and 5-8."""
    log = Log()
    log.gift("SCHOOL", 100_000)
    log.gift("HEALTH", 50_000)
    log.payout("SCHOOL", 30_000)
    wrong = log.gift("SCHOOL", 7_000)
    log.close(1)
    log.gift("HEALTH", 60_000)
    log.reversal(wrong)
    log.transfer("HEALTH", "SCHOOL", 10_000)
    log.gift("HEALTH", 2_345)
    log.close(2)
    log.add("policy", 2, policy="names", text="公示期为 30 天。\n\t见“办法”第 3 条\\4")
    log.add("key", 2, key="log.example.org+00000000+AQ==")
    log.add("erasure", 2, of=0)
    log.add("report", 2, report="bill", no="B-2024-03", totals={"opening": 0, "closing": 0})
    return log


def changed(line: bytes, change: Change) -> bytes:
    leaf = json.loads(line)
    change(leaf)
    return canonical(leaf)


def test_an_honest_log_passes_with_its_totals_and_what_is_not_proven(citizen: Citizen, log: Log) -> None:
    answer = citizen.verify(log.lines())
    assert (answer.code, answer.words) == (0, ["OK", "", "", "NOT"])
    assert "14 行，其中 8 笔记录" in answer.said
    assert "SCHOOL  收入 1,170.00  支出 370.00  余额 800.00 元" in answer.said
    assert "HEALTH  收入 1,123.45  支出 100.00  余额 1,023.45 元" in answer.said


@pytest.mark.parametrize("size", range(14))
def test_every_earlier_head_of_the_same_log_passes(citizen: Citizen, log: Log, size: int) -> None:
    assert citizen.verify(log.lines(), citizen.keep_head("old", log.lines()[:size])).code == 0


def test_a_transfer_that_was_reversed_and_a_change_of_purpose_pass(citizen: Citizen, log: Log) -> None:
    log.reversal(log.transfer("HEALTH", "SCHOOL", 1_000))
    lines = [
        ("3901", 500, "HEALTH"),
        ("1002", -500, "HEALTH"),
        ("1002", 500, "HEALTH"),
        ("3901", -500, "HEALTH"),
    ]
    log.entry("purpose_change", 500, lines, direction="out")
    assert citizen.verify(log.lines()).code == 0


CHANGES = {
    "BALANCE": lambda leaf: leaf["lines"][0].update(fen=35_000),
    "AFTER": lambda leaf: [line.update(fen=line["fen"] * 2) for line in leaf["lines"]],
    "AMOUNT": lambda leaf: leaf.update(fen=29_000),
}


@pytest.mark.parametrize("keyword", CHANGES)
def test_a_changed_amount_is_named_once_with_line_and_number(
    citizen: Citizen, log: Log, keyword: str
) -> None:
    honest = log.lines()
    answer = citizen.verify([*honest[:2], changed(honest[2], CHANGES[keyword]), *honest[3:]], signed=honest)
    [fault] = answer.lines_at_fault
    assert fault.startswith("第 2 行：E-2024-000003 ") and keyword in fault
    assert (answer.code, answer.words) == (1, ["REWRITTEN"])


def test_what_arrived_in_parts_and_was_taken_back_passes(citizen: Citizen, log: Log) -> None:
    paid = log.payout("SCHOOL", 10_000)
    wrong = log.arrival(paid, 6_000, sealed={"people": "00"})
    log.arrival(paid, -6_000, takes_back=wrong["seq"])
    log.arrival(paid, 10_000)
    assert citizen.verify(log.lines()).code == 0


ARRIVALS: dict[str, Callable[[Log, Leaf], object]] = {
    "more than was paid": lambda log, paid: log.arrival(paid, 10_001),
    "before it was paid": lambda log, paid: log.arrival(paid, 1, date="2024-02-29"),
    "of no payout": lambda log, paid: log.arrival(log.leaves[0], 1),
    "less than nothing": lambda log, paid: log.arrival(paid, -1),
    "takes back what never came": lambda log, paid: log.arrival(paid, -1, takes_back=3),
    "of a reversed payout": lambda log, paid: [log.reversal(paid), log.arrival(paid, 1)],
    "not taken back before a reversal": lambda log, paid: [log.arrival(paid, 1), log.reversal(paid)],
}


@pytest.mark.parametrize("what", ARRIVALS)
def test_what_cannot_have_arrived_is_named_once(citizen: Citizen, log: Log, what: str) -> None:
    ARRIVALS[what](log, log.payout("SCHOOL", 10_000))
    [fault] = citizen.verify(log.lines()).lines_at_fault
    assert "ARRIVAL" in fault


def test_an_arrival_taken_back_twice_is_named(citizen: Citizen, log: Log) -> None:
    paid = log.payout("SCHOOL", 10_000)
    wrong = log.arrival(paid, 5_000)
    log.arrival(paid, 5_000)
    for _ in range(2):
        log.arrival(paid, -5_000, takes_back=wrong["seq"])
    [fault] = citizen.verify(log.lines()).lines_at_fault
    assert fault.startswith("第 18 行") and "ARRIVAL" in fault


def test_lines_that_balance_only_across_funds_are_named(citizen: Citizen, log: Log) -> None:
    log.entry("transfer", 500, [("1002", -500, "HEALTH"), ("1002", 500, "SCHOOL")])
    [fault] = citizen.verify(log.lines()).lines_at_fault
    assert "BALANCE 基金 HEALTH" in fault and "BALANCE 基金 SCHOOL" in fault


@pytest.mark.parametrize("at", [0, 2, 3, 5, 8])
def test_a_removed_entry_is_named_once(citizen: Citizen, log: Log, at: int) -> None:
    honest = log.lines()
    answer = citizen.verify(honest[:at] + honest[at + 1 :], signed=honest)
    assert answer.lines_at_fault == [f"第 {at} 行：ENTRY MISSING 前面缺了记录：自称第 {at + 1} 条"]
    assert (answer.code, answer.words) == (1, ["ENTRIES"])


def test_a_line_put_in_between_is_named(citizen: Citizen, log: Log) -> None:
    lines = log.lines()
    assert "第 3 行：EXTRA LINE" in citizen.verify([*lines[:3], lines[1], *lines[3:]]).said


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 3), (5, 6), (1, 8), (3, 12)])
def test_a_swapped_pair_is_named_once(citizen: Citizen, log: Log, one: int, other: int) -> None:
    shown = log.lines()
    shown[one], shown[other] = shown[other], shown[one]
    answer = citizen.verify(shown, signed=log.lines())
    assert answer.lines_at_fault == [f"第 {one} 行：SWAPPED 与第 {other} 行对调"]
    assert (answer.code, answer.words) == (1, ["REWRITTEN"])


def test_a_list_shorter_than_its_checkpoint_is_named(citizen: Citizen, log: Log) -> None:
    answer = citizen.verify(log.lines()[:12], signed=log.lines())
    assert (answer.code, answer.words) == (1, ["ENTRIES"])
    assert "newest 签了 14 条" in answer.said and "清单有 12 条" in answer.said


@pytest.mark.parametrize("shown", [9, 14])
def test_a_restored_backup_is_named_with_both_sizes(citizen: Citizen, log: Log, shown: int) -> None:
    """A backup is a good log in itself: only an old checkpoint shows what is gone."""
    old = citizen.keep_head("kept in March", log.lines())
    answer = citizen.verify(log.lines()[:shown], old, signed=log.lines()[:9])
    assert (answer.code, answer.words[0]) == (1, "ENTRIES")
    assert "kept in March 签了 14 条" in answer.said and "newest 签了 9 条" in answer.said


def rewritten(log: Log) -> list[bytes]:
    """The same entries with another amount at line 5, and everything after it made to fit."""
    other = Log()
    other.leaves = log.leaves[:5]
    other.entries, other.totals = 4, {fund: dict(total) for fund, total in log.leaves[4]["funds"].items()}
    other.gift("HEALTH", 6)
    other.reversal(log.leaves[3])
    other.transfer("HEALTH", "SCHOOL", 6)
    other.gift("HEALTH", 2_345)
    other.close(2)
    return other.lines()


def test_rewritten_history_is_placed_between_two_checkpoints(citizen: Citizen, log: Log) -> None:
    assert citizen.verify(rewritten(log)).code == 0  # why people are asked to keep old ones
    old = [citizen.keep_head(f"old{size}", log.lines()[:size]) for size in (9, 5, 3, 7)]
    answer = citizen.verify(rewritten(log), *old)
    assert (answer.code, answer.words, answer.lines_at_fault) == (1, ["REWRITTEN"], [])
    assert "改动在第 5 行至第 6 行之间" in answer.said
    assert "old7（7 条）" in answer.said and "old9（9 条）" in answer.said and "old5（" not in answer.said


def test_a_checkpoint_of_another_log_is_named(citizen: Citizen, log: Log) -> None:
    old = citizen.keep("old", note(head_text(log.lines(), "another.example.org"), citizen.signer))
    assert citizen.verify(log.lines(), old).words == ["SIGNATURE"]


def in_a_second_way(note_of: str) -> str:
    """RFC 8032, 5.1.7: s plus the order of the group would fit the same equation."""
    signed = notes.parse(note_of)
    [first] = signed.signatures
    s = int.from_bytes(first.value[32:], "little") + GROUP_ORDER
    second = replace(first, value=first.value[:32] + s.to_bytes(32, "little"))
    return replace(signed, signatures=(second,)).render()


FORGERIES = [
    lambda honest: note(honest.rpartition("\n\n")[0] + "\n", signer()),
    in_a_second_way,
    lambda honest: honest.replace("\n14\n", "\n13\n"),
    lambda honest: honest.replace(ORIGIN, "other.example.org", 1),
    lambda honest: honest.partition("\n\n")[0] + "\n\n",
    lambda honest: "nothing at all\n",
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_signature_is_named(citizen: Citizen, log: Log, forge: Change) -> None:
    forged = citizen.keep("forged", forge(note(head_text(log.lines()), citizen.signer)))
    answer = citizen.run(citizen.signer.verifier.line(), forged, citizen.keep_entries(log.lines()))
    assert (answer.code, answer.words) == (1, ["SIGNATURE"])
    assert f"SIGNATURE {forged}：" in answer.said


def test_signatures_of_witnesses_and_further_lines_are_passed_over(citizen: Citizen, log: Log) -> None:
    text = head_text(log.lines()) + "a line that a later version may add\n"
    signed = note(text, signer("witness.example.net"), citizen.signer) + f"— other.example.net {'A' * 120}\n"
    assert citizen.verify(log.lines(), citizen.keep("old", signed)).code == 0


def test_old_checkpoints_may_be_signed_by_an_older_key(citizen: Citizen, log: Log) -> None:
    older = signer()
    old = citizen.keep("old", note(head_text(log.lines()[:5]), older))
    keys = citizen.keep("keys", f"{older.verifier.line()}\n{citizen.signer.verifier.line()}\n")
    assert citizen.verify(log.lines(), old, key=keys).code == 0
    assert citizen.verify(log.lines(), old).words == ["SIGNATURE"]


@pytest.mark.parametrize("index", [0, 1, 6, 8])
def test_a_receipt_fits_with_its_private_part(citizen: Citizen, log: Log, index: int) -> None:
    """The receipt was given when the log had nine lines."""
    private = {"donor": {"salt": SALT.hex(), "part": DONOR}}
    receipt = citizen.receipt(log.lines()[:9], index, private=private)
    assert citizen.verify(log.lines(), "--receipt", receipt).code == 0


WRONG_RECEIPTS = [
    {"private": {"donor": {"salt": SALT.hex(), "part": {**DONOR, "name": "王先生"}}}},
    {"private": {"donor": {"salt": bytes(32).hex(), "part": DONOR}}},
    {"private": {"use": {"salt": SALT.hex(), "part": DONOR}}},
    *({"hashes": []}, {"index": 3}, {"index": 99}, {"tree_size": 8}, {"checkpoint": "none"}),
]


@pytest.mark.parametrize("other", WRONG_RECEIPTS)
def test_a_receipt_that_does_not_fit_is_named(citizen: Citizen, log: Log, other: dict[str, object]) -> None:
    receipt = citizen.receipt(log.lines()[:9], 2, **other)
    answer = citizen.verify(log.lines(), "--receipt", receipt)
    assert (answer.code, answer.words) == (1, ["RECEIPT"])


def test_a_receipt_shows_that_its_own_line_was_rewritten(citizen: Citizen, log: Log) -> None:
    receipt = citizen.receipt(log.lines()[:9], 5)
    answer = citizen.verify(rewritten(log), "--receipt", receipt)
    assert answer.words == ["REWRITTEN"]


SPOILT = [
    ("JSON", lambda line: line[:-1]),
    ("Unicode", lambda line: b"\xff" + line),
    ("list", lambda line: b"[]"),
    ("after", lambda line: changed(line, lambda leaf: leaf.pop("after"))),
    ("TypeError", lambda line: changed(line, lambda leaf: leaf["lines"][0].update(fen="1"))),
    ("BAD LINE", lambda line: line + b"x"),
    ("TWICE", lambda line: line.replace(b'"fen":30000', b'"fen":1,"fen":30000', 1)),
    ("TWICE", lambda line: line.replace(b'"in":', b'"in":1,"in":', 1)),
    ("BAD LINE", lambda line: changed(line, lambda leaf: leaf.update(kind="gift"))),
    ("BAD LINE", lambda line: changed(line, lambda leaf: leaf.update(v=2))),
]


@pytest.mark.parametrize(("keyword", "spoil"), SPOILT)
def test_a_bad_line_is_named(citizen: Citizen, log: Log, keyword: str, spoil: Change) -> None:
    lines = log.lines()
    answer = citizen.verify([*lines[:2], spoil(lines[2]), *lines[3:]])
    assert answer.lines_at_fault[0].startswith("第 2 行：") and keyword in answer.lines_at_fault[0]


ONE_FEN = [
    {"account": "1002", "fen": 1, "fund": "SCHOOL"},
    {"account": "410101", "fen": -1, "fund": "SCHOOL"},
]


WRONG = {
    "other lines": (0, {"lines": ONE_FEN}),
    "no entry": (0, {"no": "E-1"}),
    "twice": (3, {}),
    "again": (6, {}),
}


@pytest.mark.parametrize(("index", "other"), WRONG.values(), ids=WRONG)
def test_a_reversal_of_no_entry_is_named(citizen: Citizen, log: Log, index: int, other: Leaf) -> None:
    of = {**log.leaves[index], **other}
    log.reversal(of)
    [fault] = citizen.verify(log.lines()).lines_at_fault
    assert f"REVERSAL 不是 {of['no']} 的镜像" in fault


WRONG_CLOSES = [{"entries": 9}, {"funds": {}}, {"funds": {"HEALTH": {"in": 1, "out": 0}}}]


@pytest.mark.parametrize("wrong", WRONG_CLOSES)
def test_a_close_that_does_not_repeat_its_entries_is_named(citizen: Citizen, log: Log, wrong: Leaf) -> None:
    log.leaves[9].update(wrong)
    [fault] = citizen.verify(log.lines()[:10]).lines_at_fault
    assert fault.startswith("第 9 行：CLOSE")


def test_a_day_without_a_close_is_noted(citizen: Citizen, log: Log) -> None:
    """It stays in the log for ever: a note, not a fault, or one power cut would make every later check fail."""
    log.close(4)
    answer = citizen.verify(log.lines())
    assert answer.code == 0 and "NOTE 有 1 天没有日结" in answer.said


def test_lines_that_are_not_signed_yet_are_noted_and_checked_as_well(citizen: Citizen, log: Log) -> None:
    lines = log.lines()
    answer = citizen.verify(lines, signed=lines[:5])
    assert answer.code == 0 and "NOTE 第 5 行起的 9 行还没有签名" in answer.said
    lines[8] = changed(lines[8], CHANGES["BALANCE"])
    assert "第 8 行：E-2024-000008 BALANCE" in citizen.verify(lines, signed=lines[:5]).said


def test_no_more_is_said_than_people_read(citizen: Citizen, log: Log) -> None:
    answer = citizen.verify([*log.lines(), *[b"?"] * 100])
    assert len(answer.lines_at_fault) == 20 and "MORE" in answer.words


@pytest.mark.parametrize("words", [[], ["key"], [FALSE_ID, VERIFIER, VERIFIER], ["--what"]])
def test_wrong_arguments_are_told_from_a_false_log(citizen: Citizen, words: list[Path | str]) -> None:
    assert citizen.run(*words).code == 2


def test_it_needs_nothing_but_python() -> None:
    nodes = list(ast.walk(ast.parse(VERIFIER.read_text(encoding="utf-8"))))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_two_hundred_thousand_lines_need_little_memory(citizen: Citizen) -> None:
    log, lines = Log(), []
    for number in range(200_000):
        log.gift(f"FUND-{number % 60:02d}", 1 + number % 997)
        # Only the line is kept; all leaves as objects would need a gigabyte.
        lines.append(canonical({**log.leaves.pop(), "seq": number}))
    files = [citizen.keep_head("newest", lines), citizen.keep_entries(lines)]
    command = [sys.executable, "-I", "-c", MEASURE, VERIFIER, citizen.signer.verifier.line(), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 5_000 < int(done.stdout) < MOST_KILOBYTES
