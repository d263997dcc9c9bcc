"""Once a day everything is recomputed, in a process of its own: a visitor's page never waits for it.

In the site's own process the check of millions of entries made pages several times slower while it ran.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from portal.config import PROJECT, Settings
from portal.jobs.starting import environment_of

PROGRAM = "portal.workers.checking"
_DAY_SECONDS = 24 * 3600
_HOUR_SECONDS = 3600


class CheckFailed(Exception):
    """The process ended without an answer; the check is begun again after an hour."""


@dataclass(frozen=True)
class Found:
    """What a check found: how many entries there are, the kinds of differences, and guards that are missing."""

    entries: int
    kinds: Sequence[str]
    guards: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.kinds and not self.guards


class DailyCheck:
    """Begins the check when it is due, and hands its findings on once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._due_at = time.monotonic()

    def look(self) -> Found | None:
        """What a check found that has ended since the last look; None while there is nothing to tell.

        Raises:
            CheckFailed: it ended without an answer.
        """
        if self._child is None:
            if time.monotonic() >= self._due_at:
                self._child = self._begun()
                self._due_at = time.monotonic() + _DAY_SECONDS
            return None
        if self._child.poll() is None:
            return None
        said, _nothing = self._child.communicate()
        self._child = None
        try:
            return Found(**json.loads(said))
        except ValueError:
            self._due_at = time.monotonic() + _HOUR_SECONDS
            raise CheckFailed from None

    @property
    def running(self) -> bool:
        """Whether a check was begun that nobody has heard of yet."""
        return self._child is not None

    def wait(self) -> None:
        """Until the check that was begun has ended."""
        if self._child is not None:
            self._child.wait()

    def _begun(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", PROGRAM],
            cwd=PROJECT,
            env={**os.environ, **environment_of(self._settings)},
            # Held open and never written to: the check ends when the site does.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
