"""The internet platforms that the Ministry of Civil Affairs designated for public fundraising (慈善法 27).

The list is a file beside this one, ``platforms.csv`` (name, host): whoever keeps the portal adds a line when a new
batch is announced. A link elsewhere is refused, because it may be a trap (REQ-POS-03, REQ-POS-04).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Platform:
    """One designated platform: its name, and the host under which its pages stand."""

    name: str
    host: str


@cache
def platforms() -> tuple[Platform, ...]:
    """All designated platforms that are known here, by name."""
    with (Path(__file__).parent / "platforms.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(Platform(row["name"], row["host"]) for row in csv.DictReader(lines))


def platform_of(address: str) -> Platform | None:
    """The platform that an address leads to; None when it is no https page of a designated one."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or port is not None or parts.username is not None:
        return None
    return next((one for one in platforms() if host == one.host or host.endswith(f".{one.host}")), None)
