"""What a process that sets reports may not do: take more than its share, or reach for the network.

Nothing that is printed is ever read as markup or as an address (``fonts.py``). This is the second wall: should a
library of tomorrow follow an address in a donor's remark, there is no way out. The database is spoken to by its own
driver, whose connections this does not touch.
"""

import resource
import sys
from typing import Any

MEMORY = 1_000 * 1024 * 1024
SECONDS = 300

_REFUSED = (
    "socket.",
    "urllib.",
    "http.client.",
    "ftplib.",
    "smtplib.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)
"""Beginnings of the interpreter's audit events (PEP 578) that a report has no use for."""


class Confined(Exception):
    """A process that sets a report reached for what it may not have."""


def confine() -> None:
    """Hold this process to its share from now on; there is no way back."""
    _lower(resource.RLIMIT_AS, MEMORY)
    _lower(resource.RLIMIT_CPU, SECONDS)
    sys.addaudithook(_refuse)


def _lower(kind: int, most: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (limit, limit))


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED):
        raise Confined(event)
