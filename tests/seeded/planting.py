"""Plant a bug in a copy of the code and run the test that must see it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.config import PROJECT
from tests.seeded.bugs import Bug

NEEDED = ("portal", "tests", "templates", "static", "migrations", "setup.cfg", "pyproject.toml", "wsgi.py")
FAILED_TESTS = 1
"""What pytest exits with when tests ran and some failed; a copy that does not even load exits otherwise."""


def copy_code(folder: Path) -> None:
    """Copy the code, without what is made from it."""
    for name in NEEDED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)


def run(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run one test of the copy, on SQLite."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, "-k", "not postgresql", test],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def require_caught(folder: Path, bug: Bug) -> None:
    """Check that the bug's test turns red in the copy; the copy is sound again afterwards."""
    file = folder / bug.file
    sound = file.read_text()
    assert bug.old in sound, "the code has moved on: the bug no longer fits"
    try:
        file.write_text(sound.replace(bug.old, bug.new))
        told = run(folder, bug.test)
    finally:
        file.write_text(sound)
    assert told.returncode == FAILED_TESTS, told.stdout[-3000:] + told.stderr[-2000:]
