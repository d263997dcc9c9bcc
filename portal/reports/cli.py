"""``portal report``: the PDFs from the command line."""

import json
import tempfile
from pathlib import Path

import click
from flask import Flask

from portal.config import Settings
from portal.db import db
from portal.disclosure.bills import bill_figures
from portal.disclosure.checkpoints import mark
from portal.i18n import gettext as _
from portal.registry.geography import current_district
from portal.reports.bill import bill_pdf
from portal.reports.charity_day import charity_day as read_charity_day
from portal.reports.document_pdf import print_document
from portal.reports.sheet import Printed

_OUT = click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group("report", help="Reports as PDF.")
def report_group() -> None:
    """Reports as PDF."""


@report_group.command("charity-day")
@click.option("--year", required=True, type=click.IntRange(1990, 2999), help="The year the report is about.")
@_OUT
@_JSON
@click.pass_obj
def charity_day(app: Flask, year: int, out: Path, as_json: bool) -> None:
    """The Charity Day report of a year."""
    report = read_charity_day(db.session(), year)
    document = print_document(report, _base(app))
    _write(out, document, as_json=as_json)


@report_group.command("bill")
@click.argument("bill_no")
@_OUT
@_JSON
@click.pass_obj
def bill(app: Flask, bill_no: str, out: Path, as_json: bool) -> None:
    """A monthly bill by its number, such as 2026-09-HZ0001."""
    session = db.session()
    figures = bill_figures(session, bill_no)
    district = current_district(session)
    document = bill_pdf(
        figures,
        f"{_base(app)}/bills/{figures.bill_no}",
        mark(session),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
    )
    _write(out, document, as_json=as_json)


def _base(app: Flask) -> str:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return settings.base_url.rstrip("/")


def _write(out: Path, document: Printed, *, as_json: bool) -> None:
    """Write beside the target and rename, so that nobody ever finds half a report."""
    beside: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
            beside = Path(file.name)
            file.write(document.content)
        beside.chmod(0o644)
        beside.replace(out)
    except OSError as problem:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise click.ClickException(f"{out}: {problem.strerror}") from problem
    size = len(document.content)
    if as_json:
        click.echo(json.dumps({"out": str(out), "pages": document.pages, "bytes": size}, ensure_ascii=False))
    else:
        click.echo(_("已写好 %(out)s：%(pages)d 页，%(size)d 字节", out=out, pages=document.pages, size=size))
