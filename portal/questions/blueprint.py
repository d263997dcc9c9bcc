"""The blueprints of the public pages of questions and of complaints."""

from flask import Blueprint

questions = Blueprint("questions", __name__, url_prefix="/questions")
complaint_pages = Blueprint("complaints", __name__, url_prefix="/complaints")
