"""Check what a citizen holds in hand, a number or a proof file, and say in plain words what that shows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.public_entries import PublicEntry
from portal.i18n import gettext as _
from portal.ledger.models import Entry
from portal.money import format_yuan
from portal.translog import notes, reading, tree
from portal.translog.checkpoints import Checkpoint
from portal.translog.models import SignedCheckpoint
from portal.translog.notes import Note, NoteError, VerifierKey
from portal.translog.proofs import HEADER, Proof

_LONGEST = 20_000


@dataclass(frozen=True)
class Step:
    """One thing that was checked, and whether it holds."""

    holds: bool
    words: str


@dataclass
class Verdict:
    """What came of a check. ``problem`` is set when nothing could be checked at all."""

    steps: list[Step] = field(default_factory=list)
    problem: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    entry: PublicEntry | None = None
    size: int = 0

    @property
    def holds(self) -> bool:
        """Whether everything that was checked holds."""
        return not self.problem and all(step.holds for step in self.steps)


def check(session: Session, text: str, signed: SignedCheckpoint, keys: Sequence[VerifierKey]) -> Verdict:
    """Check a number of an entry or receipt, a proof file, or the JSON of a proof."""
    text = text.strip()
    if len(text) > _LONGEST:
        return Verdict(problem=_("粘贴的内容太长了，不像一份证明。"))
    if text.startswith((HEADER, "{")):
        try:
            proof = (
                Proof.parse(text.replace("\r\n", "\n") + "\n")
                if text.startswith(HEADER)
                else _from_json(text)
            )
        except NoteError:
            return Verdict(problem=_("这份证明残缺不全，读不出来。请整份复制，或者直接输入编号。"))
        return _of_proof(session, proof, signed, keys)
    if "\n— " in text.replace("\r\n", "\n"):
        return _of_checkpoint(session, text.replace("\r\n", "\n") + "\n", signed, keys)
    number = text.upper()
    index = session.scalar(
        select(Entry.index).where((Entry.entry_no == number) | (Entry.receipt_no == number))
    )
    if index is None:
        return Verdict(problem=_("账本里没有“%(text)s”。请核对编号（E 开头）或回执号。", text=text[:60]))
    if index >= signed.size:
        return Verdict(problem=_("这一笔刚刚入账，还没有签名。请过一分钟再来核对。"))
    return _of_proof(session, reading.prove(session, index, signed), signed, keys)


def _of_checkpoint(
    session: Session, text: str, signed: SignedCheckpoint, keys: Sequence[VerifierKey]
) -> Verdict:
    """A checkpoint alone, as the code on a paper holds it: is it ours, and do today's books continue it?"""
    try:
        note = notes.parse(text)
        head = Checkpoint.parse(note)
    except NoteError:
        return Verdict(problem=_("这份证明残缺不全，读不出来。请整份复制，或者直接输入编号。"))
    return Verdict(steps=[_signature(note, head, keys), _continuation(session, head, signed)], size=head.size)


def _of_proof(
    session: Session, proof: Proof, signed: SignedCheckpoint, keys: Sequence[VerifierKey]
) -> Verdict:
    verdict = Verdict(size=proof.checkpoint().size)
    verdict.steps += _steps(session, proof, signed, keys)
    leaf = _read(proof.leaf)
    verdict.facts = list(_facts(leaf))
    verdict.entry = entries.one(session, str(leaf.get("no", "")))
    return verdict


def _steps(
    session: Session, proof: Proof, signed: SignedCheckpoint, keys: Sequence[VerifierKey]
) -> Iterator[Step]:
    head = proof.checkpoint()
    yield _signature(proof.note, head, keys)
    try:
        tree.verify_inclusion(proof.index, head.size, tree.leaf_hash(proof.leaf), proof.path, head.root)
        yield Step(
            True, _("这一笔就在其中，是第 %(place)s 条，一个字都没有改。", place=f"{proof.index + 1:,}")
        )
    except tree.ProofError:
        yield Step(False, _("这一笔的内容和当时签名的账本对不上。"))
    yield _continuation(session, head, signed)


def _signature(note: Note, head: Checkpoint, keys: Sequence[VerifierKey]) -> Step:
    try:
        notes.verify(note, keys)
    except NoteError:
        return Step(False, _("签名不是这本账的钥匙签的，或者内容被改过。"))
    return Step(True, _("签名是这本账的：当时账本有 %(size)s 条记录。", size=f"{head.size:,}"))


def _continuation(session: Session, head: Checkpoint, signed: SignedCheckpoint) -> Step:
    if head.size <= signed.size and tree.root_at(head.size, reading.subtrees(session)) == head.root:
        words = _(
            "今天的账本（%(size)s 条）仍然以当时那一本开头：没有人改过、删过旧账。", size=f"{signed.size:,}"
        )
        return Step(True, words)
    return Step(
        False, _("今天的账本和当时那一本对不上：旧账被改过，或者恢复了旧备份。请保存好这份证明并举报。")
    )


def _facts(leaf: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the leaf says, for people."""
    if "no" in leaf:
        yield _("编号"), str(leaf["no"])
    yield _("日期"), str(leaf.get("date", ""))
    if isinstance(leaf.get("fen"), int):
        yield _("金额"), _("%(amount)s 元", amount=format_yuan(leaf["fen"]))
    if "fund" in leaf:
        yield _("基金编号"), str(leaf["fund"])
    if "receipt" in leaf:
        yield _("回执号"), str(leaf["receipt"])


def _read(data: bytes) -> dict[str, Any]:
    try:
        leaf = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return leaf if isinstance(leaf, dict) else {}


def _from_json(text: str) -> Proof:
    try:
        given = json.loads(text)
        path = "\n".join(given["hashes"])
        leaf = str(given["leaf"]).encode()
        note = notes.parse(given["checkpoint"])
        empty = Proof(leaf, int(given["index"]), [], note).render()
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise NoteError("not the JSON of a proof") from problem
    head, rest = empty.split("\n\n", 1)
    return Proof.parse(f"{head}\n{path}\n\n{rest}" if path else empty)
