"""Staff bring in lists: upload, preview, mend, submit, review."""

from flask import Blueprint

imports = Blueprint("imports", __name__, url_prefix="/desk/imports")
