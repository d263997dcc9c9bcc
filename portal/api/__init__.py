"""The versioned JSON API of the public books and its OpenAPI description."""

from portal.api import readable, views
from portal.api.blueprint import blueprint

__all__ = ["blueprint", "readable", "views"]
