"""A report is made once for a state of the books, in a process with limits, and never shows a name taken back."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure.report_models import MadeReport
from portal.giving import consent
from portal.ledger.figures import Filters, totals
from portal.money import format_yuan
from portal.periods import today, year_bounds
from portal.registry.models import Fund
from portal.reports import apart, shelf
from portal.reports.due import due
from portal.reports.making import make
from portal.reports.wanted import Wanted
from tests import factories, gifts, people
from tests.reports.judging import run, text_of

YEAR = str(today().year)
DISTRICT = Wanted("charity-day", {"year": YEAR})
HOSTILE = {
    "<b>未关闭的标签": "<b>未关闭的标签",
    '<img src="http://127.0.0.1:9/x.png"/>&amp;': "<imgsrc=",
    '<para><font color="red">红</font><link href="file:///etc/passwd">': "<para><font",
    "字" * 10_000: "字" * 20,
    "\x07\u202e倒\u200f着写": "倒着写",
}
"""What people could write, and what of it stands on paper."""


@pytest.fixture
def fund(app: Flask, session: Session) -> Fund:
    """A fund with a gift and a use of this year."""
    with writing() as writer:
        made = factories.fund(writer, name="琶洲街道社区慈善基金")
    gifts.posted_gift(made, 123_456, donor_name="李小明", publish_name=True)
    gifts.posted_payout(made, 30_000, purpose="发放助学金")
    return made


def content_of(report: MadeReport) -> bytes:
    path = shelf.made_file(report)
    assert path is not None
    return path.read_bytes()


def test_the_same_state_gives_the_same_file_and_a_new_entry_another(fund: Fund) -> None:
    first = make(DISTRICT)
    assert make(DISTRICT).id == first.id
    gifts.posted_gift(fund, 5_000)
    second = make(DISTRICT)
    assert (second.sha256, second.entries) != (first.sha256, first.entries)


def test_each_language_and_each_appendix_is_a_report_of_its_own(fund: Fund) -> None:
    made = {
        make(one).sha256
        for one in (
            DISTRICT,
            Wanted("charity-day", {"year": YEAR}, "en"),
            Wanted("charity-day", {"year": YEAR}, appendix=True),
            Wanted("fund", {"year": YEAR, "fund": fund.code}),
        )
    }
    assert len(made) == 4


def test_of_what_citizens_had_made_only_the_newest_state_is_kept(fund: Fund) -> None:
    old = make(DISTRICT)
    by_staff = make(Wanted("charity-day", {"year": YEAR}, "en"), by_id=people.clerk().id)
    gifts.posted_gift(fund, 5_000)
    make(DISTRICT), make(Wanted("charity-day", {"year": YEAR}, "en"))
    assert shelf.made_file(old) is None and shelf.made_file(by_staff) is not None
    assert db.session.get(MadeReport, old.id) is None


def test_the_appendix_holds_every_entry_and_adds_up_to_the_reports_sums(fund: Fund, tmp_path: Path) -> None:
    for number in range(95):
        gifts.posted_gift(fund, 1_000 + number)
    wrong = gifts.posted_gift(fund, 700_000).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    file = tmp_path / "report.pdf"
    file.write_bytes(content_of(make(Wanted("charity-day", {"year": YEAR}, appendix=True))))
    text = text_of(file, "-layout")
    first, last = year_bounds(int(YEAR))
    sums = totals(db.session(), Filters(first_day=first, last_day=last))
    line = next(
        one for one in reversed(text.splitlines()) if one.split()[:1] == ["合计"] and one.count(".") >= 2
    )
    assert line.split()[-2:] == [format_yuan(sums.received_fen), format_yuan(sums.disbursed_fen)]
    assert text.count("过次页") == text.count("承前页") >= 2
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    rows = (tmp_path / "ledger.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 1 + 99
    assert all(row.split(",")[1] in text for row in rows[1:])


def test_forty_entries_stand_on_a_page(fund: Fund, tmp_path: Path) -> None:
    for number in range(130):
        gifts.posted_gift(fund, 1_000 + number)
    file = tmp_path / "report.pdf"
    file.write_bytes(content_of(make(Wanted("charity-day", {"year": YEAR}, appendix=True))))
    pages = text_of(file, "-layout").split("\f")
    full = [page for page in pages if "承前页" in page and "过次页" in page]
    assert full and all(page.count("爱心人士") >= 40 for page in full)


@pytest.mark.parametrize(("words", "shown"), HOSTILE.items())
def test_nothing_that_people_wrote_is_read_as_markup_or_address(
    fund: Fund, tmp_path: Path, words: str, shown: str
) -> None:
    gifts.posted_payout(fund, 100, purpose=words[:200])
    gifts.posted_gift(fund, 100, donor_name=words[:60], publish_name=True)
    foreword = {"foreword": words[:3_000], "foreword_signed": words[:50]}
    made = make(Wanted("charity-day", {"year": YEAR, **foreword}, appendix=True))
    file = tmp_path / "report.pdf"
    file.write_bytes(content_of(made))
    assert "No syntax" in run("qpdf", "--check", file)
    assert shown in "".join(text_of(file).split())
    assert b"file:///etc" not in file.read_bytes()


@pytest.mark.one_engine
def test_a_process_that_sets_reports_cannot_reach_the_network_nor_start_another() -> None:
    program = (
        "from portal.reports.confinement import Confined, confine\n"
        "import os, socket, subprocess, urllib.request, resource\n"
        "confine()\n"
        "def tried(what):\n"
        "    try:\n        what()\n"
        "    except Confined:\n        return 'refused'\n"
        "    except Exception as other:\n        return repr(other)\n"
        "    return 'done'\n"
        "print([tried(one) for one in (\n"
        "    lambda: socket.create_connection(('127.0.0.1', 9), 1),\n"
        "    lambda: urllib.request.urlopen('http://127.0.0.1:9/'),\n"
        "    lambda: socket.getaddrinfo('localhost', 80),\n"
        "    lambda: subprocess.run(['true']),\n"
        "    lambda: os.system('true'),\n"
        ")], resource.getrlimit(resource.RLIMIT_AS)[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("]")[0].count("refused") == 5, done.stdout
    assert int(done.stdout.split()[-1]) <= 1_000 * 1024 * 1024


def test_the_process_apart_makes_the_same_bytes(fund: Fund) -> None:
    here = make(DISTRICT)
    expected = content_of(here)
    shelf.forget(here.sha256)
    there = apart.made_apart(DISTRICT, seconds=120)
    assert content_of(there) == expected


def test_what_the_process_apart_refuses_is_told(fund: Fund) -> None:
    with pytest.raises(apart.NotFound, match="1999"):
        apart.made_apart(Wanted("charity-day", {"year": "1999"}), seconds=120)


@pytest.mark.one_engine
def test_only_so_many_are_made_at_a_time(fund: Fund) -> None:
    with apart._turn(), apart._turn(), pytest.raises(apart.Unavailable):
        apart.made_apart(DISTRICT, seconds=5)


@pytest.mark.one_engine
def test_citizens_get_the_present_state_and_never_a_name_taken_back(
    client: FlaskClient, fund: Fund, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_made", lambda wanted, _seconds: make(wanted))
    address = f"/reports/charity-day-{YEAR}.pdf"
    first = client.get(address)
    assert first.mimetype == "application/pdf" and "UTF-8''" in first.headers["Content-Disposition"]
    assert "Set-Cookie" not in first.headers
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    given = gifts.posted_gift(fund, 99_999_00, donor_name="王撤回", publish_name=True)
    with apart._turn(), apart._turn():
        assert client.get(address).data == first.data, "while no place is free, what was made a moment ago"
    assert client.get(address).data != first.data
    named = client.get(f"/reports/fund.pdf?year={YEAR}&fund={fund.code}")
    (tmp_path / "named.pdf").write_bytes(named.data)
    assert "王撤回" in text_of(tmp_path / "named.pdf")
    consent.withdraw_consent(given.id, people.clerk())
    (tmp_path / "after.pdf").write_bytes(client.get(f"/reports/fund.pdf?year={YEAR}&fund={fund.code}").data)
    assert "王撤回" not in text_of(tmp_path / "after.pdf")


@pytest.mark.one_engine
def test_an_address_that_asks_for_nothing_sensible_is_told_so(client: FlaskClient, fund: Fund) -> None:
    assert client.get("/reports/fund.pdf").status_code == 400
    assert client.get(f"/reports/fund.pdf?year={YEAR}&fund={fund.code}&x=1").status_code == 400
    assert client.get(f"/reports/fund.pdf?year={YEAR}&fund=NOSUCH").status_code == 404
    assert client.get("/reports/fund.pdf?year=x&fund=y").status_code in (404, 422)
    assert client.get(f"/reports/nosuch.pdf?year={YEAR}").status_code == 404
    assert client.get(f"/reports/donor-statement.pdf?year={YEAR}&donor=1").status_code == 404


@pytest.mark.one_engine
def test_the_judge_finds_no_fault_in_a_whole_report(fund: Fund, tmp_path: Path) -> None:
    with_tables = content_of(make(Wanted("charity-day", {"year": YEAR}, appendix=True)))
    (tmp_path / "kept.pdf").write_bytes(with_tables)
    assert "<pdfaid:part>3" in run("pdfinfo", "-meta", tmp_path / "kept.pdf")
    assert "funds" in run("pdfdetach", "-list", tmp_path / "kept.pdf")
    run("qpdf", "--check", tmp_path / "kept.pdf")


def test_drafts_are_due_in_the_week_before_charity_day(fund: Fund) -> None:
    year = today().year
    assert due(db.session(), date(year, 8, 28)) == ()
    assert due(db.session(), date(year, 9, 6)) == ()
    wanted = due(db.session(), date(year, 9, 1))
    assert wanted[0] == DISTRICT and len(wanted) >= 2
