"""Bills of every kind as PDF: everything fits on its pages, and what was corrected stands in it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bill_notes, bills
from portal.disclosure.bill_lines import MOST_PARTS, lines_of, slip_lines
from portal.disclosure.bill_reading import every_row
from portal.periods import Month, Quarter, Year, today
from portal.registry.models import Fund
from portal.reports.bill import bill_pdf
from portal.reports.sheet import Printed
from tests import factories, gifts, people
from tests.reports.test_pdf import text_of

QUARTER = Quarter.of(today()).plus(-1)
PROJECTS = MOST_PARTS + 3


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund that spent on more projects than a slip shows."""
    with writing() as writer:
        made = factories.fund(writer)
        projects = [
            factories.project(writer, organisation_id=made.organisation_id) for _number in range(PROJECTS)
        ]
    gifts.posted_gift(made, 1_000_000, QUARTER.first)
    for number, project in enumerate(projects):
        gifts.posted_payout(made, 1_000 + number, QUARTER.last, project=project.code)
    return made


def printed(number: str) -> Printed:
    db.session.rollback()
    session = db.session()
    bill = bills.bill_figures(session, number, row_limit=0)
    rows = every_row(session, bill)
    return bill_pdf(bill, "https://example.org", None, district="海珠区", demonstration=False, rows=rows)


def test_a_slip_shows_the_largest_parts_and_the_rest_in_one(fund: Fund) -> None:
    bill = bills.bill_figures(db.session(), f"{QUARTER}-{fund.code}", row_limit=0)
    lines = lines_of(bill)
    shown = slip_lines(lines)
    assert sum(line.now_fen for line in shown if line.kind == "part") == sum(
        line.now_fen for line in lines if line.kind == "part"
    )
    assert [line.now_fen for line in shown if line.words == "其余 4 项"] == [1_000 + 1_001 + 1_002 + 1_003]


def test_the_longest_note_and_its_correction_find_room(fund: Fund, tmp_path: Path) -> None:
    number = bills.publish(fund.code, QUARTER, "长" * 2000, people.clerk()).bill_no
    gifts.posted_gift(fund, 700, QUARTER.last, late_reason="月底漏记")
    bill_notes.mend_note(number, "短" * 2000, "原来的太长" * 100, people.clerk())
    shown = text_of(printed(number), tmp_path)
    for words in ("季度", "公布之后的更正（2 项）", "月底漏记", "¥10,007.00", "和上一期比"):
        assert words in shown, words


@pytest.mark.parametrize("period", [Month.of(QUARTER.last), QUARTER, Year.of(today())])
def test_every_period_prints_its_totals_and_every_entry(
    fund: Fund, tmp_path: Path, period: Month | Quarter | Year
) -> None:
    bill = bills.bill_figures(db.session(), f"{period}-{fund.code}", row_limit=0)
    document = printed(f"{period}-{fund.code}")
    shown = text_of(document, tmp_path)
    assert f"本期明细（{bill.entry_count} 笔）" in shown
    assert printed(f"{period}-{fund.code}") == document
