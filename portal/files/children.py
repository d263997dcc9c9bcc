"""Have a stranger's file read in a child process: a bomb in it breaks the child, and the next request is served.

The programs are run by their path, know nothing of the portal, and set their own limits on memory and time.
"""

import io
import pickle
import subprocess
import sys
from typing import Any

_ALLOWED = {("datetime", name) for name in ("date", "datetime", "time", "timedelta")}
_SPARE_SECONDS = 5


class ChildFailed(Exception):
    """The child gave no answer; ``too_much`` when it took more memory or time than it may."""

    def __init__(self, *, too_much: bool) -> None:
        super().__init__("too much" if too_much else "no answer")
        self.too_much = too_much


class _PlainUnpickler(pickle.Unpickler):
    """Takes plain values from the child, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        """Only days and times."""
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def ask(program: str, content: bytes, seconds: int) -> tuple[str, Any]:
    """Run a program on a content; return why it refuses (empty when it does not) and what it made.

    Raises:
        ChildFailed: there is no answer.
    """
    try:
        child = subprocess.run(  # noqa: S603 - our own file by our own interpreter; the stranger's is only its input
            [sys.executable, "-I", program],
            input=content,
            capture_output=True,
            timeout=seconds + _SPARE_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildFailed(too_much=True) from None
    if child.returncode:
        raise ChildFailed(too_much=child.returncode < 0)
    try:
        why, made = _PlainUnpickler(io.BytesIO(child.stdout)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError):
        raise ChildFailed(too_much=False) from None
    return why, made
