"""A made-up log, and a citizen who runs the verifier on what it published."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.config import PROJECT
from portal.translog.notes import SigningKey
from portal.translog.tree import inclusion_proof

VERIFIER = PROJECT / "portal" / "translog" / "verify.py"
ORIGIN = "log.example.org"
SALT = bytes(range(32))
SEALED = {"donor": hmac.digest(SALT, '{"consent":false,"name":"李女士"}'.encode(), "sha256").hex()}
# What most entries of these tests have in common.
COMMON = {"organisation": "53440105MJK9999990", "direction": "in", "form": "money", "channel": "bank"}

Leaf = dict[str, Any]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def tree(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: a second opinion, not the portal's own tree."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def signer(name: str = ORIGIN) -> SigningKey:
    return SigningKey(name, Ed25519PrivateKey.generate())


def head_text(leaves: Sequence[bytes], origin: str = ORIGIN) -> str:
    return f"{origin}\n{len(leaves)}\n{base64.b64encode(tree(leaves)).decode()}\n"


def note(text: str, *signers: SigningKey) -> str:
    return text + "\n" + "".join(one.sign(text).line() for one in signers)


class Log:
    """A log in the making; it keeps the totals that its leaves state."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.totals: dict[str, dict[str, int]] = {}
        self.moved: set[str] = set()
        self.entries = 0

    def add(self, kind: str, day: int = 1, **more: object) -> Leaf:
        leaf = {"v": 1, "seq": len(self.leaves), "kind": kind, "date": f"2024-03-{day:02d}", **more}
        self.leaves.append(leaf)
        return leaf

    def entry(self, kind: str, fen: int, lines: list[tuple[str, int, str]], **more: object) -> Leaf:
        self.entries += 1
        for account, amount, fund in lines:
            total = self.totals.setdefault(fund, {"in": 0, "out": 0})
            self.moved.add(fund)
            if account.startswith("1"):
                total["in" if amount > 0 else "out"] += abs(amount)
        stated = {
            "no": f"E-2024-{self.entries:06d}",
            "booked": "2024-03-01",
            "published": "2024-03-01",
            "sealed": SEALED,
            "fund": lines[0][2],
            "fen": fen,
            "lines": [{"account": account, "fen": amount, "fund": fund} for account, amount, fund in lines],
            "after": {fund: dict(self.totals[fund]) for _, _, fund in lines},
        }
        return self.add(kind, **{**COMMON, **stated, **more})

    def gift(self, fund: str, fen: int) -> Leaf:
        return self.entry("donation", fen, [("1002", fen, fund), ("410101", -fen, fund)])

    def payout(self, fund: str, fen: int) -> Leaf:
        lines = [("5101", fen, fund), ("1002", -fen, fund)]
        return self.entry("disbursement", fen, lines, direction="out")

    def arrival(self, of: Leaf, fen: int, **more: object) -> Leaf:
        return self.add("arrival", 2, no=of["no"], published="2024-03-02", fen=fen, **more)

    def transfer(self, giving: str, taking: str, fen: int) -> Leaf:
        lines = [("1002", -fen, giving), ("5101", fen, giving)]
        lines += [("1002", fen, taking), ("410101", -fen, taking)]
        return self.entry("transfer", fen, lines)

    def reversal(self, of: Leaf) -> Leaf:
        lines = [(one["account"], -one["fen"], one["fund"]) for one in of["lines"]]
        return self.entry("reversal", -of["fen"], lines, reverses=of["no"], direction=of["direction"])

    def close(self, day: int) -> Leaf:
        funds = {fund: dict(self.totals[fund]) for fund in self.moved}
        self.moved.clear()
        return self.add("close", day, entries=self.entries, funds=funds)

    def lines(self) -> list[bytes]:
        return [canonical(leaf) for leaf in self.leaves]


@dataclass(frozen=True)
class Answer:
    """What the verifier said, and its exit code."""

    code: int
    said: str

    @property
    def lines_at_fault(self) -> list[str]:
        return [line for line in self.said.splitlines() if line.startswith("第")]

    @property
    def words(self) -> list[str]:
        """The keywords of all problems that are not those of a line."""
        return [line.split(" ")[0] for line in self.said.splitlines() if not line.startswith("第")]


@dataclass
class Citizen:
    """Somebody with a folder of files from the log, who knows its key."""

    folder: Path
    signer: SigningKey = field(default_factory=signer)

    def keep(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def keep_head(self, name: str, leaves: Sequence[bytes]) -> Path:
        return self.keep(name, note(head_text(leaves), self.signer))

    def keep_entries(self, lines: Sequence[bytes]) -> Path:
        return self.keep("entries.jsonl", b"".join(line + b"\n" for line in lines))

    def verify(self, shown: Sequence[bytes], *more: Path | str, **other: Any) -> Answer:
        """Check what is shown; unless told otherwise, that was signed, and is checked with the log's key."""
        head = self.keep_head("newest", other.get("signed", shown))
        key = other.get("key", self.signer.verifier.line())
        return self.run(key, head, self.keep_entries(shown), *more)

    def run(self, *words: Path | str) -> Answer:
        command = [sys.executable, "-I", VERIFIER, *words]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        # A problem is said in words, never by a traceback.
        assert "Traceback" not in done.stderr
        return Answer(done.returncode, done.stdout)

    def receipt(self, leaves: Sequence[bytes], index: int, /, **other: object) -> Path:
        path = inclusion_proof(
            index, len(leaves), lambda level, at: tree(leaves[at << level : at + 1 << level])
        )
        content = {
            "leaf": leaves[index].decode(),
            "index": index,
            "tree_size": len(leaves),
            "hashes": [base64.b64encode(one).decode() for one in path],
            "checkpoint": note(head_text(leaves), self.signer),
            **other,
        }
        return self.keep("receipt.json", json.dumps(content))
