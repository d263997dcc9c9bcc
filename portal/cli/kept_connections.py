"""Waitress with one thing mended: after a 304 the connection stays open.

Waitress 3.0.2 closes it, as after any answer without a length; but a 304 has no body whose end would have to be seen,
and whoever comes back to a page asks for many of them.
"""

from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from waitress.task import WSGITask


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


def listen(app: Flask, **adjustments: Any) -> BaseWSGIServer | MultiSocketServer:
    """Make the server; ``adjustments`` are waitress's own.

    Raises:
        OSError: the address is taken, or not ours.
    """
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, **adjustments)
    for one in sockets.values():
        # A name with several addresses has a server for each.
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
    return server
