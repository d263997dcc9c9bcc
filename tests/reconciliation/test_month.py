"""A month of a bank: a fee, a missing gift, a doubled gift, a swapped digit; mended, signed, and public."""

import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.imports.reading import UnreadableFile
from portal.ledger import accounts
from portal.ledger.models import Channel
from portal.periods import today
from portal.reconciliation import figures, service
from portal.reconciliation.figures import Account
from portal.reconciliation.models import LineMatch, StatementLine
from portal.refusals import Conflict, Forbidden, Invalid
from portal.registry.models import Fund
from portal.registry.services.organisations import ORGANISATIONS
from portal.staff.models import StaffMember
from portal.staff.scope import Scope
from tests import factories, gifts, moves, people, statements
from tests.imports import sheets
from tests.people import LogIn

LAST = today() - timedelta(days=1)


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def _day(back: int) -> date:
    return LAST - timedelta(days=back)


def _bank(*lines: tuple[int, str, float, str]) -> bytes:
    return statements.bank(LAST, *lines)


def _gift(fund: Fund, back: int, yuan: float, reference: str = "") -> int:
    given = gifts.posted_gift(
        fund, round(yuan * 100), _day(back), channel=Channel.BANK, external_ref=reference
    )
    assert given.entry_id is not None
    return given.entry_id


def _account(fund: Fund) -> Account:
    return Account(fund.organisation_id, accounts.BANK)


def _take_in(fund: Fund, content: bytes) -> None:
    uscc = fund.organisation.uscc
    service.take_in(content, "bank.csv", (uscc, accounts.BANK), people.clerk())


def _open(fund: Fund) -> tuple[list[int], list[int]]:
    db.session.expire_all()
    stands = figures.standing(db.session(), _account(fund), LAST)
    return [one.amount_fen for one in stands.open_lines], [one.amount_fen for one in stands.open_entries]


def test_a_month_is_reconciled_signed_and_published(
    fund: Fund, clerk: StaffMember, reviewer: StaffMember, log_in: LogIn, client: FlaskClient
) -> None:
    _gift(fund, 20, 500, "R1")
    with_fee = _gift(fund, 15, 1_000, "R2")
    doubled = [_gift(fund, 12, 88, "R3"), _gift(fund, 12, 88)]
    typo = _gift(fund, 8, 1_260)
    gifts.posted_payout(fund, 300_00, _day(5))
    _take_in(
        fund,
        _bank(
            (20, "王小明", 500, "R1"),
            (15, "某平台", 994, "R2"),
            (12, "李老师", 88, "R3"),
            (10, "爱心企业", 2_000, "R4"),
            (8, "陈女士", 1_620, ""),
            (5, "某学校", -300, ""),
            (1, "赵先生", 5, "R6"),
        ),
    )
    account = _account(fund)
    assert service.accept_sure(account, clerk) == 3
    assert _open(fund) == ([994_00, 2_000_00, 1_620_00, 5_00], [1_000_00, 88_00, 1_260_00])
    address = f"/organisations/{fund.organisation.uscc}"
    assert "对得上吗" not in client.get(address).text
    before = service.close(account, _day(1), clerk)
    service.sign(before.id, reviewer)
    page = client.get(address).text
    assert "流水有 4 行（4,619.00 元）、账上有 3 笔（2,348.00 元）还没有对上" in page
    # The fee: requested from the line, reviewed and paid as usual as the statement says, and the line is whole.
    lines = {line.amount_fen: line.id for line in db.session.query(StatementLine)}
    made = service.book_fee(lines[994_00], with_fee, clerk)
    assert made.amount_fen == 6_00
    statements.settle_fee(reviewer, clerk)
    assert service.join_fees(account, clerk) == 1
    # The doubled gift is reversed, the swapped digit reversed and logged anew, the missing gifts are logged.
    db.session.expire_all()
    for entry_id in (doubled[1], typo):
        gifts.reversed_entry(figures.entries_by_id(db.session(), [entry_id])[entry_id])
    for back, yuan, reference in ((8, 1_620, ""), (10, 2_000, "R4"), (1, 5, "R6")):
        _gift(fund, back, yuan, reference)
    assert service.accept_sure(account, clerk) == 3
    assert _open(fund) == ([], [])
    after = service.close(account, _day(1), clerk)
    assert after.ledger_fen == after.bank_fen == 4_907_00
    service.sign(after.id, reviewer)
    assert "账本与流水逐行对上，一分不差" in client.get(address).text
    desk = log_in(clerk)
    assert "一分不差" in desk.get(f"/desk/reconciliation/{fund.organisation.uscc}/{accounts.BANK}").text


def test_the_same_lines_count_once(fund: Fund) -> None:
    first = _bank((3, "王", 5, ""), (3, "王", 5, ""))
    _take_in(fund, first)
    assert factories.count(db.session, StatementLine) == 2, "two equal lines in one file are two"
    with pytest.raises(Conflict):
        _take_in(fund, first)
    _take_in(fund, _bank((3, "王", 5, ""), (3, "王", 5, ""), (2, "李", 6, "")))
    assert factories.count(db.session, StatementLine) == 3


def test_what_does_not_come_to_the_line_is_not_matched(fund: Fund) -> None:
    entry, other = _gift(fund, 3, 60), _gift(fund, 3, 40)
    _take_in(fund, _bank((3, "平台结算", 100, "")))
    line = db.session.query(StatementLine).one().id
    with pytest.raises(Invalid):
        service.accept(line, [entry], people.clerk())
    assert factories.count(db.session, LineMatch) == 0
    service.accept(line, [entry, other], people.clerk())
    assert _open(fund) == ([], [])
    with pytest.raises(Conflict):
        service.accept(line, [entry, other], people.clerk())
    service.take_back(line, people.clerk())
    assert _open(fund) == ([100_00], [60_00, 40_00])


def test_a_transfer_to_another_organisation_stands_in_the_statements_of_both(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    _gift(fund, 9, 900)
    moves.posted_transfer(fund, other, 300_00, moved_on=_day(3))
    _take_in(fund, _bank((9, "王", 900, ""), (3, "划出", -300, "")))
    _take_in(other, _bank((9, "利息", 1, ""), (2, "划入", 300, "")))
    assert service.accept_sure(_account(fund), people.clerk()) == 2
    assert _open(other) == ([1_00, 300_00], [300_00])
    _interest, arrived = figures.open_lines(db.session(), _account(other))
    moved = figures.candidates(db.session(), arrived)
    service.accept(arrived.id, [one.id for one in moved], people.clerk())
    assert _open(fund) == ([], [])
    assert _open(other) == ([1_00], [])


def test_no_fee_is_booked_of_what_another_organisation_transferred(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    _gift(fund, 9, 900)
    moved = moves.posted_transfer(fund, other, 300_00, moved_on=_day(3))
    _take_in(other, _bank((3, "划入", 299, "")))
    line = db.session.query(StatementLine).one().id
    with pytest.raises(Invalid):
        service.book_fee(line, moved.entry_id or 0, people.clerk())
    assert _open(other) == ([299_00], [300_00])


def test_a_transfer_within_an_organisation_moves_nothing_at_its_bank(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session, organisation_id=fund.organisation_id)
    _gift(fund, 9, 900)
    moves.posted_transfer(fund, other, 300_00, moved_on=_day(3))
    _take_in(fund, _bank((9, "王", 900, ""), (1, "王", 5, "")))
    service.accept_sure(_account(fund), people.clerk())
    assert _open(fund) == ([5_00], [])


def test_two_people_and_only_what_is_past_and_covered(fund: Fund) -> None:
    _take_in(fund, _bank((3, "王", 5, "")))
    for day in (today(), _day(0), _day(9)):
        with pytest.raises(Invalid):
            service.close(_account(fund), day, people.clerk())
    made = service.close(_account(fund), _day(3), people.clerk())
    with pytest.raises(Forbidden):
        service.sign(made.id, people.clerk())
    _gift(fund, 3, 7)
    with pytest.raises(Conflict):
        service.sign(made.id, people.reviewer())
    assert service.published(db.session(), fund.organisation_id) == []


def test_a_line_that_cannot_be_read_keeps_the_whole_file_out(fund: Fund) -> None:
    content = sheets.csv_file([statements.HEADER, [_day(3).isoformat(), "王", "五元", "", "", "", ""]])
    with pytest.raises((Invalid, UnreadableFile)):
        _take_in(fund, content)
    assert factories.count(db.session, StatementLine) == 0


def test_it_is_done_at_the_desk(fund: Fund, clerk: StaffMember, log_in: LogIn) -> None:
    _gift(fund, 3, 5, "R1")
    entry = _gift(fund, 2, 10)
    desk, uscc = log_in(clerk), fund.organisation.uscc
    form = {"organisation": uscc, "account": accounts.BANK}
    content = _bank((3, "王", 5, "R1"), (1, "李", 10, ""), (1, "某平台", 9.95, ""))
    made = desk.post("/desk/reconciliation/new", data={**form, "file": (io.BytesIO(content), "bank.csv")})
    assert made.status_code == 302
    page = desk.get(made.location).text
    assert "对上确定无疑的 1 行" in page and "同额，日期相近" in page
    assert desk.post(f"{made.location}/sure").status_code == 302
    line = next(one.id for one in db.session.query(StatementLine) if one.amount_fen == 10_00)
    desk.post(f"/desk/reconciliation/lines/{line}/accept", data={"entry": entry})
    assert _open(fund) == ([9_95], [])
    bad = desk.post("/desk/reconciliation/new", data={**form, "file": (io.BytesIO(b"MZ"), "bank.csv")})
    assert bad.status_code == 422
    assert ORGANISATIONS.find(db.session(), uscc, Scope.district()).id == fund.organisation_id
