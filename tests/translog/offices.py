"""A made-up log behind a real server, and the office of a witness."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.translog import keys
from portal.translog.canonical import canonical
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import Note, SigningKey
from portal.translog.tree import Frontier, leaf_hash
from portal.translog.witness import Finding, Round, Witness
from portal.watch import witness_cli

ORIGIN = "books.example"
Leaf = dict[str, Any]


def head_of(leaves: Sequence[bytes], origin: str = ORIGIN) -> Checkpoint:
    frontier = Frontier.empty()
    frontier.extend(map(leaf_hash, leaves))
    return Checkpoint(origin, frontier.size, frontier.root())


class Log:
    """A log in the making: leaves as the ADR has them, the totals they state, and the keys that sign it."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.totals: dict[str, dict[str, int]] = {}
        self.moved, self.entries, self.signers = set[str](), 0, [keys.generate(ORIGIN)]

    def add(self, kind: str, /, **more: object) -> Leaf:
        self.leaves.append({"v": 1, "seq": len(self.leaves), "kind": kind, "date": "2024-03-01", **more})
        return self.leaves[-1]

    def entry(self, kind: str, fen: int, lines: Sequence[tuple[str, str, int]], /, **more: object) -> Leaf:
        self.entries += 1
        for account, fund, amount in lines:
            total = self.totals.setdefault(fund, {"in": 0, "out": 0})
            if account.startswith("1"):
                total["in" if amount > 0 else "out"] += abs(amount)
        self.moved |= {fund for _, fund, _ in lines}
        stated = {
            "no": f"E-2024-{self.entries:06d}",
            "direction": "in",
            "fen": fen,
            "lines": [{"account": account, "fund": fund, "fen": amount} for account, fund, amount in lines],
            "after": {fund: dict(self.totals[fund]) for _, fund, _ in lines},
        }
        return self.add(kind, **(stated | more))

    def gift(self, fund: str, fen: int, /, **more: object) -> Leaf:
        return self.entry("donation", fen, [("1002", fund, fen), ("410101", fund, -fen)], **more)

    def payout(self, fund: str, fen: int) -> Leaf:
        return self.entry("disbursement", fen, [("5101", fund, fen), ("1002", fund, -fen)], direction="out")

    def arrival(self, of: Leaf, fen: int, **more: object) -> Leaf:
        return self.add("arrival", no=of["no"], fen=fen, **more)

    def reversal(self, of: Leaf, **more: object) -> Leaf:
        lines = [(one["account"], one["fund"], -one["fen"]) for one in of["lines"]]
        stated = {"reverses": of["no"], "direction": of["direction"]} | more
        return self.entry("reversal", -of["fen"], lines, **stated)

    def close(self, **more: object) -> Leaf:
        funds = {fund: dict(self.totals[fund]) for fund in self.moved}
        self.moved.clear()
        return self.add("close", **({"entries": self.entries, "funds": funds} | more))

    def announce(self, key: SigningKey) -> Leaf:
        return self.add("key", key=key.verifier.line())

    def lines(self) -> list[bytes]:
        return [canonical(leaf) for leaf in self.leaves]

    def rewritten(self) -> list[bytes]:
        return [canonical(self.leaves[0] | {"text": "公示期为 3 天。"}), *self.lines()[1:]]

    def signed(self, lines: Sequence[bytes] | None = None, origin: str = ORIGIN) -> str:
        text = head_of(self.lines() if lines is None else lines, origin).text()
        return Note(text, tuple(key.sign(text) for key in self.signers)).render()


class Office(ThreadingHTTPServer):
    """A portal that shows a log or what a test wants shown, and a witness that was told the log's first key."""

    def __init__(self, log: Log, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.log, self.url = log, f"http://127.0.0.1:{self.server_port}"
        self.lines: list[bytes] | None = None
        self.checkpoint = self.keys = ""
        self.knows_from, self.slow, self.status, self.answers_post = True, False, 200, 200
        self.folder, self.state = folder, folder / "state.json"
        self.told, self.asked, self.posted = list[str](), list[str](), list[str]()

    def answer(self, path: str) -> bytes:
        path, _, start = path.partition("?from=")
        if path == "/checkpoint":
            return (self.checkpoint or self.log.signed(self.lines)).encode()
        if path == "/log/key":
            return (self.keys or "".join(f"{key.verifier.line()}\n" for key in self.log.signers)).encode()
        lines = self.log.lines() if self.lines is None else self.lines
        return b"".join(line + b"\n" for line in lines[int(start) if self.knows_from else 0 :])

    def show(self, **what: object) -> None:
        for name, value in what.items():
            setattr(self, name, value)

    def sign_with(self, *signers: SigningKey) -> None:
        self.log.signers = list(signers)

    def list_also(self, line: bytes) -> None:
        self.lines = [*self.log.lines(), line]

    def sign_also(self, line: bytes) -> None:
        self.checkpoint = self.log.signed([*self.log.lines(), line])

    def sign(self, text: str) -> None:
        self.checkpoint = Note(text, (self.log.signers[0].sign(text),)).render()

    def witness(self, **other: Any) -> Witness:
        known = [] if self.folder.exists() else [self.log.signers[0].verifier.line()]
        given = {"folder": self.folder, "url": self.url, "tell": self.told.append, "keys": known}
        return Witness(**(given | other))

    def round(self, **other: Any) -> Round:
        return self.witness(**other).round()

    def refusal(self, **other: Any) -> str:
        """What a round finds; it signs, hands in and forgets nothing."""
        before, submitted = self.kept(), len(self.posted)
        with pytest.raises(Finding) as found:
            self.round(**other)
        assert self.kept() == before or (not before and "checkpoint" not in self.kept())
        assert len(self.posted) == submitted
        return str(found.value)

    def kept(self) -> dict[str, bytes]:
        files = (self.folder / name for name in ("state.json", "checkpoint", "witness.key"))
        return {file.name: file.read_bytes() for file in files if file.exists()}

    def command(self, *words: str) -> Result:
        """The command, without an app and so without a database."""
        given = [self.url, "--state", str(self.folder), *words]
        return CliRunner().invoke(witness_cli.witness_command, given)


class Handler(BaseHTTPRequestHandler):
    server: Office

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.slow:
            time.sleep(0.05)
        self.reply(self.server.status, self.server.answer(self.path))

    def do_POST(self) -> None:
        self.server.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.reply(self.server.answers_post, b"")

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Nothing: tests look at what was asked."""


@contextmanager
def served(log: Log, folder: Path) -> Iterator[Office]:
    with Office(log, folder) as office:
        thread = threading.Thread(target=office.serve_forever, args=(0.01,))
        thread.start()
        yield office
        office.shutdown()
        thread.join()


def honest() -> Log:
    """Two funds, every kind of leaf; leaf 3 is a gift of 7000 fen to SCHOOL that is not reversed."""
    log = Log()
    log.add("policy", policy="log", text="公示期为 30 天。")
    log.announce(log.signers[0])
    log.gift("SCHOOL", 100_000)
    log.gift("SCHOOL", 7_000)
    wrong = log.gift("HEALTH", 50_000)
    log.close()
    log.payout("SCHOOL", 30_000)
    log.reversal(wrong)
    log.gift("HEALTH", 60_000)
    given = [("1002", "HEALTH", -10_000), ("5101", "HEALTH", 10_000)]
    log.entry("transfer", 10_000, [*given, ("1002", "SCHOOL", 10_000), ("410101", "SCHOOL", -10_000)])
    log.close()
    log.close()
    log.add("erasure", of=2)
    log.add("report", report="bill", no="B-2024-03", sha256="00", totals={"opening": 0, "closing": 0})
    return log
