"""A writer: ``python -m bench.soak.writer DATABASE_URL KEY_FILE JOURNAL SEED``, or a child of the nursery.

It stops when it is told to (SIGTERM), when whoever started it is gone, when the database is, or at its crash point.
"""

import argparse
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import OperationalError

from bench.soak.desk import Desk, LostContact
from bench.soak.journal import Journal
from portal import create_app
from portal.config import Settings

STOPPED = 0
LOST_CONTACT = 3
"""The exit status of a writer whose database went away."""


@dataclass(frozen=True)
class Orders:
    """What one writer is to do; ``crash_at`` becomes deadly after so many turns of work."""

    journal: str
    seed: int
    shared: str = "shared"
    crash_at: str | None = None
    crash_after: int = 0


def build(database_url: str, key_file: Path) -> Flask:
    """The app of a writer."""
    return create_app(
        Settings(
            environment="test",
            database_url=database_url,
            storage_dir=key_file.parent / "storage",
            signing_key_file=key_file,
        )
    )


def write(app: Flask, orders: Orders) -> int:
    """Write until told to stop; return the exit status."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    parent, turns = os.getppid(), 0
    try:
        desk = Desk(app, Journal(Path(orders.journal)), orders.seed, orders.shared)
        while not stopped and os.getppid() == parent:
            if orders.crash_at and turns == orders.crash_after:
                os.environ["CRASH_AT"] = orders.crash_at
            desk.work()
            turns += 1
    except (LostContact, OperationalError):
        traceback.print_exc()
        return LOST_CONTACT
    return STOPPED


def main() -> None:
    """Be one writer."""
    parser = argparse.ArgumentParser(description="Send commands to the portal's services until stopped.")
    parser.add_argument("database_url")
    parser.add_argument("key_file", type=Path, help="the log's signing key")
    parser.add_argument("journal")
    parser.add_argument("seed", type=int)
    parser.add_argument(
        "--shared", default="shared", help="first part of the keys that writers have in common"
    )
    parser.add_argument("--crash-at", help="one of portal.crashing.POINTS; it needs PORTAL_ENVIRONMENT=test")
    parser.add_argument(
        "--crash-after", type=int, default=0, help="turns of work before that point is deadly"
    )
    given = vars(parser.parse_args())
    app = build(given.pop("database_url"), given.pop("key_file"))
    sys.exit(write(app, Orders(**given)))


if __name__ == "__main__":
    main()
