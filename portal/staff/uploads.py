"""How much may be sent: a form's worth to every address, files only to those that take them, from who may use them."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from portal.config import Settings
from portal.staff.access import TABLE, identify, settings

MEGABYTE = 1024 * 1024
FORM_BYTES = MEGABYTE
"""What is sent without a file; the longest form of the desk takes half of it."""

_MOST = "most_bytes_of_files"

View = TypeVar("View", bound=Callable[..., Any])
Most = Callable[[Settings], int]


def usual(stated: Settings) -> int:
    """As much as a file may be large."""
    return stated.max_upload_megabytes * MEGABYTE


def takes_files(most: Most = usual) -> Callable[[View], View]:
    """Above a view: files may be sent to it."""

    def mark(view: View) -> View:
        setattr(view, _MOST, most)
        return view

    return mark


def most_of(app: Flask, endpoint: str | None) -> Most | None:
    """How much an address takes, if it takes files at all."""
    most: Most | None = getattr(app.view_functions.get(endpoint or ""), _MOST, None)
    return most


def install(app: Flask) -> None:
    """Take no more than a form, but for views that take files."""
    app.config["MAX_CONTENT_LENGTH"] = FORM_BYTES
    app.url_value_preprocessor(_take_more)


def _take_more(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let who may use an address send what it takes; this runs before anything of the body is read."""
    most = most_of(current_app, endpoint)
    if most is None or request.method != "POST":
        return
    found = identify()
    access = TABLE.get(endpoint or "")
    if found is not None and access is not None and found[0].role in access.roles:
        request.max_content_length = most(settings())
