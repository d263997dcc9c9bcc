"""Where files of reports lie: those of a passing state in a folder of their own, published ones with what is kept.

Made files are no part of a backup: they can be made again.
"""

import os
import tempfile
from pathlib import Path

from flask import current_app

from portal.config import Settings
from portal.disclosure.report_models import MadeReport, PublishedReport
from portal.files import storage

ROOM = "published-reports"
_MADE = "report-cache"


def folder() -> Path:
    """The folder of made files."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    path = Path(settings.storage_dir) / _MADE
    path.mkdir(parents=True, exist_ok=True)
    return path


def lay_down(content: bytes) -> str:
    """Keep a made file, whole or not at all; return its hash."""
    name = storage.sha256_of(content)
    handle, draft = tempfile.mkstemp(dir=folder(), prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(_path(name))
    finally:
        Path(draft).unlink(missing_ok=True)
    return name


def made_file(report: MadeReport) -> Path | None:
    """The file of a made report, if it still lies there whole."""
    path = _path(report.sha256)
    try:
        return path if path.stat().st_size == report.size_bytes else None
    except OSError:
        return None


def published_file(report: PublishedReport) -> Path | None:
    """The file of a published report, if it is still kept."""
    return storage.path_of(ROOM, report.sha256)


def publish(report: MadeReport) -> bool:
    """Keep a made file for good; False when it is gone or damaged."""
    path = made_file(report)
    if path is None:
        return False
    content = path.read_bytes()
    return storage.sha256_of(content) == report.sha256 and storage.keep(ROOM, content) == report.sha256


def forget(sha256: str) -> None:
    """Delete a made file."""
    _path(sha256).unlink(missing_ok=True)


def forget_published(sha256: str) -> None:
    """Delete a published file, whose words must not be shown any more."""
    storage.forget(ROOM, sha256)


def _path(sha256: str) -> Path:
    return folder() / f"{sha256}.pdf"
