"""A made-up list as long as the longest that a charity is known to have published, and the ledger's pages after it."""

import io
from collections.abc import Iterator

import xlsxwriter

from bench import floors
from bench.measuring import Measurement, middle_milliseconds, scratch_portal, seconds
from portal.db import db
from portal.imports import service
from portal.imports.models import ImportBatch
from portal.imports.previewing import preview
from portal.imports.target import Target
from portal.periods import today
from tests import people

ROWS = 49_691
PAGES = {
    "ledger page": "/ledger",
    "ledger page of one direction and sum": "/ledger?direction=in&min=100&max=200",
    "ledger page of a donor's word": "/ledger?q=捐赠人",
    "fund page": "/funds/{fund}",
    "home page": "/",
    "summary of the API": "/api/v1/summary",
}


def workbook() -> bytes:
    """A workbook in the manner of the published ones: a title, a header, one row a gift, a total."""
    day = today().isoformat()
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["接受社会捐赠明细"])
        sheet.write_row(1, 0, ["序号", "捐赠人", "金额（元）", "捐赠日期", "交易单号"])
        for number in range(1, ROWS + 1):
            gift = [number, f"捐赠人{number}", _fen(number) / 100, day, f"4200{number:024d}"]
            sheet.write_row(number + 1, 0, gift)
        sheet.write_row(ROWS + 2, 0, ["合计", "", sum(map(_fen, range(1, ROWS + 1))) / 100])
    return target.getvalue()


def _fen(number: int) -> int:
    return 100 + number % 5000


def measurements() -> Iterator[Measurement]:
    """Seconds to preview and to post the list, then milliseconds of pages over a ledger of that size.

    Floors: reading the workbook and nothing else; storing as many plain rows; the page that says nothing.
    """
    with scratch_portal() as (app, fund):
        content = workbook()
        taken = seconds(lambda: preview(db.session(), content, "名单.xlsx"))
        yield Measurement(f"preview of a list of {ROWS} gifts", taken, "s", floors.reading(content))
        made = service.create_batch(content, "名单.xlsx", Target(fund.code), people.clerk())
        sent: ImportBatch = service.submit(made.id, people.clerk(), made.version)
        if sent.accepted != ROWS:
            raise SystemExit(f"{sent.accepted} of {ROWS} rows were accepted")
        taken = seconds(lambda: service.approve(sent.id, people.reviewer(), sent.version))
        yield Measurement(f"posting of a list of {ROWS} gifts", taken, "s", floors.plain_rows(ROWS))
        db.session.remove()
        browser = app.test_client()
        bare = middle_milliseconds(lambda: browser.get("/healthz"))
        for name, address in PAGES.items():
            url = address.format(fund=fund.code)
            answer = browser.get(url)
            if answer.status_code != 200:
                raise SystemExit(f"{url} answered {answer.status_code}")
            taken = middle_milliseconds(lambda url=url: browser.get(url))  # type: ignore[misc]
            yield Measurement(f"{name}, {ROWS} entries in the ledger", taken, "ms", bare)
