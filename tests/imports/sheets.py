"""Small made-up files with the quirks of published ones, and batches made of them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from portal.imports import service
from portal.imports.models import ImportBatch
from portal.imports.target import Target
from portal.periods import today
from portal.registry.models import Fund
from tests import people

Table = Sequence[Sequence[Any]]


def workbook(
    rows: Table, *more: Table, merged: Sequence[tuple[int, int, int, int]] = (), name: str = "Sheet1"
) -> bytes:
    """An .xlsx file; ``merged`` holds first row, first column, last row, last column, counted from 0."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for number, table in enumerate((rows, *more)):
            sheet = book.add_worksheet(name if number == 0 else f"{name}-{number + 1}")
            for place in merged if number == 0 else ():
                sheet.merge_range(*place, "")
            for row_no, row in enumerate(table):
                for column, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(row_no, column, value)
    return target.getvalue()


def csv_file(rows: Table, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode(encoding)


def small_list(number: int = 3) -> list[list[Any]]:
    """So many gifts of today and a total that is right."""
    gifts = [[f"捐赠人{place}", 10 + place, today().isoformat()] for place in range(number)]
    return [["捐赠人", "金额", "日期"], *gifts, ["合计", sum(gift[1] for gift in gifts), ""]]


def batch(fund: Fund, rows: Table | None = None, **target: Any) -> ImportBatch:
    """A list that waits as a draft."""
    content = csv_file(rows if rows is not None else small_list())
    return service.create_batch(content, "名单.csv", Target(fund.code, **target), people.clerk())


def waiting_batch(fund: Fund, rows: Table | None = None, **target: Any) -> ImportBatch:
    """A list that waits for review."""
    made = batch(fund, rows, **target)
    return service.submit(made.id, people.clerk(), made.version)


def posted_batch(fund: Fund, rows: Table | None = None, **target: Any) -> ImportBatch:
    """A list in the ledger."""
    made = waiting_batch(fund, rows, **target)
    return service.approve(made.id, people.reviewer(), made.version)
