"""Staff publish the monthly bills."""

from flask import Blueprint

disclosure_desk = Blueprint("disclosure_desk", __name__, url_prefix="/desk/bills")
