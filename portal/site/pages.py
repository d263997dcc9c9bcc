"""Home page, search, about."""

from flask import Blueprint

site = Blueprint("site", __name__)


@site.get("/")
def home() -> str:
    """Stub."""
    return ""


@site.get("/search")
def search() -> str:
    """Stub."""
    return ""


@site.get("/about")
def about() -> str:
    """Stub."""
    return ""
