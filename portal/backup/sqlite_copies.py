"""Copies of an SQLite database: by SQLite's own online backup, never by copying a file that is being written."""

import os
import sqlite3
from pathlib import Path

from portal.backup.verifying import Damaged
from portal.periods import now
from portal.refusals import Conflict
from portal.translog.files import in_use

_PAGES = 2_000


def copy(database: Path, target: Path) -> None:
    """Copy a database that may be written meanwhile.

    Raises:
        Damaged: the copy does not hold together.
    """
    if not database.is_file():
        raise Damaged(f"没有这个数据库：{database}")
    target.unlink(missing_ok=True)
    source, copied = sqlite3.connect(database), sqlite3.connect(target)
    try:
        source.backup(copied, pages=_PAGES)
        copied.execute("PRAGMA journal_mode=DELETE")
        require_whole(copied)
    except sqlite3.DatabaseError as problem:
        raise Damaged(f"数据库复制不了：{problem}") from problem
    finally:
        source.close()
        copied.close()
    sync(target)


def require_whole(database: sqlite3.Connection) -> None:
    """Have SQLite check its own structure.

    Raises:
        Damaged: it finds something.
    """
    found = database.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Damaged(f"备份文件损坏：{found}")


def put_back(copied: Path, database: Path) -> Path | None:
    """Put a copy in the place of a database that nobody serves; return where the old one went.

    Raises:
        Conflict: a server is running on it.
    """
    with in_use(database, alone=True) as free:
        if not free:
            raise Conflict("网站正在使用这个数据库。请先停止 portal serve，再恢复备份。")
        aside = None
        if database.exists():
            _settle(database)
            aside = database.with_name(f"{database.name}.before-restore-{now():%Y%m%dT%H%M%S}")
            database.rename(aside)
        for rest in ("-wal", "-shm"):
            database.with_name(database.name + rest).unlink(missing_ok=True)
        copied.rename(database)
        sync(database)
        return aside


def sync(file: Path) -> None:
    """Have a file and its name on the disk."""
    for path, flags in ((file, os.O_RDONLY), (file.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _settle(database: Path) -> None:
    """Bring everything into the one file; a damaged one goes aside as it is."""
    connection = sqlite3.connect(database)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()
