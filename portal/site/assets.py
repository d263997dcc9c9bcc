"""Static files: addressed by a hash of their content, so that a browser may keep them for a year."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

KEEP_FOR_A_YEAR = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    """Add ``?v=…`` to every address of a static file, and let files asked for that way be kept."""
    folder = Path(app.static_folder) if app.static_folder else None

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and folder is not None and "filename" in values:
            version = _version(folder / values["filename"])
            if version:
                values["v"] = version

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = KEEP_FOR_A_YEAR if "v" in request.args else "public, no-cache"
        return response


def _version(path: Path) -> str | None:
    try:
        changed = path.stat()
    except OSError:
        return None
    return _digest(path, (changed.st_mtime_ns, changed.st_size))


@lru_cache(maxsize=256)
def _digest(path: Path, _state: tuple[int, int]) -> str:
    # Time and size are part of the key only, so that a file edited while serving gets its new hash.
    return sha256(path.read_bytes()).hexdigest()[:12]
