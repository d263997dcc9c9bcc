"""Public pages carry an ETag of the ledger's state, so that a page that has not changed costs next to nothing."""

from flask import Flask, Response, request


def install(app: Flask) -> None:
    """Mark public pages for revalidation by their content."""

    @app.after_request
    def _tag(response: Response) -> Response:
        if request.path.startswith("/desk") or request.method not in ("GET", "HEAD"):
            return response
        if response.direct_passthrough:
            # A file: whoever sends it says how it is kept. Some servers make it look like a text that is known.
            return response
        if response.status_code == 200 and request.endpoint != "static" and not response.is_streamed:
            response.headers.setdefault("Cache-Control", "public, no-cache")
            response.add_etag(weak=True)
            response.make_conditional(request)
        return response
