"""The server that ``portal serve`` starts, while slow clients hold on to it."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import Measurement
from bench.slow_clients import Site, measure
from tests import databases


@contextmanager
def served() -> Iterator[Site]:
    """The portal in a process of its own, on a free port and an empty database."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, socket.socket() as probe:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        databases.build(url)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        program = Path(sys.executable).with_name("portal")
        environment = {**os.environ, "PORTAL_DATABASE_URL": url, "PORTAL_STORAGE_DIR": folder}
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                [program, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
            )
            try:
                _wait(f"http://127.0.0.1:{port}/healthz")
                yield Site("127.0.0.1", port)
            finally:
                server.terminate()
                server.wait(timeout=20)


def _wait(address: str, patience_seconds: float = 30) -> None:
    until = time.monotonic() + patience_seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def measurements() -> Iterator[Measurement]:
    """Answers a second beside a bare server's, and how long ``/healthz`` takes beside slow clients and without them."""
    with served() as site:
        figures = asyncio.run(measure(site))
    floor = figures["bare_answers_a_second"]
    yield Measurement("/healthz", figures["answers_a_second"], "answers/s", floor)
    for kind in ("slow_headers", "half_sent_uploads", "slow_readers"):
        name = f"/healthz p99 beside {kind.replace('_', ' ')}"
        yield Measurement(name, figures[f"{kind}_p99_ms"], "ms", figures["undisturbed_p99_ms"])
