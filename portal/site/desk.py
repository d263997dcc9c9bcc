"""The desk's first page and the queue of what waits for review."""

from flask import Blueprint

site_desk = Blueprint("site_desk", __name__, url_prefix="/desk")
