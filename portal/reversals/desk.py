"""Staff ask for a reversal, and another person decides."""

from flask import Blueprint

reversals = Blueprint("reversals", __name__, url_prefix="/desk/reversals")
