"""The PDFs: the same figures as the ledger, embedded fonts, no name lost, nothing read as markup, same bytes twice."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bills
from portal.disclosure.checkpoints import mark
from portal.ledger.figures import Filters, totals
from portal.money import format_yuan
from portal.periods import Month, today, year_bounds
from portal.registry.models import Fund
from portal.reports.bill import bill_pdf
from portal.reports.charity_day import charity_day
from portal.reports.cli import report_group
from portal.reports.document_pdf import print_document
from portal.reports.sheet import Printed
from portal.translog.beginning import signer_of
from portal.translog.publishing import publish
from tests import factories, gifts, people

pytestmark = pytest.mark.one_engine

YEAR = today().year
RARE = "𠮷䶮𬭎堃<b>&小平"


@pytest.fixture
def fund(app: Flask, session: Session) -> Fund:
    """A fund with gifts, a payout and a reversal this year."""
    with writing() as writer:
        made = factories.fund(writer, name="琶洲街道社区慈善基金")
    gifts.posted_gift(made, 123_456, donor_name=RARE, publish_name=True)
    gifts.posted_payout(made, 30_000, beneficiary_count=3, purpose="发放<i>助学金</i>")
    wrong = gifts.posted_gift(made, 700_000).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    return made


def text_of(document: Printed, folder: Path) -> str:
    """The text as a reader would copy it."""
    file = folder / "it.pdf"
    file.write_bytes(document.content)
    return run("pdftotext", "-layout", file, "-")


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def report(session: Session) -> Printed:
    publish(signer_of(current_app.config["PORTAL_SETTINGS"]))
    return print_document(charity_day(db.session(), YEAR), "https://example.org")


def bill(session: Session, fund: Fund) -> Printed:
    figures = bills.bill_figures(session, f"{Month.of(today())}-{fund.code}")
    return bill_pdf(
        figures, "https://example.org/bills/x", mark(session), district="海珠区", demonstration=False
    )


def test_the_report_says_what_the_ledger_says(session: Session, fund: Fund, tmp_path: Path) -> None:
    first, last = year_bounds(YEAR)
    sums = totals(session, Filters(first_day=first, last_day=last))
    shown = text_of(report(session), tmp_path)
    for fen in (sums.received_fen, sums.disbursed_fen, sums.balance_fen):
        assert format_yuan(fen) in shown
    for words in (
        fund.name,
        f"{YEAR} 年慈善透明度报告",
        "发放<i>助学金</i>",
        "不足 5",
        "金额录错",
        "校验点",
    ):
        assert words in shown


def test_the_bill_says_what_the_ledger_says_and_names_no_one_without_consent(
    session: Session, fund: Fund, tmp_path: Path
) -> None:
    shown = text_of(bill(session, fund), tmp_path)
    for words in (
        "1,234.56",
        "300.00",
        "934.56",
        "人民币玖佰叁拾肆元伍角陆分",
        "爱心人士",
        RARE,
        "−7,000.00",
    ):
        assert words in shown, words


def test_fonts_are_embedded_and_the_file_is_sound(session: Session, fund: Fund, tmp_path: Path) -> None:
    for document in (report(session), bill(session, fund)):
        (tmp_path / "it.pdf").write_bytes(document.content)
        run("qpdf", "--check", tmp_path / "it.pdf")
        lines = run("pdffonts", tmp_path / "it.pdf").splitlines()[2:]
        assert lines and all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines), lines
        assert len(document.content) < 600_000


def test_the_same_books_give_the_same_bytes(session: Session, fund: Fund) -> None:
    assert report(session) == report(session)
    assert bill(session, fund) == bill(session, fund)


def test_a_running_bill_says_so_and_a_published_one_is_sealed(
    session: Session, fund: Fund, tmp_path: Path
) -> None:
    assert "还没有公布" in text_of(bill(session, fund), tmp_path)
    last = Month.of(today()).plus(-1)
    bills.publish(fund.code, last, "含演出收入", people.clerk())
    figures = bills.bill_figures(session, f"{last}-{fund.code}")
    shown = text_of(
        bill_pdf(figures, "https://example.org", None, district="海珠区", demonstration=True), tmp_path
    )
    assert "已公布" in shown and "含演出收入" in shown and "演示数据，非真实账目" in shown


def test_long_tables_carry_their_sums_from_page_to_page(session: Session, fund: Fund, tmp_path: Path) -> None:
    for number in range(90):
        gifts.posted_gift(fund, 100 + number)
    shown = text_of(bill(session, fund), tmp_path)
    assert shown.count("过次页") == shown.count("承前页") >= 2


def test_a_year_without_books_has_no_report(client: FlaskClient, fund: Fund) -> None:
    assert client.get("/reports/charity-day-1999.pdf").status_code == 404
    assert client.get(f"/reports/charity-day-{YEAR + 1}.pdf").status_code == 404
    answer = client.get(f"/reports/charity-day-{YEAR}.pdf")
    assert answer.mimetype == "application/pdf" and "UTF-8''" in answer.headers["Content-Disposition"]


def test_the_page_lists_what_there_is(client: FlaskClient, fund: Fund) -> None:
    page = client.get("/reports").text
    assert f"/reports/charity-day-{YEAR}.pdf" in page


def test_the_command_writes_a_file_or_says_why_not(app: Flask, fund: Fund, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    done = CliRunner().invoke(
        report_group, ["charity-day", "--year", str(YEAR), "--out", str(out), "--json"], obj=app
    )
    assert done.exit_code == 0 and json.loads(done.output)["bytes"] == out.stat().st_size
    done = CliRunner().invoke(
        report_group, ["bill", f"{Month.of(today())}-{fund.code}", "--out", str(out)], obj=app
    )
    assert done.exit_code == 0 and out.read_bytes().startswith(b"%PDF")
    gone = CliRunner().invoke(
        report_group, ["charity-day", "--year", str(YEAR), "--out", "/nowhere/x.pdf"], obj=app
    )
    assert gone.exit_code == 1 and "/nowhere" in gone.output
