"""The judge: is everything that was acknowledged stored, exactly once, as it was asked for, and nothing else?

``lost``: acknowledged, and not stored as acknowledged. ``doubled``: stored or answered for more than once.
``unbalanced``: a figure that is kept is not what the stored entries add up to. ``silent``: a change nobody was told of,
that is, stored without being asked for, or although it was refused, or otherwise than asked; or a published checkpoint
that today's leaves do not bear out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.soak import folding, published, stored
from bench.soak.commands import APPROVALS, Command, Name, carry_out
from bench.soak.journal import History, Journal, read
from bench.soak.scene import Scene
from bench.soak.stored import Rows
from portal.db import db
from portal.refusals import Refusal

COUNTS = ("lost", "doubled", "unbalanced", "silent")


@dataclass
class Verdict:
    """What the judge found, in sentences; and how many unanswered commands had in fact been stored."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unanswered: int = 0
    unanswered_stored: int = 0
    entries: int = 0
    checkpoints: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not any(getattr(self, name) for name in COUNTS)

    def findings(self) -> Iterator[str]:
        """Everything that was found, with its kind."""
        for name in COUNTS:
            for sentence in getattr(self, name):
                yield f"{name}: {sentence}"


def judge(scene: Scene, name: str, *, thorough: bool = False) -> Verdict:
    """Hold all journals against the database; send what was not answered again, and look once more.

    What became of it is written to a journal of the judge's own, under ``name``. ``thorough`` shows every checkpoint to
    the stand-alone verifier.
    """
    verdict = Verdict()
    history = read(scene.journals)
    with scene.app.app_context():
        before = stored.rows(db.session())
    _compare(verdict, history, before)
    verdict.unanswered = len(history.unanswered)
    verdict.unanswered_stored = len(history.unanswered.keys() & before.keys())
    _replay(scene, verdict, history, before, Journal(scene.journals / f"{name}.jsonl"))
    history = read(scene.journals)
    with scene.app.app_context():
        session = db.session()
        after = stored.rows(session)
        _compare(verdict, history, after)
        if history.unanswered:
            verdict.silent.append(
                f"{len(history.unanswered)} commands are still open after they were sent again"
            )
        _count(verdict, history, after)
        verdict.lost += [f"{one} is posted without its entry" for one in stored.stray_documents(session)]
        verdict.doubled += [f"{one} more than once" for one in stored.entered_twice(session)]
        verdict.unbalanced += folding.differences(session, history, scene.signer)
        verdict.silent += published.broken_promises(scene, session, list(history.notes), all_alone=thorough)
        verdict.entries = sum(len(rows) for (what, _), rows in after.items() if what not in APPROVALS)
    verdict.checkpoints = len(history.notes)
    for kind in COUNTS:
        # What is found before the second look is there after it, too.
        setattr(verdict, kind, list(dict.fromkeys(getattr(verdict, kind))))
    scene.let_go()
    return verdict


def _compare(verdict: Verdict, history: History, rows: Rows) -> None:
    for name, numbers in history.numbers.items():
        _compare_acknowledged(verdict, name, numbers, rows)
    for name, found in rows.items():
        command = history.commands.get(name)
        if command is None:
            verdict.silent.append(f"{_words(name)} is stored, nobody asked for it")
        elif name not in history.numbers and name not in history.unanswered:
            verdict.silent.append(f"{_words(name)} is stored, it was refused")
        else:
            _compare_content(verdict, command, found)
        if len(found) > 1:
            verdict.doubled.append(f"{_words(name)} is stored {len(found)} times")


def _compare_acknowledged(verdict: Verdict, name: Name, numbers: set[str], rows: Rows) -> None:
    present = {one.number for one in rows.get(name, [])}
    for number in sorted(numbers - present):
        verdict.lost.append(
            f"{_words(name)} was acknowledged as {number}, there is {sorted(present) or 'nothing'}"
        )
    if len(numbers) > 1:
        verdict.doubled.append(f"{_words(name)} was acknowledged as {', '.join(sorted(numbers))}")


def _compare_content(verdict: Verdict, command: Command, found: list[stored.Stored]) -> None:
    asked = (command.fund, command.direction, command.amount_fen)
    for one in found:
        if (one.fund, one.direction, one.amount_fen) != asked:
            verdict.silent.append(f"{_words(command.name)}: asked for {asked}, stored is {one}")


def _replay(scene: Scene, verdict: Verdict, history: History, before: Rows, journal: Journal) -> None:
    """Send every unanswered command again with its key, as a person would who saw the connection break."""
    for name, command in history.unanswered.items():
        was_stored = name in before
        try:
            with scene.app.app_context():
                number: str | None = carry_out(command).number
        except Refusal as no:
            number = before[name][0].number if was_stored else None
            if was_stored and command.what in APPROVALS:
                # An approval that was done already is refused, and rightly so; a form that was sent is not.
                verdict.lost.append(
                    f"{_words(name)} is stored, and refused when sent again: {type(no).__name__}"
                )
        if was_stored and number != before[name][0].number:
            verdict.doubled.append(f"{_words(name)} was {before[name][0].number}, sent again it is {number}")
        journal.settled(command, number)
    journal.close()


def _count(verdict: Verdict, history: History, after: Rows) -> None:
    rows, keys = sum(map(len, after.values())), len(history.numbers)
    if rows > keys:
        verdict.doubled.append(f"{rows} documents and entries are stored, {keys} were acknowledged")
    elif rows < keys:
        verdict.lost.append(f"{rows} documents and entries are stored, {keys} were acknowledged")


def _words(name: Name) -> str:
    return f"{name[0]} {name[1]}"
