"""``python -m bench.soak``: the run on both engines; writes ``docs/reliability.md``; exits 1 if anything is found."""

import argparse
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.soak import report, rounds
from bench.soak.rounds import Outcome
from bench.soak.scene import prepared
from bench.soak.server import version as server_version
from tests import databases

_SHORT = {"rounds": 3, "points": 1}


def main() -> None:
    """Run, report, and say by the exit status whether anything was found."""
    orders = _orders()
    seed = orders.seed if orders.seed is not None else secrets.randbits(32)
    folder = Path(tempfile.mkdtemp(prefix="portal-soak-"))
    print(f"seed {seed}, in {folder}", flush=True)
    outcomes = []
    with databases.running_cluster(durable=True) as server:
        server.execute("CREATE DATABASE soak")
        for engine in databases.ENGINES:
            for outcome in _play(engine, folder / engine, server, orders, seed):
                outcomes.append(outcome)
                _say(outcome)
        version = server_version(server)
    clean = all(outcome.verdict.clean for outcome in outcomes)
    if not orders.short or orders.report:
        report.write(outcomes, seed, version, orders.report or report.PAGE)
    if clean:
        shutil.rmtree(folder)
    print(f"{len(outcomes)} rounds: {'nothing lost, nothing doubled' if clean else f'FAULTS; see {folder}'}")
    sys.exit(0 if clean else 1)


def _play(
    engine: str, folder: Path, server: databases.Cluster, orders: argparse.Namespace, seed: int
) -> Iterator[Outcome]:
    folder.mkdir()
    url = server.url("soak") if engine == "postgresql" else f"sqlite:///{folder / 'portal.sqlite3'}"
    databases.build(url)
    with prepared(url, folder, server) as scene:
        wanted = rounds.plan(engine, kills=orders.rounds, points=orders.points, server_kills=orders.rounds)
        yield from rounds.run(scene, wanted, seed)


def _say(outcome: Outcome) -> None:
    count, verdict = outcome.tally, outcome.verdict
    print(
        f"{outcome.engine}: {outcome.round.kind}{f' {outcome.round.point}' if outcome.round.point else ''}: "
        f"{count.acknowledged} acknowledged, {count.unanswered} unanswered ({verdict.unanswered_stored} stored), "
        f"{count.refused.total()} refused; {verdict.entries} entries, {outcome.seconds:.1f} s",
        flush=True,
    )
    for finding in verdict.findings():
        print(f"  FOUND {finding}", flush=True)


def _orders() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m bench.soak", description="Kill the portal, judge what is left."
    )
    parser.add_argument("--rounds", type=int, default=50, help="rounds of each random kind an engine (50)")
    parser.add_argument("--points", type=int, default=5, help="rounds of each crash point an engine (5)")
    parser.add_argument("--short", action="store_true", help="a run of a minute; the page is left as it is")
    parser.add_argument(
        "--seed", type=int, help="repeat the plan of a run; the moments of its kills still differ"
    )
    parser.add_argument("--report", type=Path, help="write the page there")
    given = parser.parse_args()
    if given.short:
        vars(given).update(_SHORT)
    return given


if __name__ == "__main__":
    main()
