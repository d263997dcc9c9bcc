"""``portal backup`` and ``portal restore``: a copy counts only when everything in it has been recomputed."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal.backup import bundles, postgresql_dumps, sqlite_copies
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
    """A copy that was made, with so many files that people handed in.

    ``contents`` is None where only the database's own tools have looked into it.
    """

    file: Path
    sha256: str
    files: int
    contents: Contents | None


@dataclass(frozen=True)
class Restored:
    """What was put back. ``missing`` counts the signed leaves that the copy does not hold."""

    aside: Path | None
    leaves: int
    missing: int
    problem: str
    files: int


def back_up(settings: Settings, target: Path, app_of: AppOf) -> Backup:
    """Copy the books and every kept file to one file while the site writes, and look into the copy.

    Raises:
        Conflict: the file is there already.
        Damaged: the copy is not sound; that of the database is kept under the name with ``.doubtful``.
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
    bundle = target.with_name(f"{target.name}.packing")
    bundle.touch(mode=0o600)
    try:
        files = bundles.pack(draft, Path(settings.storage_dir), bundle)
        bundle.rename(target)
    finally:
        bundle.unlink(missing_ok=True)
    draft.unlink()
    sqlite_copies.sync(target)
    with target.open("rb") as file:
        return Backup(target, hashlib.file_digest(file, "sha256").hexdigest(), files, contents)


def restore(settings: Settings, source: Path, app_of: AppOf) -> Restored:
    """Put a copy back, and say what the signer has signed beyond it.

    Raises:
        Damaged: the copy is not sound; nothing was changed.
        Conflict: the site is running on the database.
    """
    if not source.is_file():
        raise Damaged(f"没有这个文件：{source}")
    with _unpacked(settings, source) as (copied, laid_down, files):
        aside = _put_back(settings, copied, laid_down, app_of)
        if laid_down is not None:
            bundles.put_files(laid_down, Path(settings.storage_dir))
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
    return Restored(aside, contents.leaves, missing, problem, files)


@contextmanager
def _unpacked(settings: Settings, source: Path) -> Iterator[tuple[Path, Path | None, int]]:
    """The copy of the database in a backup, the folder with its files, and how many; an old backup has none."""
    if not bundles.is_bundle(source):
        yield source, None, 0
        return
    storage = Path(settings.storage_dir)
    storage.parent.mkdir(parents=True, exist_ok=True)
    # Beside the storage folder, so that what is sound is moved there and not copied again.
    folder = Path(tempfile.mkdtemp(prefix=f".{storage.name}-restoring-", dir=storage.parent))
    try:
        files = bundles.unpack(source, folder / "database", folder / "files")
        yield folder / "database", folder / "files", files
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_back(settings: Settings, copied: Path, laid_down: Path | None, app_of: AppOf) -> Path | None:
    """Put a copy of the database back once it is found sound; return where the old one went."""
    database = settings.database_file
    if database is None:
        postgresql_dumps.require_whole(copied)
        postgresql_dumps.put_back(copied, settings.database_url)
        return None
    draft = database.with_name(f"{database.name}.restoring")
    sqlite_copies.copy(copied, draft)
    _look_into(settings.model_copy(update={"storage_dir": laid_down or settings.storage_dir}), draft, app_of)
    return sqlite_copies.put_back(draft, database)


def _look_into(settings: Settings, copied: Path, app_of: AppOf) -> Contents:
    contents = require_sound(app_of(settings.model_copy(update={"database_url": f"sqlite:///{copied}"})))
    # Looking turned the copy's journal on; settle it, so that the one file is the whole copy.
    for rest in ("-wal", "-shm"):
        copied.with_name(copied.name + rest).unlink(missing_ok=True)
    return contents
