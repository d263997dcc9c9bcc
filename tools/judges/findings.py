"""What a judge says: what it looked at, and everything that it found."""

import time
from collections.abc import Callable, Sequence
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


def hear(judges: Sequence[Judge]) -> list[str]:
    """Let every judge speak, and print it; the names of those that found something, or could not look."""
    loud = []
    for judge in judges:
        begun = time.monotonic()
        try:
            looked_at, findings = judge.speak()
        except Blind as blind:
            looked_at, findings = "nothing", [str(blind)]
        except Exception as problem:  # noqa: BLE001 - whatever stops one judge, the others are heard
            looked_at, findings = "nothing", [f"it could not run: {type(problem).__name__}: {problem}"]
        seconds = time.monotonic() - begun
        print(f"== {judge.name}: {len(findings)} findings; {looked_at} ({seconds:.0f} s)", flush=True)
        for finding in findings:
            print(f"   {finding}", flush=True)
        if findings:
            loud.append(judge.name)
    return loud
