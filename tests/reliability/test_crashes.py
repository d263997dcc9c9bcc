"""The short form of ``make soak``: processes and the server die at the worst moments; nothing is lost or doubled."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.soak import rounds
from bench.soak.rounds import Kind, Outcome, Round
from bench.soak.scene import prepared
from portal.crashing import POINTS
from tests import databases

KILLS = 3


def play(
    database_url: str, folder: Path, wanted: Sequence[Round], server: databases.Cluster | None = None
) -> list[Outcome]:
    with prepared(database_url, folder, server) as scene:
        outcomes = list(rounds.run(scene, wanted, seed=2026))
    assert [finding for outcome in outcomes for finding in outcome.verdict.findings()] == []
    assert len(outcomes) == len(wanted)
    return outcomes


def test_nothing_is_lost_or_doubled_when_writers_die(database_url: str, tmp_path: Path) -> None:
    engine = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    wanted = rounds.plan(engine, kills=KILLS, points=1, server_kills=0)
    assert len(wanted) == KILLS + len(POINTS)
    outcomes = play(database_url, tmp_path / "soak", wanted)
    # Something was there to be lost, and something was under way.
    assert sum(outcome.tally.acknowledged for outcome in outcomes) > 30
    assert sum(outcome.verdict.unanswered for outcome in outcomes) > 0
    assert outcomes[-1].verdict.entries > 10 and outcomes[-1].verdict.checkpoints > 5


@pytest.mark.one_engine
def test_nothing_is_lost_or_doubled_when_the_database_server_dies(tmp_path: Path) -> None:
    with databases.running_cluster(durable=True) as server:
        server.execute("CREATE DATABASE soak")
        databases.build(server.url("soak"))
        [outcome] = play(server.url("soak"), tmp_path / "soak", [Round(Kind.SERVER)], server)
    assert outcome.verdict.entries > 0
