"""The file a bank pays a list from, and transfers that came back (退票)."""

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.beneficiaries import payouts
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person
from portal.beneficiaries.register import find
from portal.beneficiaries.taking import list_of
from portal.db import writing
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.periods import today
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember

AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def bank_file(disbursement_id: int, by: StaffMember) -> bytes:
    """A workbook to pay everybody on an approved payout's list from; each export is on record.

    Raises:
        NotFound: there is no such payout or list within reach.
        Conflict: the payout is not approved, the list has no amounts, or accounts are missing.
    """
    with writing() as session:
        payout = payouts.find(session, disbursement_id)
        of_list = list_of(session, disbursement_id)
        if payout is None or of_list is None or not by.scope.permits(payout.organisation_id, None):
            raise NotFound(_l("没有找到这笔支出的名单。"))
        if payout.state not in payouts.TO_PAY:
            raise Conflict(_l("支出复核同意以后才能导出银行代发文件。"))
        if not of_list.with_amounts:
            raise Conflict(_l("发物资的名单没有金额，不用银行代发。"))
        rows = _paid_rows(session, of_list)
        persons = [Person.of(row) for row in rows]
        missing = [str(row.row_no) for row, person in zip(rows, persons, strict=True) if not person.account]
        if missing:
            raise Conflict(
                _l(
                    "第 %(rows)s 行没有账号，不能做代发文件。请退回补上，或用现金发放。",
                    rows="、".join(missing[:10]),
                )
            )
        audit.record(
            session,
            staff=by,
            action="beneficiary_list.exported_for_bank",
            subject_kind="disbursement",
            subject_id=disbursement_id,
            detail={"persons": len(rows), "total_fen": sum(row.amount_fen or 0 for row in rows)},
        )
        return _workbook(rows, persons, payout.disbursement_no)


def mark_returned(beneficiary_id: int, day: date, reason: str, by: StaffMember) -> Beneficiary:
    """Note that the bank sent a transfer back.

    Raises:
        NotFound: there is no such person within reach.
        Conflict: the payout is not paid yet.
        Invalid: the day lies ahead or before the payout, or the reason holds a number.
    """
    with writing() as session:
        row = find(session, beneficiary_id, by, lock=True)
        of_list = session.get_one(BeneficiaryList, row.list_id)
        payout = payouts.find(session, of_list.disbursement_id)
        if payout is None or payout.state != "posted":
            raise Conflict(_l("支付以后才会有退票。"))
        if not payout.day <= day <= today():
            raise Invalid({"returned_on": _l("退票日期应在支付日期之后、今天以前。")})
        if private_words({"return_reason": reason}):
            raise Invalid({"return_reason": _l("原因里请不要写证件号、电话或账号。")})
        row.returned_on, row.return_reason = day, reason.strip()[:200]
        audit.record(
            session,
            staff=by,
            action="beneficiary.transfer_returned",
            subject_kind="disbursement",
            subject_id=payout.id,
            detail={"row": row.row_no, "amount_fen": row.amount_fen},
        )
        return row


def returned_of(session: Session, of_list: BeneficiaryList) -> tuple[int, int]:
    """How many transfers of a list came back, and their sum in fen."""
    query = select(func.count(), func.coalesce(func.sum(Beneficiary.amount_fen), 0)).where(
        Beneficiary.list_id == of_list.id, Beneficiary.returned_on.is_not(None)
    )
    count, total = session.execute(query).one()
    return count, int(total or 0)


def _paid_rows(session: Session, of_list: BeneficiaryList) -> Sequence[Beneficiary]:
    query = select(Beneficiary).where(
        Beneficiary.list_id == of_list.id, Beneficiary.state == PersonState.FINE
    )
    return session.scalars(query.order_by(Beneficiary.position)).all()


def _workbook(rows: Sequence[Beneficiary], persons: Sequence[Person], number: str) -> bytes:
    target = io.BytesIO()
    header = (_("序号"), _("账号"), _("户名"), _("开户行"), _("金额"), _("附言"))
    widths = (8, 26, 18, 34, 14, 22)
    with xlsxwriter.Workbook(target, {"constant_memory": True, **AS_TEXT}) as book:
        sheet = book.add_worksheet(_("代发"))
        bold, money = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "0.00"})
        for column, (words, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words, bold)
        for line, (row, person) in enumerate(zip(rows, persons, strict=True), start=1):
            sheet.write_number(line, 0, line)
            sheet.write_string(line, 1, person.account)
            sheet.write_string(line, 2, person.name)
            sheet.write_string(line, 3, person.bank)
            # A spreadsheet knows only floats; no sum is ever made from this cell.
            sheet.write_number(line, 4, (row.amount_fen or 0) / 100, money)
            sheet.write_string(line, 5, number)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
