"""Long answers take turns: only so many are made or sent at a time, because each keeps a thread of the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TypeVar

from portal.i18n import gettext as _
from portal.refusals import Unavailable

AT_A_TIME = 3
_slots = BoundedSemaphore(AT_A_TIME)

Piece = TypeVar("Piece")


class Turn:
    """One of the few. It ends with the last piece, or when the reader goes away.

    Raises:
        Unavailable: all turns are taken.
    """

    def __init__(self) -> None:
        if not _slots.acquire(blocking=False):
            raise Unavailable(_("正在下载的人太多，请过一会儿再试。"))
        self._ended = False

    def end(self) -> None:
        """Make room; once, however often it is called."""
        if not self._ended:
            self._ended = True
            _slots.release()

    def during(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """The pieces, and the end after them."""
        try:
            yield from pieces
        finally:
            self.end()


@contextmanager
def taking_turns() -> Iterator[None]:
    """Hold a turn while something long is made; raises as ``Turn``."""
    turn = Turn()
    try:
        yield
    finally:
        turn.end()
