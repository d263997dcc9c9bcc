"""Lists of persons from files: taken in, and brought again with the rows that were put right."""

import io
from collections.abc import Mapping

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import lists
from portal.beneficiaries.bank_file import AS_TEXT
from portal.beneficiaries.faults import FIELD_WORDS, Finding
from portal.beneficiaries.judging import judge_of
from portal.beneficiaries.lists import NewList, StatedRow
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, DocumentKind, PersonState
from portal.beneficiaries.person import Person
from portal.db import writing
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.imports.reading.payees import Column, Payee, read_payees
from portal.labels import label
from portal.money import format_yuan
from portal.refusals import Invalid
from portal.staff import audit
from portal.staff.models import StaffMember

_PERSON = ("name", "document_kind", "document_no", "phone", "account", "bank", "guardian", "school", "remark")
_WORKBOOK_COLUMNS = (
    "name",
    "document_kind",
    "document_no",
    "phone",
    "amount",
    "bank",
    "account",
    "guardian",
    "school",
    "group",
    "street",
    "remark",
)


def take_in(
    content: bytes, file_name: str, organisation_id: int, group_words: str, by: StaffMember
) -> tuple[BeneficiaryList, bool]:
    """Take a file in as a list, without keeping it; return the list, and whether it is new.

    Raises:
        UnreadableFile: the file is no list of persons.
        Invalid: the group's words are missing or not for the public, or the list is too long.
    """
    found = read_payees(content, file_name)
    details = NewList(
        organisation_id=organisation_id,
        group_words=group_words,
        with_amounts=found.with_amounts,
        title=found.title,
        file_name=file_name[-255:],
        stated_total_fen=found.stated_total_fen,
        stated_count=found.stated_count,
    )
    return lists.create(details, [_stated(row) for row in found.rows], by)


def take_again(
    list_id: int, content: bytes, file_name: str, by: StaffMember, version: int
) -> tuple[BeneficiaryList, int]:
    """Take the rows of a downloaded workbook back, each where it came from; return the list, and how many they were.

    Raises:
        UnreadableFile: the file is no list of persons.
        Invalid: it is not a workbook that was downloaded from this list.
        Conflict: the list is under review, or was changed after it was shown.
    """
    rows = read_payees(content, file_name).rows
    if any(row.place is None for row in rows):
        raise Invalid({"file": _l("这里只收从本页下载、改好的工作簿：它的第一列是“名单行”，请不要删掉。")})
    stated = [(row.place, _stated(row)) for row in rows if row.place is not None]
    return lists.take_again(list_id, stated, by, version), len(stated)


def workbook(list_id: int, by: StaffMember) -> bytes:
    """The rows that are not in order as a workbook with a message column; that it was made is on record.

    Raises:
        NotFound: there is no such list, or none for this person.
    """
    with writing() as session:
        of_list = lists.find(session, list_id, by)
        rows = session.scalars(
            select(Beneficiary)
            .where(
                Beneficiary.list_id == of_list.id,
                Beneficiary.state.in_([PersonState.TO_MEND, PersonState.TO_CONFIRM]),
            )
            .order_by(Beneficiary.position)
        ).all()
        judge = judge_of(session, of_list, by.scope)
        lines = []
        for row in rows:
            person = Person.of(row)
            lines.append((row, person, judge.findings(row, person, row.amount_fen)))
        audit.record(
            session,
            staff=by,
            action="beneficiary_list.downloaded",
            subject_kind=lists.SUBJECT,
            subject_id=of_list.id,
            detail={"persons": len(rows)},
        )
    return _workbook(lines)


def problems_of(session: Session, of_list: BeneficiaryList) -> list[str]:
    """What is odd about the list as a whole."""
    problems = []
    summed = lists.sum_of(session, of_list)
    if of_list.stated_total_fen is not None and of_list.stated_total_fen != summed:
        problems.append(
            _(
                "名单写明合计 %(stated)s 元，逐人相加是 %(counted)s 元。请向提供名单的人核实；系统不会替您改数。",
                stated=format_yuan(of_list.stated_total_fen),
                counted=format_yuan(summed),
            )
        )
    counted = of_list.rows - of_list.left_out
    if of_list.stated_count is not None and of_list.stated_count != counted:
        problems.append(
            _(
                "名单写明 %(stated)s 人，实际有 %(counted)s 人。请核实。",
                stated=of_list.stated_count,
                counted=counted,
            )
        )
    problems += [
        _("内容与名单 %(no)s 完全相同，那一份已经申请过支出。请确认不是重复发放。", no=twin.id)
        for twin in lists.twins_of(session, of_list)
    ]
    return problems


def _stated(row: Payee) -> StatedRow:
    words: Mapping[str, str] = row.words
    person = Person(
        **{name: words.get(name, "") for name in _PERSON},
        street=words.get(Column.STREET, ""),
        amount_words=words["amount_words"],
    )
    return StatedRow(person, row.amount_fen, row.row_no, words.get(Column.GROUP, ""))


def _workbook(lines: list[tuple[Beneficiary, Person, list[Finding]]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, **AS_TEXT}) as book:
        sheet = book.add_worksheet(_("待改正的人"))
        bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True})
        money, text = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "@"})
        header = [_("名单行"), *(str(FIELD_WORDS[name]) for name in _WORKBOOK_COLUMNS), _("问题")]
        for column, words in enumerate(header):
            sheet.set_column(column, column, 60 if column == len(header) - 1 else 20 if column else 8)
            sheet.write_string(0, column, words, bold)
        for line, (row, person, found) in enumerate(lines, start=1):
            sheet.write_number(line, 0, row.position)
            for column, name in enumerate(_WORKBOOK_COLUMNS, start=1):
                if name == "amount" and row.amount_fen is not None:
                    # A spreadsheet knows only floats; no sum is ever made from this cell.
                    sheet.write_number(line, column, row.amount_fen / 100, money)
                else:
                    sheet.write_string(line, column, _cell(name, row, person), text)
            messages = [_("%(column)s：%(message)s", column=one.column, message=one.message) for one in found]
            sheet.write_string(line, len(header) - 1, "\n".join(messages), wrapped)
        sheet.freeze_panes(1, 2)
    return target.getvalue()


def _cell(name: str, row: Beneficiary, person: Person) -> str:
    if name == "amount":
        return person.amount_words
    if name == "group":
        return row.group_words
    if name == "document_kind":
        return str(label(DocumentKind(person.document_kind)))
    said: str = getattr(person, name)
    return said
