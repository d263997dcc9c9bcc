"""Staff request payouts, and another person reviews them."""

from flask import Blueprint

spending = Blueprint("spending", __name__, url_prefix="/desk/disbursements")
