"""One file that holds a copy of the database and every file that people handed in, each under its hash.

The format is a plain tar: ``portal-backup.json`` (its version), ``database`` (an SQLite file or a PostgreSQL dump), and
``files/<room>/<sha256>``. Version 1 was the copy of the database alone; it can still be put back.
"""

import hashlib
import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal.backup.verifying import Damaged

VERSION = 2
_ABOUT, _DATABASE = "portal-backup.json", "database"
_STORED = re.compile(r"files/([a-z][a-z_-]{0,40})/([0-9a-f]{64})")
_HASH = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1024 * 1024


def pack(database: Path, storage: Path, target: Path) -> int:
    """Put a copy of a database and all files of a storage folder into one file; return how many files there are.

    The copy of the database comes first: a row never names a file that is not yet there.

    Raises:
        Damaged: a file is not what its name says.
    """
    count = 0
    with tarfile.open(target, "w") as bundle:
        about = json.dumps({"version": VERSION}).encode()
        bundle.addfile(_member(_ABOUT, len(about)), io.BytesIO(about))
        with database.open("rb") as content:
            bundle.addfile(_member(_DATABASE, database.stat().st_size), content)
        for room, path in _stored(storage):
            try:
                with path.open("rb") as content:
                    read = _Hashing(content)
                    bundle.addfile(_member(f"files/{room}/{path.name}", path.stat().st_size), read)
            except FileNotFoundError:
                continue  # erased since it was listed
            if read.digest.hexdigest() != path.name:
                raise Damaged(f"存储里的文件损坏：{room}/{path.name}")
            count += 1
    return count


def is_bundle(source: Path) -> bool:
    """Whether a backup holds files as well; else it is a copy of the database alone."""
    return tarfile.is_tarfile(source)


def unpack(source: Path, database: Path, storage: Path) -> int:
    """Lay the database and the files of a backup down in new places; return how many files there are.

    Raises:
        Damaged: a part is missing, of an unknown version, or not what its name says.
    """
    count, found = 0, set[str]()
    try:
        with tarfile.open(source, "r:") as bundle:
            for member in bundle:
                found.add(member.name)
                content = bundle.extractfile(member)
                if content is None:
                    raise Damaged(f"备份里有不认识的内容：{member.name}")
                if member.name == _ABOUT:
                    _require_known(content.read(_BLOCK))
                elif member.name == _DATABASE:
                    with database.open("wb") as target:
                        shutil.copyfileobj(content, target, _BLOCK)
                else:
                    _lay_down(member.name, content, storage)
                    count += 1
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise Damaged(f"备份文件损坏：{problem}") from problem
    if not {_ABOUT, _DATABASE} <= found:
        raise Damaged("备份不完整，里面没有数据库。")
    return count


def put_files(laid_down: Path, storage: Path) -> None:
    """Move files that were laid down to where the portal looks for them; what is there already stays."""
    for room, path in _stored(laid_down):
        target = storage / room / path.name[:2] / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)


def _stored(storage: Path) -> Iterator[tuple[str, Path]]:
    """Every kept file with its room; drafts of files that are being written are passed over."""
    for path in sorted(storage.glob("*/??/*")):
        if path.is_file() and _HASH.fullmatch(path.name):
            yield path.parent.parent.name, path


def _lay_down(name: str, content: IO[bytes], storage: Path) -> None:
    fits = _STORED.fullmatch(name)
    if fits is None:
        raise Damaged(f"备份里有不认识的内容：{name[:80]}")
    room, sha256 = fits.groups()
    target = storage / room / sha256[:2] / sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    read = _Hashing(content)
    with target.open("wb") as file:
        shutil.copyfileobj(read, file, _BLOCK)
    if read.digest.hexdigest() != sha256:
        raise Damaged(f"备份里的文件损坏：{room}/{sha256}")


def _require_known(about: bytes) -> None:
    try:
        version = json.loads(about)["version"]
    except (ValueError, KeyError, TypeError):
        version = None
    if version != VERSION:
        raise Damaged(f"备份的格式是第 {version} 版，这个版本的程序不认识。")


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Hashing(io.RawIOBase):
    """Hashes what is read from a file on its way."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        block = self._content.read(size)
        self.digest.update(block)
        return block
