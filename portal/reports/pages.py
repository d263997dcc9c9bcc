"""Reports to read and to download."""

from flask import Blueprint

reports = Blueprint("reports", __name__)
