"""Pages and assets leave compressed: a phone on a bad line loads an eighth of the bytes.

Compressed is what everybody may read. What is one reader's own (the desk, a gift looked up by its code) is not: beside
what a page repeats from its address, the length of a compressed secret would tell the secret (BREACH).
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

LEAST_BYTES = 512
"""Less than that is one packet either way."""
PAGE_LEVEL, ASSET_LEVEL = 4, 9
"""A page is packed for each answer (level 6 takes half as long again for a hundredth less), an asset once."""
MEDIA_TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/csv",
        "text/plain",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/xml",
        "application/atom+xml",
        "application/ld+json",
        "image/svg+xml",
    }
)


def install(app: Flask) -> None:
    """Compress what may be, as the last act but the log's line."""
    app.after_request(_compress)


def packed(body: bytes, level: int = PAGE_LEVEL) -> bytes:
    """A body in gzip; the same bytes for the same body at any time."""
    return gzip.compress(body, compresslevel=level, mtime=0)


def accepts_gzip() -> bool:
    """Whether this reader takes gzip (``gzip;q=0`` says no)."""
    return request.accept_encodings.quality("gzip") > 0


def _compress(response: Response) -> Response:
    if not _may_be(response):
        return response
    response.vary.add("Accept-Encoding")
    asset = _asset_of(response)
    if response.status_code != 200 or not accepts_gzip() or (asset is None and response.is_streamed):
        return response
    body = _packed_asset(asset, asset.stat().st_mtime_ns) if asset else _packed_page(response)
    if body is None:
        return response
    if asset is not None:
        response.direct_passthrough = False
        # The same file in another form: only a weak name may stand for both.
        response.set_etag(response.get_etag()[0] or "", weak=True)
        response.headers["Accept-Ranges"] = "none"
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _may_be(response: Response) -> bool:
    return (
        response.mimetype in MEDIA_TYPES
        and "Content-Encoding" not in response.headers
        and not response.cache_control.no_store
        and not response.cache_control.private
        and not request.path.startswith("/desk")
    )


def _packed_page(response: Response) -> bytes | None:
    if response.direct_passthrough or "Range" in request.headers:
        return None
    body = response.get_data()
    return packed(body) if len(body) >= LEAST_BYTES else None


def _asset_of(response: Response) -> Path | None:
    """The file under ``static`` that is sent whole, if it is one."""
    folder, values = current_app.static_folder, request.view_args or {}
    if request.endpoint != "static" or folder is None or response.status_code != 200:
        return None
    return Path(folder, str(values["filename"]))


@lru_cache(maxsize=64)
def _packed_asset(path: Path, _changed: int) -> bytes:
    # The time is part of the key only, so that a file edited while serving is packed anew.
    return packed(path.read_bytes(), ASSET_LEVEL)
