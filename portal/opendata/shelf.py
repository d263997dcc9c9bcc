"""Files kept on disk: each is made once for a state of its slice, and again only when that state is another.

A file of an old state goes as soon as anybody asks for a newer one, and at the latest when the keeper sweeps, so that a
name that was withdrawn is not left lying about.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.opendata.slices import Slice

LAYOUT = "2"
"""Raised when the same books are to give other files than before."""

MORE = "~"
"""In a name, before it stands what the file hangs on besides the state of its slice."""

_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A file as it lies on the shelf."""

    path: Path
    bytes: int
    sha256: str


class Shelf:
    """A folder of files: one folder a slice, in it one a state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / LAYOUT

    def lying(self, one: Slice, name: str) -> Kept | None:
        """A file of the present state, if it was made already."""
        path = self._folder / one.name / one.key / name
        try:
            facts = json.loads(_facts_of(path).read_text())
            return Kept(path, **facts) if path.stat().st_size == facts["bytes"] else None
        except (OSError, ValueError, KeyError):
            return None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever put on it."""
        return not self._folder.exists()

    def sizes(self, one: Slice) -> dict[str, int]:
        """The files of the present state that lie there, by name, and their length in bytes."""
        found = (self._folder / one.name / one.key).glob("[!.]*")
        return {path.name.rpartition(MORE)[2]: path.stat().st_size for path in found}

    def take(self, one: Slice, name: str, make: Callable[[Path], None]) -> Kept:
        """A file of the present state; whoever asks first has it made, others wait for it."""
        found = self.lying(one, name)
        if found is not None:
            return found
        with self._alone(f"{one.name}.{name}"):
            found = self.lying(one, name)
            if found is not None:
                return found
            path = self._folder / one.name / one.key / name
            path.parent.mkdir(parents=True, exist_ok=True)
            made = _make(path, make)
        self._clear(one.name, one.key)
        return made

    def sweep(self, slices: Iterable[Slice]) -> int:
        """Remove every file of a state that is no longer, or of an older layout; return how many folders went."""
        states = {one.name: one.key for one in slices}
        folders = [path for path in self._folder.glob("*") if path.is_dir()]
        layouts = [path for path in self._folder.parent.glob("[0-9]*") if path.name != LAYOUT]
        for path in layouts:
            shutil.rmtree(path, ignore_errors=True)
        return len(layouts) + sum(self._clear(path.name, states.get(path.name)) for path in folders)

    def _clear(self, name: str, key: str | None) -> int:
        old = [path for path in (self._folder / name).glob("*") if path.is_dir() and path.name != key]
        for path in old:
            # Whoever is just sending one of its files has it open, and sends it to the end.
            shutil.rmtree(path, ignore_errors=True)
        return len(old)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f".{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _make(path: Path, make: Callable[[Path], None]) -> Kept:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        make(draft)
        kept = Kept(path, draft.stat().st_size, sha256_of(draft))
        facts = {key: value for key, value in asdict(kept).items() if key != "path"}
        draft.chmod(0o644)
        draft.replace(path)
        _facts_of(path).write_text(json.dumps(facts))
    finally:
        draft.unlink(missing_ok=True)
    _remove_others(path)
    return kept


def _remove_others(path: Path) -> None:
    """Remove what was made of the same file for other circumstances."""
    _key, more, name = path.name.partition(MORE)
    for other in path.parent.glob(f"*{MORE}{name}") if more else ():
        if other != path:
            _facts_of(other).unlink(missing_ok=True)
            other.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The hash of a file, read block by block."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _facts_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.json")
