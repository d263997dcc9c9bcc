"""Killing a PostgreSQL server as a power cut would: the postmaster and every child at once, with no word of goodbye."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psycopg

from tests import databases

_PATIENCE_SECONDS = 30


def version(server: databases.Cluster) -> str:
    """The version a server gives of itself."""
    with psycopg.connect(host=str(server.folder), user="postgres", dbname="postgres") as connection:
        return f"{connection.info.server_version // 10_000}.{connection.info.server_version % 10_000}"


def kill(server: databases.Cluster) -> None:
    """Kill the server and wait until no process of it is left."""
    postmaster = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    # It is stopped first, so that it neither starts further children meanwhile nor sees those die.
    os.kill(postmaster, signal.SIGSTOP)
    pids = [*_children(postmaster), postmaster]
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # A dead process whose parent has not yet asked for it still makes the next server believe it runs.
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes of the server that was killed are still there: {left}")
        time.sleep(0.01)


def _children(parent: int) -> list[int]:
    pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [pid for pid in pids if _parent(pid) == parent]


def _parent(pid: int) -> int | None:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The process's name comes first and may hold anything; after its bracket stand the state and the parent.
    return int(facts.rpartition(")")[2].split()[1])
