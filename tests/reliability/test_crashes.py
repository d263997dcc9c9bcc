"""The short form of ``make soak``: processes and the server die at the worst moments; nothing is lost or doubled."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.soak import rounds
from bench.soak.rounds import Kind, Round
from bench.soak.scene import prepared
from portal.crashing import POINTS
from tests import databases

KILLS = 3


def play(
    database_url: str, folder: Path, wanted: Sequence[Round], server: databases.Cluster | None = None
) -> None:
    with prepared(database_url, folder, server) as scene:
        outcomes = list(rounds.run(scene, wanted, seed=2026))
    findings = [finding for outcome in outcomes for finding in outcome.verdict.findings()]
    assert findings == []
    assert len(outcomes) == len(wanted)
    assert sum(outcome.tally.acknowledged for outcome in outcomes) >= len(wanted)
    assert sum(outcome.verdict.unanswered for outcome in outcomes) > 0
    assert outcomes[-1].verdict.entries > 10 and outcomes[-1].verdict.checkpoints > 5


def test_nothing_is_lost_or_doubled_when_writers_die(database_url: str, tmp_path: Path) -> None:
    engine = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    wanted = rounds.plan(engine, kills=KILLS, points=1, server_kills=0)
    assert len(wanted) == KILLS + len(POINTS)
    play(database_url, tmp_path / "soak", wanted)


@pytest.mark.one_engine
def test_nothing_is_lost_or_doubled_when_the_database_server_dies(tmp_path: Path) -> None:
    with databases.running_cluster(durable=True) as server:
        server.execute("CREATE DATABASE soak")
        databases.build(server.url("soak"))
        play(server.url("soak"), tmp_path / "soak", [Round(Kind.SERVER)] * 2, server)
