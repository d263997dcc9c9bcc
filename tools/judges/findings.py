"""What a judge says: what it looked at, and everything that it found."""

from collections.abc import Callable
from typing import NamedTuple


class Report(NamedTuple):
    """The words of one judge. No finding means that all it looked at is in order."""

    looked_at: str
    findings: list[str]


class Blind(Exception):
    """A judge was silent about a fault that was planted for it; what it says of the portal means nothing."""


class Judge(NamedTuple):
    """One judge: ``planted`` is what it finds in a planted fault, ``examine`` what it says of the portal."""

    name: str
    planted: Callable[[], list[str]]
    examine: Callable[[], Report]

    def speak(self) -> Report:
        """Show that the judge sees, then let it judge.

        Raises:
            Blind: it does not see what was planted.
        """
        if not self.planted():
            raise Blind(f"{self.name} is silent about the planted fault")
        return self.examine()
