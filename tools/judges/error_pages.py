"""The portal's error pages, served by the portal itself with its database away: nobody breaks a portal to see them."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from portal import create_app
from portal.config import Settings
from portal.site import errors
from tools.judges.pages import Page


@contextmanager
def served() -> Iterator[str]:
    """The address of a portal in which ``/errors/<code>`` is every error that has a page."""
    app = create_app(Settings(environment="test", database_url="sqlite:////nowhere/portal.sqlite3"))

    @app.get("/errors/<int:code>")
    def error(code: int) -> ResponseReturnValue:
        """The error of this number."""
        abort(code)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def pages() -> list[Page]:
    """One page for each error."""
    return [Page(f"error-{code}", f"/errors/{code}", code) for code in errors.PAGES]
