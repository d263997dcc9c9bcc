"""Waitress with two things mended: after a 304 the connection stays open, and no stranger's long body is stored.

Waitress 3.0.2 closes it, as after any answer without a length; but a 304 has no body whose end would have to be seen,
and whoever comes back to a page asks for many of them. What is refused by its head stands in ``early_refusals.py``.
"""

from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from waitress.task import WSGITask

from portal.cli.early_refusals import long_bodies_of, parser_of


class Task(WSGITask):
    """One answer."""

    def set_close_on_finish(self) -> None:
        """Close the connection, unless all there is to say was said in the headers."""
        request: Any = self.request
        asked = request.headers.get("CONNECTION", "").lower()
        if self.has_body or request.version != "1.1" or asked == "close":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """One connection."""

    task_class = Task

    def received(self, data: bytes) -> bool:
        """Take what has come; what follows a refused head is no request, and is let fall."""
        if any(getattr(one, "refused", False) for one in self.requests):
            return True
        more: bool = super().received(data)
        return more


def listen(app: Flask, **adjustments: Any) -> BaseWSGIServer | MultiSocketServer:
    """Make the server; ``adjustments`` are waitress's own.

    Raises:
        OSError: the address is taken, or not ours.
    """
    channel = type("AppChannel", (Channel,), {"parser_class": parser_of(long_bodies_of(app))})
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, **adjustments)
    for one in sockets.values():
        # A name with several addresses has a server for each.
        if isinstance(one, BaseWSGIServer):
            one.channel_class = channel
    return server
