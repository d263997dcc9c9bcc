"""The blueprint that all public pages of the books share."""

from flask import Blueprint

disclosure = Blueprint("disclosure", __name__)
