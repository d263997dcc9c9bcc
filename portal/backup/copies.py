"""``portal backup`` and ``portal restore``: a copy counts only when everything in it has been recomputed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal.backup import postgresql_dumps, sqlite_copies
from portal.backup.verifying import Contents, Damaged, require_sound
from portal.config import Settings
from portal.db import db
from portal.refusals import Conflict
from portal.translog import publishing
from portal.translog.beginning import signer_of
from portal.translog.signing import SignerRefusal

AppOf = Callable[[Settings], Flask]
"""Makes an app of settings, to look into a copy with."""


@dataclass(frozen=True)
class Backup:
    """A copy that was made. ``contents`` is None where only the database's own tools have looked into it."""

    file: Path
    sha256: str
    contents: Contents | None


@dataclass(frozen=True)
class Restored:
    """What was put back. ``missing`` counts the signed leaves that the copy does not hold."""

    aside: Path | None
    leaves: int
    missing: int
    problem: str


def back_up(settings: Settings, target: Path, app_of: AppOf) -> Backup:
    """Copy the books to a file while the site writes, and look into the copy.

    Raises:
        Conflict: the file is there already.
        Damaged: the copy is not sound; it is kept under the name with ``.doubtful``.
    """
    if target.exists():
        raise Conflict(f"{target} 已经存在，换一个文件名。")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.doubtful")
    database = settings.database_file
    contents = None
    if database is not None:
        sqlite_copies.copy(database, draft)
        contents = _look_into(settings, draft, app_of)
    else:
        postgresql_dumps.copy(settings.database_url, draft)
    draft.chmod(0o600)
    draft.rename(target)
    sqlite_copies.sync(target)
    with target.open("rb") as file:
        return Backup(target, hashlib.file_digest(file, "sha256").hexdigest(), contents)


def restore(settings: Settings, source: Path, app_of: AppOf) -> Restored:
    """Put a copy back, and say what the signer has signed beyond it.

    Raises:
        Damaged: the copy is not sound; nothing was changed.
        Conflict: the site is running on the database.
    """
    if not source.is_file():
        raise Damaged(f"没有这个文件：{source}")
    database, aside = settings.database_file, None
    if database is not None:
        draft = database.with_name(f"{database.name}.restoring")
        sqlite_copies.copy(source, draft)
        _look_into(settings, draft, app_of)
        aside = sqlite_copies.put_back(draft, database)
    else:
        postgresql_dumps.require_whole(source)
        postgresql_dumps.put_back(source, settings.database_url)
    app = app_of(settings)
    contents = require_sound(app)
    with app.app_context():
        try:
            publishing.check(db.session(), signer_of(settings))
            problem, missing = "", 0
        except SignerRefusal as refusal:
            signed = signer_of(settings).signed().size
            problem, missing = str(refusal), max(signed - contents.leaves, 0)
        db.session.remove()
    return Restored(aside, contents.leaves, missing, problem)


def _look_into(settings: Settings, copied: Path, app_of: AppOf) -> Contents:
    contents = require_sound(app_of(settings.model_copy(update={"database_url": f"sqlite:///{copied}"})))
    # Looking turned the copy's journal on; settle it, so that the one file is the whole copy.
    for rest in ("-wal", "-shm"):
        copied.with_name(copied.name + rest).unlink(missing_ok=True)
    return contents
