"""Reports to read and to download."""

from flask import Blueprint

reports = Blueprint("reports", __name__)


@reports.get("/reports")
def index() -> str:
    """Stub."""
    return ""


@reports.get("/bills/<bill_no>.pdf")
def bill_pdf(bill_no: str) -> str:
    """Stub."""
    return bill_no


@reports.get("/reports/charity-day-<int:year>.pdf")
def charity_day(year: int) -> str:
    """Stub."""
    return str(year)
