"""Journals: what a writer was about to ask, and what it was told, each line on the disk before the writer goes on."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.soak.commands import Command, Name, What


class Journal:
    """One process's journal. It is only ever added to."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def asks(self, command: Command) -> None:
        """The command is about to be sent."""
        self._write("ask", command, command=asdict(command))

    def answered(self, command: Command, number: str) -> None:
        """The portal acknowledged the command with a number."""
        self._write("answer", command, number=number)

    def refused(self, command: Command, why: str) -> None:
        """The portal refused the command."""
        self._write("refusal", command, why=why)

    def failed(self, command: Command, why: str) -> None:
        """An error instead of an answer: the command may be stored or not."""
        self._write("failure", command, why=why)

    def settled(self, command: Command, number: str | None) -> None:
        """The judge sent an unanswered command again: it is stored under a number, or not at all."""
        self._write("settled", command, number=number)

    def saw(self, note: str) -> None:
        """A checkpoint was published."""
        self._put({"line": "checkpoint", "note": note})

    def not_published(self, why: str) -> None:
        """Publishing was refused or failed."""
        self._put({"line": "not published", "why": why})

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _write(self, line: str, to: Command, **more: Any) -> None:
        self._put({"line": line, "what": to.what, "key": to.key, **more})

    def _put(self, line: dict[str, Any]) -> None:
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file)


@dataclass
class Tally:
    """How the commands of some journals ended."""

    acknowledged: int = 0
    unanswered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    not_published: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count others in."""
        self.acknowledged += other.acknowledged
        self.unanswered += other.unanswered
        self.refused += other.refused
        self.failed += other.failed
        self.not_published += other.not_published


@dataclass
class History:
    """All journals of a run together."""

    commands: dict[Name, Command] = field(default_factory=dict)
    numbers: dict[Name, set[str]] = field(default_factory=dict)
    unanswered: dict[Name, Command] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    """Each checkpoint that was seen, with the journal that saw it first."""

    def forget(self, name: Name) -> None:
        """A command is no longer open."""
        self.unanswered.pop(name, None)


def read(folder: Path) -> History:
    """Read all journals of a folder, in the order of their names."""
    history = History()
    for path in sorted(folder.glob("*.jsonl")):
        _read_one(history, path)
    for name in history.numbers:
        history.forget(name)
    return history


def tally(*paths: Path) -> Tally:
    """Count how the commands in journals ended."""
    count = Tally()
    for path in paths:
        asked: Counter[Name] = Counter()
        for line in lines_of(path):
            match line["line"]:
                case "ask":
                    asked[_name(line)] += 1
                case "answer":
                    asked[_name(line)] -= 1
                    count.acknowledged += 1
                case "refusal":
                    asked[_name(line)] -= 1
                    count.refused[line["why"]] += 1
                case "failure":
                    count.failed[line["why"]] += 1
                case "not published":
                    count.not_published[line["why"]] += 1
        count.unanswered += asked.total()
    return count


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; a last one that was cut off by a crash was never written."""
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def _read_one(history: History, path: Path) -> None:
    asked: dict[Name, Command] = {}
    for line in lines_of(path):
        match line["line"]:
            case "ask":
                command = Command(**line["command"] | {"what": What(line["what"])})
                history.commands.setdefault(command.name, command)
                asked[command.name] = command
            case "answer":
                asked.pop(_name(line), None)
                history.numbers.setdefault(_name(line), set()).add(line["number"])
            case "refusal":
                asked.pop(_name(line), None)
            case "settled":
                history.forget(_name(line))
                if line["number"] is not None:
                    history.numbers.setdefault(_name(line), set()).add(line["number"])
            case "checkpoint":
                history.notes.setdefault(line["note"], path.name)
    history.unanswered |= asked


def _name(line: dict[str, Any]) -> Name:
    return What(line["what"]), line["key"]
