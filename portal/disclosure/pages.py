"""The public books: ledger, entries, profiles, bills."""

from flask import Blueprint

disclosure = Blueprint("disclosure", __name__)


@disclosure.get("/ledger")
def ledger() -> str:
    return ""


@disclosure.get("/organisations")
def organisations() -> str:
    return ""


@disclosure.get("/funds")
def funds() -> str:
    return ""


@disclosure.get("/stations")
def stations() -> str:
    return ""


@disclosure.get("/projects")
def projects() -> str:
    return ""


@disclosure.get("/campaigns")
def campaigns() -> str:
    return ""


@disclosure.get("/bills")
def bills() -> str:
    return ""


@disclosure.get("/ledger/<entry_no>")
def entry(entry_no: str) -> str:
    return ""


@disclosure.get("/organisations/<uscc>")
def organisation(uscc: str) -> str:
    return ""


@disclosure.get("/funds/<code>")
def fund(code: str) -> str:
    return ""


@disclosure.get("/stations/<code>")
def station(code: str) -> str:
    return ""


@disclosure.get("/projects/<code>")
def project(code: str) -> str:
    return ""


@disclosure.get("/campaigns/<code>")
def campaign(code: str) -> str:
    return ""


@disclosure.get("/bills/<bill_no>")
def bill(bill_no: str) -> str:
    return ""
