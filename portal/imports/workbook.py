"""The rows that are not accepted as a workbook with a message column, to be put right and brought in again."""

import io

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.labels import label

MOST_ROWS = 200_000


def bad_rows(session: Session, batch: ImportBatch) -> bytes:
    """A workbook of all rows of a batch that are not accepted.

    Names and remarks come from strangers: every text is written as text, so that none becomes a formula or a link.
    """
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.state != RowState.ACCEPTED)
        .order_by(ImportRow.position)
        .limit(MOST_ROWS)
    )
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("待改正的行"))
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        wrapped = book.add_format({"text_wrap": True})
        for column, (words, width) in enumerate(_header()):
            sheet.write_string(0, column, words, bold)
            sheet.set_column(column, column, width)
        for line, row in enumerate(rows, start=1):
            sheet.write_number(line, 0, row.row_no)
            sheet.write_string(line, 1, row.donor_name)
            if row.amount_fen is not None:
                # A spreadsheet knows only floats; sums are never made from this cell.
                sheet.write_number(line, 2, row.amount_fen / 100, money)
            sheet.write_string(line, 3, row.received_on.isoformat() if row.received_on else "")
            sheet.write_string(line, 4, row.external_ref)
            sheet.write_string(line, 5, row.remark)
            sheet.write_string(line, 6, str(label(row.state)))
            sheet.write_string(line, 7, "\n".join(_messages(row)), wrapped)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _header() -> list[tuple[str, int]]:
    return [
        (_("原文件行号"), 10),
        (_("捐赠人"), 30),
        (_("金额"), 14),
        (_("日期"), 12),
        (_("交易单号"), 32),
        (_("备注"), 30),
        (_("状态"), 10),
        (_("说明"), 60),
    ]


def _messages(row: ImportRow) -> list[str]:
    if row.state is RowState.DUPLICATE:
        return [_("内容与已入账或正在等待复核的一笔相同。")]
    return [
        _("%(column)s：%(message)s", column=problem.column, message=problem.message)
        if problem.column
        else problem.message
        for problem in row.problems
    ]
