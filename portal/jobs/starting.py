"""Start the process that does a piece of work: the same code and settings, apart from the server's own process."""

import os
import subprocess
import sys

from flask import current_app
from pydantic import SecretStr

from portal.config import PROJECT, Settings

PROGRAM = "portal.workers.working"
PROGRAMS = {"report": "portal.workers.reporting"}
"""Kinds of work with a program of their own, which loads less."""

_children: list[subprocess.Popen[bytes]] = []


def start(job_id: int, kind: str) -> None:
    """Start a worker for a job that waits. A second worker for the same job finds it taken, and ends."""
    _children[:] = [one for one in _children if one.poll() is None]
    _children.append(
        subprocess.Popen(  # noqa: S603 - our own program, with a number
            [sys.executable, "-m", PROGRAMS.get(kind, PROGRAM), str(job_id)],
            cwd=PROJECT,
            env={**os.environ, **environment_of(current_app.config["PORTAL_SETTINGS"])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as the environment that makes them."""
    stated = {name: getattr(settings, name) for name in Settings.model_fields}
    return {
        f"PORTAL_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in stated.items()
        if value is not None
    }
