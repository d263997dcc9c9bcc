"""The versioned JSON API of the public books and its OpenAPI description."""

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
