"""The writers of a round, as whoever kills them sees them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.soak.scene import Scene
from bench.soak.writer import Orders
from portal.config import PROJECT

_KILLED = -signal.SIGKILL


class SoakError(RuntimeError):
    """The run itself went wrong: something died that should not, or did not die that should."""


@dataclass(frozen=True)
class Nursery:
    """The process that forks writers."""

    process: subprocess.Popen[str]
    complaints: Path

    def ask(self, **question: Any) -> Any:
        """Ask it something and return the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        """Its next answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SoakError(f"the nursery of writers is gone: {self.complaint()}")
        return json.loads(line)

    def complaint(self) -> str:
        """The end of what it and its writers said on standard error."""
        return self.complaints.read_text()[-2000:]


@dataclass(frozen=True)
class Writer:
    """A writer at work."""

    nursery: Nursery
    pid: int
    journal: Path

    def await_end(self, expected: int) -> None:
        """Wait for its end, which must be the expected one."""
        status = self.nursery.ask(wait=self.pid)
        if status is None:
            os.kill(self.pid, signal.SIGKILL)
        if status != expected:
            raise SoakError(
                f"the writer of {self.journal} ended with {status}, not {expected}: {self.nursery.complaint()}"
            )

    def kill(self) -> None:
        """Kill it in the middle of whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        self.await_end(_KILLED)

    def stop(self) -> None:
        """Tell it to finish what it does."""
        os.kill(self.pid, signal.SIGTERM)


@contextmanager
def nursery(scene: Scene) -> Iterator[Nursery]:
    """Start the nursery of a scene; its writers end with it."""
    complaints = scene.folder / "writers.err"
    warm_up = scene.journals / "00000-warm-up.jsonl"
    environment = {**os.environ, "PORTAL_ENVIRONMENT": "test"}
    environment.pop("CRASH_AT", None)
    with complaints.open("w") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.soak.nursery",
                scene.settings.database_url,
                scene.settings.signing_key,
                warm_up,
            ],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    with process:
        started = Nursery(process, complaints)
        try:
            started.answer()
            yield started
        finally:
            process.kill()


def let_loose(
    scene: Scene,
    nursery: Nursery,
    name: str,
    seeds: Sequence[int],
    crash_at: str | None = None,
    crash_after: int = 0,
) -> list[Writer]:
    """Start a writer for each seed; the first one is to die at the crash point, if one is named."""
    crew = []
    for number, seed in enumerate(seeds):
        journal = scene.journals / f"{name}-{number}.jsonl"
        doomed = number == 0
        orders = Orders(str(journal), seed, name, crash_at if doomed else None, crash_after)
        crew.append(Writer(nursery, nursery.ask(start=asdict(orders)), journal))
    return crew


def kill_at(crew: Sequence[Writer], delays: Sequence[float]) -> None:
    """Kill each writer so many seconds after now."""
    begun = time.monotonic()
    for delay, writer in sorted(zip(delays, crew, strict=True), key=lambda pair: pair[0]):
        time.sleep(max(0.0, begun + delay - time.monotonic()))
        writer.kill()
