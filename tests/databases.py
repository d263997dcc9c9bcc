"""Databases for tests: an SQLite file and a throw-away PostgreSQL cluster, each copied from a migrated template."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from portal import create_app
from portal.config import PROJECT, Settings
from portal.db import db

ENGINES = ("sqlite", "postgresql")
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c recovery_init_sync_method=syncfs"
_SERVER_OPTIONS = "-c listen_addresses='' -c shared_buffers=64MB"


class ClusterError(RuntimeError):
    """PostgreSQL could not be started; tests that need it fail, they are not skipped."""


class Cluster:
    """A PostgreSQL server of our own, reachable through a socket in its folder only."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._options = f"-k {folder} {_SERVER_OPTIONS} {_DURABLE if durable else _FAST}"

    def start(self) -> None:
        """Start the server, and wait until it has recovered from whatever happened to it."""
        log = self.folder / "log"
        _run([_programs() / "pg_ctl", "-D", self.data, "-o", self._options, "-l", log, "-w", "start"])

    def stop(self) -> None:
        """Stop the server at once."""
        _run([_programs() / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"])

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement that no transaction may hold."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def copy(self, template: str, name: str) -> str:
        """Make a database from a template and return its address."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster, and stop and remove it at the end; ``durable`` is slow, and survives being killed."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder, durable=durable)
    _run(
        [
            _programs() / "initdb",
            "-D",
            cluster.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
    )
    cluster.start()
    try:
        yield cluster
    finally:
        try:
            cluster.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def build(url: str) -> None:
    """Migrate an empty database to the newest schema."""
    app = create_app(Settings(environment="test", database_url=url))
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def settle_sqlite(path: Path) -> None:
    """Bring everything into the one file, so that copying it copies the database."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not folders:
        raise ClusterError("PostgreSQL is not installed; install the Debian package postgresql")
    return folders[-1]


def _run(command: list[Path | str]) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise ClusterError(f"{words[0]} failed: {done.stderr or done.stdout}")
