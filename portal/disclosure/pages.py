"""The public books: ledger, entries, profiles, bills."""

from flask import Blueprint

disclosure = Blueprint("disclosure", __name__)
