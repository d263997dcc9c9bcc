"""``portal report``: the PDFs from the command line, and the drafts that the time of the year asks for."""

import json
import os
import tempfile
from pathlib import Path

import click
from flask import Flask

from portal.config import Settings
from portal.db import db
from portal.disclosure.bill_reading import bill_figures, every_row
from portal.disclosure.checkpoints import mark
from portal.i18n import DEFAULT_LOCALE, LOCALES
from portal.i18n import gettext as _
from portal.refusals import Refusal, Unavailable
from portal.registry.geography import current_district
from portal.reports import shelf
from portal.reports.apart import made_apart
from portal.reports.archive import archived
from portal.reports.bill import MOST_ROWS, bill_pdf
from portal.reports.due import due
from portal.reports.making import make
from portal.reports.wanted import Wanted

LONGEST_SECONDS = 3_600
"""Every entry of a large ledger takes minutes."""

_OUT = click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_YEAR = click.option(
    "--year", required=True, type=click.IntRange(1990, 2999), help="The year the report is about."
)
_APPENDIX = click.option("--appendix", is_flag=True, help="With every entry of the year behind it.")
_LANGUAGE = click.option(
    "--language", type=click.Choice(list(LOCALES)), default=DEFAULT_LOCALE, show_default=True
)


@click.group("report", help="Reports as PDF.")
def report_group() -> None:
    """Reports as PDF."""


@report_group.command("charity-day")
@_YEAR
@click.option("--organisation", default="", metavar="USCC", help="Of one organisation, not of the district.")
@_APPENDIX
@_LANGUAGE
@_OUT
@_JSON
def charity_day(
    year: int, organisation: str, appendix: bool, language: str, out: Path, as_json: bool
) -> None:
    """The Charity Day report of a year."""
    wanted = Wanted("charity-day", {"year": str(year), "organisation": organisation}, language, appendix)
    _make(wanted, out, as_json=as_json)


@report_group.command("annual")
@click.argument("uscc")
@_YEAR
@_APPENDIX
@_LANGUAGE
@_OUT
@_JSON
def annual(uscc: str, year: int, appendix: bool, language: str, out: Path, as_json: bool) -> None:
    """The books' part of an organisation's annual work report."""
    wanted = Wanted("annual", {"year": str(year), "organisation": uscc}, language, appendix)
    _make(wanted, out, as_json=as_json)


@report_group.command("fund")
@click.argument("code")
@_YEAR
@_APPENDIX
@_LANGUAGE
@_OUT
@_JSON
def fund(code: str, year: int, appendix: bool, language: str, out: Path, as_json: bool) -> None:
    """The report of a fund."""
    _make(Wanted("fund", {"year": str(year), "fund": code}, language, appendix), out, as_json=as_json)


@report_group.command("bill")
@click.argument("bill_no")
@_OUT
@_JSON
@click.pass_obj
def bill(app: Flask, bill_no: str, out: Path, as_json: bool) -> None:
    """A bill by its number, such as 2026-09-HZ0001, 2026Q3-HZ0001, 2026-HZ0001 or campaign-CP0001."""
    session = db.session()
    settings: Settings = app.config["PORTAL_SETTINGS"]
    figures = bill_figures(session, bill_no, row_limit=0)
    district = current_district(session)
    document = bill_pdf(
        figures,
        f"{settings.site_address}/bills/{figures.bill_no}",
        mark(session),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
        rows=every_row(session, figures, most=MOST_ROWS),
    )
    _write(out, archived(document.content), document.pages, as_json=as_json)


@report_group.command("due")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
def due_command(*, dry_run: bool) -> None:
    """Make the drafts that are due: in the week before 5 September those of the Charity Day report."""
    wanted = due(db.session())
    for one in wanted:
        click.echo(one.to_json())
        try:
            if not dry_run:
                make(one, scheduled=True)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)  # one without books does not keep the others from being made
    click.echo(_("共 %(count)d 份", count=len(wanted)))


def _make(wanted: Wanted, out: Path, *, as_json: bool) -> None:
    made = made_apart(wanted, seconds=LONGEST_SECONDS)
    path = shelf.made_file(made)
    if path is None:
        raise Unavailable(_("报告的文件刚刚更新，请再点一次。"))
    _write(out, path.read_bytes(), made.pages, as_json=as_json)


def _write(out: Path, content: bytes, pages: int, *, as_json: bool) -> None:
    """Write beside the target and rename, so that nobody ever finds half a report."""
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.chmod(0o644)
        beside.replace(out)
    except OSError as problem:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise click.ClickException(f"{out}: {problem.strerror}") from problem
    size = len(content)
    if as_json:
        click.echo(json.dumps({"out": str(out), "pages": pages, "bytes": size}, ensure_ascii=False))
    else:
        click.echo(_("已写好 %(out)s：%(pages)d 页，%(size)d 字节", out=out, pages=pages, size=size))
