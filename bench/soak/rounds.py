"""The rounds of a run: writers killed, crash points reached, the server killed; after each, the judge."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.soak import crew, server
from bench.soak.crew import SoakError, Writer
from bench.soak.journal import Tally, tally
from bench.soak.judge import Verdict, judge
from bench.soak.scene import Scene
from bench.soak.writer import LOST_CONTACT, STOPPED
from portal.crashing import POINTS

_SOONEST, _LATEST = 0.05, 0.6
"""Seconds of work before a kill."""
_CRASHED = 9
_MOST_TURNS = 3
"""Turns of work (a few commands and a checkpoint each) before a crash point becomes deadly."""


class Kind(StrEnum):
    """What is done to the portal in a round."""

    WRITERS = "writers killed"
    POINT = "crash point"
    SERVER = "database server killed"


@dataclass(frozen=True)
class Round:
    """One round to be; ``point`` is where the first writer dies in a round of crash points."""

    kind: Kind
    point: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a round."""

    engine: str
    round: Round
    tally: Tally
    verdict: Verdict
    seconds: float


def plan(engine: str, *, kills: int, points: int, server_kills: int) -> list[Round]:
    """The rounds for an engine, of all kinds in a mixed order."""
    rounds = [Round(Kind.WRITERS)] * kills + [Round(Kind.POINT, point) for point in POINTS] * points
    if engine == "postgresql":
        rounds += [Round(Kind.SERVER)] * server_kills
    random.Random(engine).shuffle(rounds)
    return rounds


def run(scene: Scene, rounds: Sequence[Round], seed: int) -> Iterator[Outcome]:
    """Play the rounds on one database, on which their history accumulates."""
    chance = random.Random(seed)
    with crew.nursery(scene) as nursery:
        for number, one in enumerate(rounds, start=1):
            begun, name = time.monotonic(), f"{number:05d}"
            seeds = [chance.getrandbits(48) for _ in range(chance.randint(2, 3))]
            writers = crew.let_loose(scene, nursery, name, seeds, one.point, chance.randint(0, _MOST_TURNS))
            _PLAYED[one.kind](scene, writers, chance)
            verdict = judge(scene, f"{name}-judge", thorough=number == len(rounds))
            counted = tally(*(writer.journal for writer in writers))
            yield Outcome(scene.engine, one, counted, verdict, time.monotonic() - begun)


def _writers_killed(_scene: Scene, writers: Sequence[Writer], chance: random.Random) -> None:
    crew.kill_at(writers, [chance.uniform(_SOONEST, _LATEST) for _ in writers])


def _point_reached(_scene: Scene, writers: Sequence[Writer], chance: random.Random) -> None:
    doomed, *others = writers
    doomed.await_end(_CRASHED)
    # The others must get on without it: what it held is free again.
    time.sleep(chance.uniform(_SOONEST, _LATEST / 2))
    for writer in others:
        writer.stop()
    for writer in others:
        writer.await_end(STOPPED)


def _server_killed(scene: Scene, writers: Sequence[Writer], chance: random.Random) -> None:
    if scene.server is None:
        raise SoakError("there is no server to kill")
    time.sleep(chance.uniform(_SOONEST, _LATEST))
    server.kill(scene.server)
    for writer in writers:
        writer.await_end(LOST_CONTACT)
    scene.server.start()


_PLAYED = {Kind.WRITERS: _writers_killed, Kind.POINT: _point_reached, Kind.SERVER: _server_killed}
