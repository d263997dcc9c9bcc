"""The whole ledger as the appendix of a report, against a bare canvas that draws the same text on as many pages."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench.long_lists import write_list
from bench.measuring import Measurement, seconds
from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.disclosure import entries
from portal.imports import service, stages
from portal.imports.taking import take_in_donations
from portal.imports.target import Target
from portal.jobs.starting import environment_of
from portal.money import format_yuan
from portal.periods import today
from portal.reports.apart import PROGRAM
from portal.reports.fonts import REGULAR, register
from portal.reports.wanted import Wanted
from tests import databases, factories, people

SHORT, THOUSAND_PAGES, LONG = 20_000, 40_000, 100_000
A_PAGE = 40
MEMORY_FLOOR = 200
"""Megabytes that a thousand pages may take."""


def measurements() -> Iterator[Measurement]:
    """Pages a second of the ledger as an appendix, read, set, attached as CSV and archived; and the memory.

    The floor of speed is the bare canvas with 20,000 rows that were read before. Memory is that of the program that
    makes reports for the site and the command line, for a whole Charity Day report with every entry behind it.
    """
    with tempfile.TemporaryDirectory(prefix="portal-appendix-") as name:
        floor = 0.0
        for rows in (SHORT, THOUSAND_PAGES, LONG):
            folder = Path(name) / str(rows)
            folder.mkdir()
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
            databases.build(url)
            texts = post(url, folder, rows)
            floor = floor or bare(texts)
            done = run(url, folder)
            if done["rows"] != rows:
                raise SystemExit(f"{done['rows']} of {rows} entries were set")
            speed = done["pages"] / done["seconds"]
            yield Measurement(f"ledger appendix of {rows} entries", speed, "pages/s", floor)
            report = whole_report(url, folder)
            if report["pages"] < done["pages"]:
                raise SystemExit(
                    f"the report has {report['pages']:.0f} pages, its appendix alone {done['pages']:.0f}"
                )
            name_of = f"memory for a report of {report['pages']:.0f} pages"
            yield Measurement(name_of, report["megabytes"], "MB", MEMORY_FLOOR)


def post(url: str, folder: Path, rows: int) -> list[list[str]]:
    """Post so many gifts, and give back as texts what of them stands on paper."""
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder))
    file = folder / "list.csv"
    write_list(file, rows, date(last_year(), 12, 31))
    with app.app_context():
        with writing() as session:
            fund = factories.fund(session)
        clerk, reviewer = people.clerk(), people.reviewer()
        with file.open("rb") as stream:
            made = take_in_donations(stream, file.name, Target(fund.code), clerk)
        stages.run(made.id, lambda _done: None)
        sent = service.submit(made.id, clerk, made.version)
        service.approve(sent.id, reviewer, sent.version)
        stages.run(sent.id, lambda _done: None)
        found = entries.in_order(db.session(), date(2000, 1, 1), date(3000, 1, 1))
        texts = [
            [
                one.occurred_on.isoformat(),
                one.entry_no,
                one.fund.name,
                one.donor or "",
                format_yuan(one.amount_fen),
            ]
            for part in found
            for one in part
        ]
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return texts


def bare(texts: list[list[str]]) -> float:
    """Pages a second of a canvas that draws strings and does nothing else."""
    register()

    def draw() -> None:
        canvas = Canvas(BytesIO(), pagesize=A4, pageCompression=1)
        for start in range(0, len(texts), A_PAGE):
            canvas.setFont(REGULAR, 8)
            for row, cells in enumerate(texts[start : start + A_PAGE]):
                for place, text in enumerate(cells):
                    canvas.drawString(50 + 100 * place, 780 - 16 * row, text)
            canvas.showPage()
        canvas.save()

    return len(texts) / A_PAGE / seconds(draw)


def run(url: str, folder: Path) -> dict[str, float]:
    """The appendix alone, in a process of its own."""
    return _answer([sys.executable, "-m", "bench.appendix_run", url, str(folder)], {})


def whole_report(url: str, folder: Path) -> dict[str, float]:
    """A report with every entry of the year behind it: its pages, and the most that its program held."""
    wanted = Wanted("charity-day", {"year": str(last_year())}, appendix=True)
    settings = Settings(environment="test", database_url=url, storage_dir=folder)
    found = _answer(
        [sys.executable, "-m", "bench.report_run", PROGRAM, wanted.to_json()], environment_of(settings)
    )
    with sqlite3.connect(folder / "bench.sqlite3") as database:
        (pages,) = database.execute("SELECT pages FROM made_report").fetchone()
    return {**found, "pages": pages}


def last_year() -> int:
    """All gifts of the bench are of one year that is over, so that one report tells them all."""
    return today().year - 1


def _answer(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    """What a program said last."""
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
