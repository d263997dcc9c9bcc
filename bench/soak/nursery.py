"""Where writers come from: a process that has built the app and forks a writer whenever it is told to.

Starting Python and building the app takes longer than a writer lives. What it is told and answers is one JSON object a
line: ``{"start": orders}`` is answered by the writer's process id, ``{"wait": pid}`` by its exit status.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from flask import Flask

from bench.soak.desk import Desk
from bench.soak.journal import Journal
from bench.soak.writer import Orders, build, write
from portal.db import db

PATIENCE_SECONDS = 60
_WARMING_TURNS = 8


def main() -> None:
    """Fork writers until nobody asks any more: ``python -m bench.soak.nursery DATABASE_URL KEY_FILE JOURNAL``."""
    database_url, key_file, journal = sys.argv[1:]
    app = build(database_url, Path(key_file))
    _warm_up(app, Path(journal))
    _answer("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            _answer(_fork(app, Orders(**asked["start"])))
        else:
            _answer(_await(asked["wait"]))


def _warm_up(app: Flask, journal: Path) -> None:
    """Work a little, so that writers begin with every statement built; then let go of the database."""
    desk = Desk(app, Journal(journal), seed=0, shared="warm-up")
    for _ in range(_WARMING_TURNS):
        desk.work()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fork(app: Flask, orders: Orders) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = write(app, orders)
    except BaseException:  # noqa: BLE001 - said on standard error; the child must never come back from here
        traceback.print_exc()
    finally:
        os._exit(status)


def _await(pid: int) -> int | None:
    """A writer's exit status (negative: the signal it died of), or None when it does not end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    return None


def _answer(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
