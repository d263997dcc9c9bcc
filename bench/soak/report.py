"""``docs/reliability.md``: what was tried, on what machine, and what came of it; and what was not tried."""

import os
import platform
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak.journal import Tally
from bench.soak.judge import COUNTS
from bench.soak.published import VERIFIER
from bench.soak.rounds import Outcome
from portal.config import PROJECT
from portal.periods import today

PAGE = PROJECT / "docs" / "reliability.md"

_HEAD = """\
# Reliability: nothing lost, nothing doubled

Writers log gifts, payouts and reversals and approve them, through the services, as a clerk and a reviewer do. Each
notes every command on disk before it is sent and after it is answered. Then writers, or the whole database server, are
killed with `kill -9`; a judge compares their notes with the database, sends what was not answered again with the same
key, and compares once more. All rounds of an engine play on one database: after each, the whole history is judged.
`make soak` repeats all of it and writes this page; the suite plays a short form (`tests/reliability`).
"""

_COLUMNS = """
| engine | round | rounds | acknowledged | unanswered | of these stored | refused | {counts} | seconds |
| --- | --- | ---: | ---: | ---: | ---: | ---: | {rules} | ---: |
"""

_MEANING = """
**acknowledged**, **unanswered**, **refused**: commands of the writers. Unanswered are those under way when the writer
or the server died, or that ended in an error; **of these stored**: how many of them had in fact been stored before they
were sent again. Sent again, each was stored exactly once, or refused by a rule and not stored.

**lost**: acknowledged, and not stored as acknowledged. **doubled**: stored, or answered for, more than once.
**unbalanced**: a balance, reserve, receipt series, posting, leaf or other figure is not what the stored entries (or the
writers' notes) add up to. **silent**: stored without being asked for, although refused, or otherwise than asked; or a
published checkpoint that today's leaves do not bear out, to our code or to the stand-alone `verify.py`. The judge is
tested itself: `tests/reliability/test_judge.py` plants such faults and sees each caught. The rounds were tested by hand
on 2026-11-24: with `synchronous_commit=off` in the portal's connections, the first kill of the server counted as lost.
"""

_NOT_TRIED = """
## What was not tried

- Power cuts, crashes of the kernel, disks that lie about `fsync`: a killed process leaves the page cache alone, so what
  was written but not yet on the disk survived here. The engines were set to sync every commit; that the disk then keeps
  it was not shown.
- Full or failing disks, torn pages, flipped bits; restoring a backup; PostgreSQL with a standby; SQLite on a network
  file system.
- A network between portal and database (PostgreSQL was reached by a Unix socket), connection poolers, several hosts.
- The web server and browsers: writers call the services, each command in an app context of its own. Lists that are
  brought in, bills, erasure and the registry's desk were not part of the mix.
- Clocks that jump, the turn of a day or year during a run, key rotation, a signer behind its socket, witnesses.
- More than three writers at once; runs of days; larger databases than those named above.
"""


@dataclass
class _Row:
    rounds: int = 0
    tally: Tally = field(default_factory=Tally)
    stored: int = 0
    found: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Count a round in."""
        self.rounds += 1
        self.tally.add(outcome.tally)
        self.stored += outcome.verdict.unanswered_stored
        self.seconds += outcome.seconds
        for name in COUNTS:
            self.found[name] += len(getattr(outcome.verdict, name))

    def cells(self) -> list[str]:
        """The row's figures."""
        count, figures = self.tally, [self.found[name] for name in COUNTS]
        numbers = [
            self.rounds,
            count.acknowledged,
            count.unanswered,
            self.stored,
            count.refused.total(),
            *figures,
        ]
        return [*(f"{number:,}" for number in numbers), f"{self.seconds:,.0f}"]


def write(outcomes: Sequence[Outcome], seed: int, server_version: str, path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text("\n".join(_lines(outcomes, seed, server_version)).rstrip() + "\n", encoding="utf-8")


def _lines(outcomes: Sequence[Outcome], seed: int, server_version: str) -> Iterator[str]:
    counts, rules = " | ".join(COUNTS), " | ".join("---:" for _ in COUNTS)
    yield _HEAD
    yield f"**Run:** {today().isoformat()}, seed {seed}; {_machine(server_version)}"
    yield _COLUMNS.format(counts=counts, rules=rules).rstrip()
    rows: dict[tuple[str, str], _Row] = {}
    total = _Row()
    for one in outcomes:
        what = f"{one.round.kind}: `{one.round.point}`" if one.round.point else str(one.round.kind)
        rows.setdefault((one.engine, what), _Row()).add(one)
        total.add(one)
    for (engine, what), row in sorted(
        rows.items(), key=lambda item: (item[0][0], "`" in item[0][1], item[0][1])
    ):
        yield f"| {engine} | {what} | {' | '.join(row.cells())} |"
    yield f"| **all** | | {' | '.join(f'**{cell}**' for cell in total.cells())} |"
    yield _MEANING
    yield from _ends(outcomes)
    yield from _reasons(total)
    yield _NOT_TRIED


def _machine(server_version: str) -> str:
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()},\n"
        f"SQLite {sqlite3.sqlite_version} (WAL, `synchronous=FULL`), PostgreSQL {server_version} "
        "(`fsync=on`, `synchronous_commit=on`)."
    )


def _ends(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How large each database was in the end."""
    last = {one.engine: one.verdict for one in outcomes}
    verifier = "ours and `verify.py`" if VERIFIER.exists() else "ours; `verify.py` was not there yet"
    for engine, verdict in last.items():
        yield (
            f"In the end {engine} held {verdict.entries:,} entries; {verdict.checkpoints:,} different checkpoints had "
            f"been seen, and all were checked ({verifier})."
            if verdict.clean
            else f"In the end {engine} held {verdict.entries:,} entries, and faults were found."
        )
        yield ""


def _reasons(total: _Row) -> Iterator[str]:
    """Why commands were refused, ended in an error, or were followed by no checkpoint."""
    count = total.tally
    yield f"Refused because of: {_list(count.refused)}. Errors instead of answers: {_list(count.failed)}."
    yield f"Attempts to publish a checkpoint that did not give one: {_list(count.not_published)}."


def _list(reasons: Counter[str]) -> str:
    named: Iterable[str] = (f"{name} ({number:,})" for name, number in reasons.most_common())
    return ", ".join(named) or "none"
