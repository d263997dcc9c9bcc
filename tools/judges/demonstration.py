"""A portal to be judged: a demonstration on a database of its own, served by the production server."""

import os
import secrets
import socket
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.config import PROJECT
from tools.judges.portal import Portal

_PROGRAM = PROJECT / ".venv" / "bin" / "portal"
_PATIENCE = 60


@contextmanager
def served(folder: Path) -> Iterator[Portal]:
    """Make a demonstration in a folder and serve it while the block runs.

    Raises:
        subprocess.CalledProcessError: the demonstration could not be made.
        TimeoutError: the server does not answer.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "PORTAL_ENVIRONMENT": "development",
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "PORTAL_STORAGE_DIR": f"{folder}/storage",
        "PORTAL_BASE_URL": address,
        "PORTAL_DEMO_PASSWORD": secrets.token_urlsafe(12),
    }
    subprocess.run([_PROGRAM, "init", "--demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [_PROGRAM, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        portal = Portal(address)
        _wait_for(portal)
        yield portal
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(portal: Portal) -> None:
    patience = time.monotonic() + _PATIENCE
    while time.monotonic() < patience:
        try:
            if portal.answer("/readyz").status == 200:
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(f"{portal.address} is not ready after {_PATIENCE} seconds")
