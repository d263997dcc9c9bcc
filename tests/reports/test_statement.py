"""The statement of a donor's year: every gift in the books and its way, for those alone who may know the donor."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.donors import service as donors
from portal.donors.models import Donor, DonorKind
from portal.refusals import NotFound
from portal.registry.models import Fund
from portal.reports.document import Document
from portal.reports.kinds import KINDS
from portal.staff.models import AuditEvent, Role
from tests import factories, gifts, people
from tests.reports.reading import line_of, pdf_text

KIND = KINDS["donor-statement"]


@pytest.fixture(autouse=True)
def august(app: Flask, session: Session) -> Iterator[None]:
    """28 August 2026."""
    with time_machine.travel("2026-08-28T04:00:00Z", tick=False):
        yield


@pytest.fixture
def fund() -> Fund:
    """A fund."""
    with writing() as session:
        return factories.fund(session, name="爱心基金")


@pytest.fixture
def donor(fund: Fund) -> Donor:
    """An enterprise that gave twice this year, once the year before, and once by mistake."""
    with writing() as session:
        made = donors.enlist(
            session,
            donors.DonorDetails("珠江<b>实业</b>有限公司", DonorKind.ENTERPRISE),
            people.clerk(),
            organisation_id=fund.organisation_id,
        )
    known = {"donor_id": made.id, "donor_name": made.name, "donor_kind": DonorKind.ENTERPRISE}
    gifts.posted_gift(fund, 70_000, date(2025, 12, 1), **known)
    gifts.posted_gift(fund, 123_456, date(2026, 2, 1), **known)
    gifts.posted_gift(fund, 1_000_000, date(2026, 3, 1), **known)
    wrong = gifts.posted_gift(fund, 999_900, date(2026, 4, 1), **known).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    gifts.posted_payout(fund, 100_000, date(2026, 5, 1))
    return made


def statement(donor: Donor, year: int = 2026) -> Document:
    """The statement of a year."""
    db.session.rollback()
    return KIND.read(db.session(), {"donor": str(donor.id), "year": str(year)})


def test_it_lists_what_stands_in_the_books_and_adds_it_up(donor: Donor, tmp_path: Path) -> None:
    tables = {one.name: one for one in statement(donor).tables}
    assert [row[-1] for row in tables["gifts"].rows] == [123_456, 1_000_000]
    assert tables["gifts"].sums[-1] == statement(donor).cover.figure == 1_123_456
    shown = pdf_text(statement(donor), tmp_path)
    assert "11,234.56" in line_of(shown, "合计") and "珠江<b>实业</b>有限公司" in shown
    assert "人民币壹万壹仟贰佰叁拾肆元伍角陆分" in shown and "9,999.00" not in shown


def test_used_and_left_add_up_to_the_gift(donor: Donor) -> None:
    ways = next(one for one in statement(donor).tables if one.name == "ways")
    for _number, given, used, left in ways.rows:
        assert given == used + left
    # The gift of the year before went first.
    assert ways.sums[2] == 30_000


def test_a_merged_donors_gifts_are_in_it(fund: Fund, donor: Donor) -> None:
    with writing() as session:
        double = donors.enlist(
            session,
            donors.DonorDetails("珠江实业", DonorKind.ENTERPRISE),
            people.clerk(),
            organisation_id=fund.organisation_id,
        )
    gifts.posted_gift(fund, 5_000, donor_id=double.id, donor_name=double.name)
    donors.merge(donor.id, double.id, people.clerk())
    assert statement(donor).cover.figure == 1_128_456


def test_a_year_without_gifts_says_so(fund: Fund, donor: Donor, tmp_path: Path) -> None:
    gifts.posted_gift(fund, 100, date(2024, 5, 1))
    shown = pdf_text(statement(donor, 2024), tmp_path)
    assert "2024 年没有入账的捐赠。" in shown and "没有可列的记录" in shown


def test_the_desk_makes_it_and_puts_that_on_record(app: Flask, donor: Donor) -> None:
    client = people.log_in(app, people.clerk())
    answer = client.post(f"/desk/donors/{donor.id}/statement", data={"year": "2026"})
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    db.session.rollback()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "donor.statement_made")).one()
    assert (event.subject_id, event.staff_id, event.detail) == (donor.id, people.clerk().id, {"year": 2026})


def test_nobody_gets_it_for_a_donor_out_of_reach(app: Flask, session: Session, donor: Donor) -> None:
    with writing() as writer:
        stranger = factories.organisation(writer)
    member = people.member("stranger.clerk", Role.FEDERATION_CLERK, stranger.id)
    with pytest.raises(NotFound):
        KIND.permit(db.session(), {"donor": str(donor.id), "year": "2026"}, member)
    client = people.log_in(app, member)
    assert client.post(f"/desk/donors/{donor.id}/statement", data={"year": "2026"}).status_code == 404
    assert app.test_client().post(f"/desk/donors/{donor.id}/statement").status_code in (302, 401, 403)
    db.session.rollback()
    assert not db.session.scalars(select(AuditEvent).where(AuditEvent.action == "donor.statement_made")).all()


def test_a_wrong_year_is_named(app: Flask, donor: Donor) -> None:
    client = people.log_in(app, people.clerk())
    assert client.post(f"/desk/donors/{donor.id}/statement", data={"year": "x"}).status_code in (400, 422)
    assert client.post(f"/desk/donors/{donor.id}/statement", data={"year": "1999"}).status_code == 404


def test_no_page_and_no_public_kind_shows_a_statement(app: Flask, donor: Donor) -> None:
    assert not KIND.public
    for address in (f"/reports/donor-statement/{donor.id}/2026", f"/desk/donors/{donor.id}/statement"):
        assert app.test_client().get(address).status_code in (302, 404, 405)
