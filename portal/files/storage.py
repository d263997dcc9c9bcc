"""Files that people hand in, kept under the hash of their content, each kind in a room of its own."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from portal.config import Settings

_BLOCK = 1024 * 1024


def sha256_of(content: bytes) -> str:
    """The name under which a file is kept."""
    return hashlib.sha256(content).hexdigest()


def keep(room: str, content: bytes) -> str:
    """Keep a file, whole or not at all; the same content is kept once. Return its hash."""
    name = sha256_of(content)
    path = _path(room, name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return name


def keep_stream(room: str, stream: BinaryIO) -> str:
    """Keep a file that is too long for the memory, whole or not at all. Return its hash."""
    folder = _path(room, "").parent
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, draft = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            while block := stream.read(_BLOCK):
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        path = _path(room, digest.hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def path_of(room: str, name: str) -> Path | None:
    """Where a file lies that was kept, if it is still there."""
    path = _path(room, name)
    return path if path.is_file() else None


def kept(room: str, name: str) -> bytes | None:
    """The content of a file that was kept, if it is still there."""
    path = _path(room, name)
    return path.read_bytes() if path.is_file() else None


def is_whole(room: str, name: str) -> bool:
    """Whether a file is there and still is what its name says."""
    path = path_of(room, name)
    if path is None:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == name


def forget(room: str, name: str) -> None:
    """Delete a file for good."""
    _path(room, name).unlink(missing_ok=True)


def _path(room: str, name: str) -> Path:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return Path(settings.storage_dir) / room / name[:2] / name
