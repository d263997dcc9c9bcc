"""The whole ledger as the appendix of a report, against a bare canvas that draws the same text on as many pages."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
from portal.money import format_yuan
from portal.reports.fonts import REGULAR, register
from tests import databases, factories, people

SHORT, LONG = 20_000, 100_000
A_PAGE = 40
MEMORY_FLOOR = 200
"""Megabytes that a thousand pages may take."""


def measurements() -> Iterator[Measurement]:
    """Pages a second of 20,000 and of 100,000 entries, read, set, attached as CSV and archived; and the memory.

    The floor of both is the bare canvas with 20,000 rows that were read before.
    """
    with tempfile.TemporaryDirectory(prefix="portal-appendix-") as name:
        floor = 0.0
        for rows in (SHORT, LONG):
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
            yield Measurement(
                f"memory for {done['pages']:.0f} pages of appendix", done["megabytes"], "MB", MEMORY_FLOOR
            )


def post(url: str, folder: Path, rows: int) -> list[list[str]]:
    """Post so many gifts, and give back as texts what of them stands on paper."""
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder))
    file = folder / "list.csv"
    write_list(file, rows)
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
    """One run in a process of its own."""
    command = [sys.executable, "-m", "bench.appendix_run", url, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
