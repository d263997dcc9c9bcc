"""Copies of a PostgreSQL database: by its own programs, in its own format."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from portal.backup.verifying import Damaged
from portal.refusals import Conflict


def copy(url: str, target: Path) -> None:
    """Dump a database that may be written meanwhile: one snapshot of it.

    Raises:
        Damaged: the dump cannot be made or read.
    """
    _run(url, "pg_dump", "--format=custom", f"--file={target}")
    require_whole(target)


def require_whole(dump: Path) -> None:
    """Have PostgreSQL read a dump's list of contents; raises Damaged when it cannot."""
    _run(None, "pg_restore", "--list", str(dump))


def put_back(dump: Path, url: str) -> None:
    """Put a dump in the place of what a database holds, all or nothing; raises Damaged when it cannot."""
    _run(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))


def _run(url: str | None, program: str, *words: str) -> None:
    environment, command = dict(os.environ), [_program(program)]
    if url is not None:
        address = make_url(url)
        # The password goes by the environment: a command line can be read by everybody on the machine.
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
        plain = address.set(drivername="postgresql", password=None).render_as_string()
        command.append(f"--dbname={plain}")
    done = subprocess.run(  # noqa: S603 - our own words
        [*command, *words], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise Damaged(f"{program}：{lines[-1] if lines else done.returncode}")


def _program(name: str) -> str:
    """The newest of the installed programs of a name."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = next(
        (str(path / name) for path in reversed(folders) if (path / name).exists()), shutil.which(name)
    )
    if found is None:
        raise Conflict(f"找不到 {name}，请安装 Debian 软件包 postgresql-client。")
    return found
