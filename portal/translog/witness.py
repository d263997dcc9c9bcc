"""The witness: a second pair of eyes at another office. It needs no database, and takes nobody's word.

It reads every leaf once and co-signs a head only if that continues all it ever saw and the money adds up
(docs/adr/0011). What it saw is on the disk before its signature leaves it: neither two runs at once nor one that dies
half-way ever sign two heads of which one denies the other.
"""

import base64
import hashlib
import json
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from http.client import HTTPException
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from portal.translog import keys, notes
from portal.translog.canonical import LONGEST_LEAF, canonical
from portal.translog.checkpoints import Checkpoint
from portal.translog.files import locked, write_durably
from portal.translog.notes import COSIGNATURE, ED25519, Note, SigningKey, VerifierKey
from portal.translog.tree import Frontier, leaf_hash

_ENTRY_KINDS = ("donation", "disbursement", "transfer", "purpose_change", "write_off", "sale", "reversal")
_OTHER_KINDS = ("report", "policy", "erasure", "evidence", "question")
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_SILENCE_SECONDS, _ANSWER_SECONDS, _LONGEST_TEXT = 30, 900, 65_536
_Type = TypeVar("_Type")
_Line = tuple[str, str, int]  # account, fund, fen


class Finding(RuntimeError):
    """Why a head is not co-signed: a name in capitals, and a sentence for whoever runs the witness."""


@dataclass(frozen=True)
class Round:
    """What a round came to: the head, how many of its leaves were new, and the note with our signature."""

    head: Checkpoint
    new: int
    entries: int
    note: Note
    witness: VerifierKey
    submitted: bool = False


@dataclass
class _Seen:
    """All that is remembered of a log: who signs it, its right edge, and what its leaves add up to."""

    origin: str
    keys: list[str]
    tree: Frontier = field(default_factory=Frontier.empty)
    announced: bool = False  # one of the keys was, by a leaf: those announced before it were retired
    entries: int = 0
    funds: dict[str, list[int]] = field(default_factory=dict)  # all that came, and all that went
    moved: list[str] = field(default_factory=list)  # funds, since the last close
    numbers: dict[str, str] = field(default_factory=dict)  # each entry's lines; "" if not reversible
    paid: dict[str, list[Any]] = field(default_factory=dict)  # day, amount and what arrived of each payout
    arrivals: dict[str, list[Any]] = field(
        default_factory=dict
    )  # payout, day and amount of what stands, by leaf
    older: bool = False  # it was begun before payouts were remembered

    @classmethod
    def load(cls, text: str) -> "_Seen":
        """As it was kept."""
        kept = {"older": '"paid":' not in text, **json.loads(text)}
        return cls(tree=Frontier.unpack(kept.pop("size"), bytes.fromhex(kept.pop("frontier"))), **kept)

    def dump(self) -> str:
        """To be kept."""
        kept = {**vars(self), "size": self.tree.size, "frontier": self.tree.pack().hex()}
        del kept["tree"]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def extend(self, leaves: Iterator[bytes], head: Checkpoint) -> None:
        """Take in the leaves up to a head; after a finding this holds what nobody should keep."""
        first, broken = self.tree.size, None
        for raw in leaves:
            # A broken rule waits: that these are not the leaves that were signed would be graver news.
            broken = broken or self._finding(raw)
            self.tree.append(leaf_hash(raw))
        also = f" (and {broken})" if broken else ""
        if self.tree.size < head.size:
            raise Finding(f"MISSING: {head.size} leaves were signed, {self.tree.size} are listed{also}")
        if self.tree.root() != head.root:
            seen = f"the {first} leaves seen earlier and those listed since"
            raise Finding(f"REWRITTEN: {seen} are not the {head.size} that were signed{also}")
        if broken:
            raise broken
        self.announced = True

    def _finding(self, raw: bytes) -> Finding | None:
        """The first rule that the next leaf breaks."""
        index = self.tree.size
        try:
            leaf = json.loads(raw, parse_float=int, parse_constant=int)  # int() refuses 1.5 and NaN
            if canonical(leaf) != raw:
                raise Finding("NOT CANONICAL: two readers may read two things in it")
            if _typed(int, leaf["seq"]) != index:
                raise Finding(f"SEQ: it calls itself leaf {leaf['seq']}")
            if _typed(int, leaf["v"]) != 1 or date.fromisoformat(leaf["date"]).isoformat() != leaf["date"]:
                raise ValueError(f"v {leaf['v']}, date {leaf['date']}")
            self._read(leaf)
        except Finding as broken:
            name, _, sentence = str(broken).partition(": ")
            return Finding(f"{name}: leaf {index}: {sentence}")
        except _MALFORMED as problem:
            return Finding(f"BAD LEAF: leaf {index}: {type(problem).__name__}: {problem}")
        return None

    def _read(self, leaf: dict[str, Any]) -> None:
        kind = leaf["kind"]
        if kind in _ENTRY_KINDS:
            lines = [_line(one) for one in leaf["lines"]]
            self._move(leaf, lines)
            self._number(leaf, lines)
        elif kind == "close":
            self._close(leaf)
        elif kind == "arrival":
            self._arrive(leaf)
        elif kind == "key":
            self._announce(VerifierKey.parse(leaf["key"]))
        elif kind not in _OTHER_KINDS:
            raise ValueError(f"kind {kind}")

    def _move(self, leaf: dict[str, Any], lines: Sequence[_Line]) -> None:
        """Lines sum to zero in every fund, and move what it holds to what the leaf says, never below zero."""
        sums, moved = dict.fromkeys((fund for _, fund, _ in lines), 0), 0
        for account, fund, fen in lines:
            sums[fund] += fen
            totals = self.funds.setdefault(fund, [0, 0])
            if account.startswith("10"):  # money: what the fund can pay out
                totals[fen < 0] += abs(fen)
            moved += fen if account.startswith("1") else 0  # any asset: goods and rights count as well
        # What has no value is counted, not summed: it has no lines.
        if any(sums.values()) or (not sums and (leaf["fen"] or leaf.get("form", "money") == "money")):
            raise Finding(f"UNBALANCED: the lines of {leaf['no']} sum to {sums} fen by fund, not to zero")
        if canonical(leaf["after"]) != canonical(after := self._totals(sums)):
            raise Finding(f"AFTER: {leaf['no']} says {leaf['after']}, its funds add up to {after}")
        if below := [fund for fund in sums if self.funds[fund][0] < self.funds[fund][1]]:
            raise Finding(f"BELOW ZERO: {leaf['no']} takes more from {below} than they hold")
        expected = _typed(int, leaf["fen"]) * (1 if leaf["direction"] == "in" else -1)
        if moved != expected and (moved or leaf["kind"] in {"donation", "disbursement"}):
            raise Finding(f"AMOUNT: {leaf['no']} says {expected} fen, its lines move {moved}")
        self.moved += [fund for fund in sums if fund not in self.moved]
        self.entries += 1

    def _number(self, leaf: dict[str, Any], lines: Sequence[_Line]) -> None:
        """A number is given once; a reversal mirrors an earlier entry, and each is reversed once."""
        no, digest = _typed(str, leaf["no"]), _digest(lines)
        if no in self.numbers:
            raise Finding(f"NUMBER TWICE: an earlier entry is called {no} as well")
        if leaf["kind"] == "reversal":
            of, digest = _typed(str, leaf["reverses"]), ""
            if of not in self.numbers:
                raise Finding(f"REVERSAL: {no} reverses {of}, and there is no such entry before it")
            if not self.numbers[of]:
                raise Finding(f"REVERSED TWICE: {of} was reversed or is a reversal; {no} reverses it again")
            if self.numbers[of] != _digest([(account, fund, -fen) for account, fund, fen in lines]):
                raise Finding(f"REVERSAL: {no} is not the mirror of {of}")
            self.numbers[of] = ""
            if self.paid.pop(of, [0])[-1]:
                raise Finding(f"ARRIVAL: {no} reverses {of}, of which something arrived")
        elif leaf["kind"] == "disbursement":
            self.paid[no] = [leaf["date"], leaf["fen"], 0]
        self.numbers[no] = digest

    def _arrive(self, leaf: dict[str, Any]) -> None:
        """Of an earlier payout: not before it, and never more than it; what takes one back mirrors it."""
        no, fen = _typed(str, leaf["no"]), _typed(int, leaf["fen"])
        if "takes_back" in leaf:
            if self.arrivals.pop(str(leaf["takes_back"]), None) != [no, leaf["date"], -fen]:
                raise Finding(f"ARRIVAL: of {no}, leaf {leaf['takes_back']} is none that can be taken back")
        elif fen < 0:
            raise Finding(f"ARRIVAL: less than nothing arrives of {no}")
        else:
            self.arrivals[str(leaf["seq"])] = [no, leaf["date"], fen]
        if no not in self.paid:
            if self.older and no in self.numbers:
                return
            raise Finding(f"ARRIVAL: {no} is no payout before it")
        paid = self.paid[no]
        paid[2] += fen
        if leaf["date"] < paid[0] or not 0 <= paid[2] <= paid[1]:
            raise Finding(f"ARRIVAL: {paid[2]} fen of {no} arrive by {leaf['date']}, {paid[:2]} was paid")

    def _close(self, leaf: dict[str, Any]) -> None:
        said = {"entries": leaf["entries"], "funds": leaf.get("funds", {})}
        found = {"entries": self.entries, "funds": self._totals(self.moved)}
        if canonical(said) != canonical(found):
            raise Finding(f"CLOSE: the close of {leaf['date']} says {said}, its leaves add up to {found}")
        self.moved.clear()

    def _announce(self, key: VerifierKey) -> None:
        """A new key is trusted from here on: the checkpoint over this leaf has the signature of a trusted one."""
        if key.name != self.origin or key.kind != ED25519:
            raise ValueError(f"not a key of this log: {key.line()}")
        if key.line() in self.keys:
            self.announced = True
        elif self.announced:
            self.keys.append(key.line())

    def _totals(self, funds: Iterable[str]) -> dict[str, dict[str, int]]:
        return {fund: {"in": self.funds[fund][0], "out": self.funds[fund][1]} for fund in funds}


@dataclass
class Witness:
    """Watches the log at an address, from a folder of its own in which it keeps its key and what it saw.

    ``tell`` is called with what its operator must hear besides findings; ``keys`` are verifier keys of the log, and
    ``name`` is that of its own key, when this is made.

    Raises:
        ValueError: the address, a key or the name cannot be used.
    """

    folder: Path
    url: str
    tell: Callable[[str], None]
    keys: Sequence[str] = ()
    name: str = "witness"

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in {"http", "https"} or not address.netloc:
            raise ValueError(f"not an address that begins with http:// or https://: {self.url}")
        if self.keys:
            _one_log(self.keys)
        VerifierKey(self.name, bytes(32), COSIGNATURE)
        self._state, self._key_file = self.folder / "state.json", self.folder / "witness.key"

    def round(self, *, submit: bool = True) -> Round:
        """Look at the newest head, co-sign it, and hand the signature in.

        Raises:
            Finding: it must not be co-signed, or cannot be looked at.
        """
        try:
            # One run at a time, from the first look to the signature: what is checked is what is stored.
            with locked(self._state):
                done = self._cosign()
        except (OSError, keys.KeyFileError) as problem:
            raise Finding(f"STATE: {self.folder} cannot be used: {problem}") from problem
        return replace(done, submitted=self._submit(done)) if submit else done

    def _cosign(self) -> Round:
        seen = self._remember()
        note, head = self._checkpoint(seen)
        self._keep(note, head)
        size = seen.tree.size
        if head.size < size:
            raise Finding(f"ROLLED BACK: {size} leaves were signed before, {head.size} are now")
        if head.size > size:
            seen.extend(self._leaves(size, head.size), head)
            write_durably(self._state, seen.dump())
        elif head.root != seen.tree.root():
            raise Finding(f"FORK: {size} leaves were signed twice; compare {self.folder}/checkpoints/{size}*")
        key = self._key()
        cosigned = note.with_signatures([key.cosign(note.text, int(time.time()))])
        write_durably(self.folder / "checkpoint", cosigned.render())
        return Round(head, head.size - size, seen.entries, cosigned, key.verifier)

    def _remember(self) -> _Seen:
        """What was seen; on first use only whom to trust, kept before they are believed anything."""
        if self._state.exists():
            try:
                seen = _Seen.load(self._state.read_text("utf-8"))
            except _MALFORMED as problem:
                raise Finding(f"STATE: {self._state} is damaged, restore it: {problem}") from problem
            if strange := {VerifierKey.parse(key).line() for key in self.keys} - {*seen.keys}:
                raise Finding(f"UNKNOWN KEY: {', '.join(strange)} is none of those pinned in {self._state}")
            return seen
        if self._key_file.exists():
            raise Finding(
                f"STATE LOST: nobody knows which heads {self._key_file} has signed. Restore {self._state}, or begin "
                "anew in another folder: with a new key, to be registered anew"
            )
        seen = _Seen(*(_one_log(self.keys) if self.keys else self._first_use()))
        write_durably(self._state, seen.dump())
        return seen

    def _first_use(self) -> tuple[str, list[str]]:
        try:
            origin, trusted = _one_log(self._text("/log/key").splitlines())
        except ValueError as problem:
            raise Finding(f"BAD KEY: {self.url}/log/key: {problem}") from problem
        self.tell(
            f"FIRST USE: no --key was given; what {self.url} calls its keys is trusted FROM NOW ON. Compare them with "
            f"what its operator tells you in person: {' '.join(trusted)}"
        )
        return origin, trusted

    def _checkpoint(self, seen: _Seen) -> tuple[Note, Checkpoint]:
        """The newest head, signed by a key that was trusted before it was read."""
        trusted = [VerifierKey.parse(line) for line in seen.keys]
        try:
            note = notes.parse(self._text("/checkpoint"))
            signers = {(one.name, one.key_id) for one in note.signatures}
            if signers.isdisjoint((key.name, key.key_id) for key in trusted):
                raise Finding(
                    f"UNKNOWN KEY: the checkpoint is signed by none of {' '.join(seen.keys)}. A key that took their "
                    "place unseen is trusted only in a new folder: compare it in person, give it with --key"
                )
            notes.verify(note, trusted)
            head = Checkpoint.parse(note)
        except ValueError as problem:
            raise Finding(f"BAD CHECKPOINT: {problem}") from problem
        if head.origin != seen.origin:
            raise Finding(f"OTHER LOG: the checkpoint is of {head.origin}, {seen.origin} is watched here")
        return note, head

    def _keep(self, note: Note, head: Checkpoint) -> None:
        """Two signed heads of one size are proof of a fork: neither takes the other's place."""
        file = self.folder / "checkpoints" / str(head.size)
        if file.exists() and not file.read_text("utf-8").startswith(f"{note.text}\n"):
            file = file.with_name(f"{head.size}-{hashlib.sha256(note.text.encode()).hexdigest()[:16]}")
        if not file.exists():
            write_durably(file, note.render())

    def _key(self) -> SigningKey:
        kept = keys.read(self._key_file)
        if not kept:
            kept = [keys.generate(self.name, COSIGNATURE)]
            keys.write(self._key_file, kept)
            self.tell(f"NEW KEY: this witness signs with {kept[0].verifier.line()}")
        return kept[0]

    def _submit(self, done: Round) -> bool:
        """Whether the portal took the signature; that it did not is no fault of its books."""
        try:
            self._text("/log/cosignatures", done.note.render().encode())
        except (Finding, ValueError) as problem:
            self.tell(f"NOT SUBMITTED: {problem}")
            if isinstance(problem.__cause__, HTTPError) and problem.__cause__.code == 403:
                self.tell(
                    "UNKNOWN WITNESS: the portal does not know this witness. Have its operator add the key to the "
                    f"setting, separated by commas: PORTAL_WITNESSES={done.witness.line()}"
                )
            return False
        return True

    def _leaves(self, first: int, end: int) -> Iterator[bytes]:
        """The lines of new leaves; a server that knows no ``from`` begins with leaf 0."""
        lines = _lines(self._pieces(f"/log/entries.jsonl?from={first}"))
        listed = list(islice(lines, 1))
        skipped = first if any(map(_begins_the_log, listed)) else 0
        return islice(chain(listed, lines), skipped, skipped + end - first)

    def _text(self, path: str, body: bytes | None = None) -> str:
        text = b""
        for piece in self._pieces(path, body):
            text += piece
            if len(text) > _LONGEST_TEXT:
                raise ValueError("the answer is too long")
        return text.decode()

    def _pieces(self, path: str, body: bytes | None = None) -> Iterator[bytes]:
        """An answer as it comes in. A server that trickles must not hold up a round, and the lock, for ever."""
        headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache"}
        url, until = self.url.rstrip("/") + path, time.monotonic() + _ANSWER_SECONDS
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - __post_init__ looked at the scheme
        try:
            with urllib.request.build_opener(_Straight).open(request, timeout=_SILENCE_SECONDS) as answer:
                while piece := answer.read1(_LONGEST_TEXT):
                    yield piece
                    if time.monotonic() > until:
                        raise TimeoutError("the answer takes too long")
        except (OSError, HTTPException) as problem:
            raise Finding(f"UNREACHABLE: {url}: {problem}") from problem


class _Straight(urllib.request.HTTPRedirectHandler):
    """No redirects: a witness asks whom it was told to ask, and a https address never becomes a http one."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """None: the answer is an error."""


def _one_log(lines: Iterable[str]) -> tuple[str, list[str]]:
    """The origin that keys of a log are named after, and the keys."""
    found = [VerifierKey.parse(line) for line in lines]
    if len({key.name for key in found}) != 1 or any(key.kind != ED25519 for key in found):
        raise ValueError("not the keys of one log")
    return found[0].name, [key.line() for key in found]


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > LONGEST_LEAF:
            raise Finding(f"BAD LEAF: a line of more than {LONGEST_LEAF} bytes is listed")
    if rest:
        yield rest


def _begins_the_log(raw: bytes) -> bool:
    try:
        return bool(json.loads(raw)["seq"] == 0)
    except _MALFORMED:
        return False  # what is wrong with it is found when it is read


def _typed(kind: type[_Type], value: object) -> _Type:
    """A value of this type and no other: true is not 1."""
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _line(stated: dict[str, object]) -> _Line:
    return _typed(str, stated["account"]), _typed(str, stated["fund"]), _typed(int, stated["fen"])


def _digest(lines: Sequence[_Line]) -> str:
    """Enough of SHA-256 that nobody finds other lines for it."""
    return base64.b64encode(hashlib.sha256(canonical({"lines": lines})).digest()[:16]).decode()
