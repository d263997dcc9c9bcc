"""A site in which nothing is right, for judges that want an address: the planted files, and ``/broken`` (500)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tools.judges.installed import PLANTED


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Break down, or give a file."""
        if self.path.startswith("/broken"):
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(PLANTED)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
