"""Statements of a bank as tests write them, and what becomes of the fees found in them."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.db import db
from portal.spending import paying, reviewing
from portal.spending.models import Disbursement, DisbursementState
from portal.staff.models import StaffMember
from tests.imports import sheets

HEADER = ["交易日期", "对方户名", "收入金额", "支出金额", "余额", "交易流水号", "摘要"]


def bank(last: date, *lines: tuple[int, str, float, str]) -> bytes:
    """A bank's export: days before the last, who, yuan (negative went out), reference."""
    rows: list[Sequence[object]] = [["账户明细"], [], HEADER]
    for back, who, amount, reference in lines:
        came, went = (f"{amount:.2f}", "") if amount > 0 else ("", f"{-amount:.2f}")
        day = last - timedelta(days=back)
        rows.append([day.isoformat(), who, came, went, "9999.00", reference, "转账"])
    return sheets.csv_file(rows)


def settle_fee(reviewer: StaffMember, clerk: StaffMember) -> None:
    """Let the fee that waits for review into the books."""
    db.session.rollback()  # a snapshot of its own begins
    made = db.session.query(Disbursement).filter_by(state=DisbursementState.PENDING).one()
    approved = reviewing.approve(made.id, reviewer, made.version)
    known = paying.payment_of(approved)
    assert known is not None and known.payment_ref == "R2"
    paying.pay(approved.id, known, clerk, approved.version)
