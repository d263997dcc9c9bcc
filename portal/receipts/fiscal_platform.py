"""What the portal asks of the fiscal platform and what it hears back; one implementation exchanges files.

Another (an interface of the platform's) takes its place by offering the same two functions.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import xlsxwriter

from portal.files.apart import UnreadableWorkbook, read_workbook
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, parse_yuan
from portal.refusals import Invalid, Sentence

_CODE = re.compile(r"\d{8}")
_NUMBER = re.compile(r"\d{10}")
_CHECK = re.compile(r"[0-9A-Za-z]{6}")
_RED = "红冲"
MOST_ROWS = 20_000


@dataclass(frozen=True)
class FiscalRequest:
    """A receipt to be issued: who paid what, when, to which project; ``amount_fen`` is what has no receipt yet."""

    donation_no: str
    payer: str
    payer_uscc: str
    organisation: str
    fund: str
    amount_fen: int
    received_on: date
    form: str


@dataclass(frozen=True)
class FiscalAnswer:
    """A receipt that was issued, or the red one that cancels the receipt ``cancels``; ``row`` is that in the file."""

    row: int
    donation_no: str
    code: str
    number: str
    check_code: str
    amount_fen: int
    issued_on: date
    red: bool = False
    cancels: str = ""


class FiscalPlatform(Protocol):
    """The platform that issues receipts."""

    def export(self, requests: Sequence[FiscalRequest]) -> bytes:
        """A batch of requests in the platform's form."""

    def read_answer(self, content: bytes) -> list[FiscalAnswer]:
        """What the platform answered.

        Raises:
            Invalid: the answer cannot be read; the message names row, column and mend.
        """


REQUEST_HEADER = (
    "业务单号",
    "交款人",
    "交款人统一社会信用代码",
    "收款单位",
    "项目名称",
    "金额",
    "收款日期",
    "捐赠形式",
)
ANSWER_HEADER = ("业务单号", "票据代码", "票据号码", "校验码", "金额", "开票日期", "状态", "原票据号码")


class FilePlatform:
    """Requests go out as a workbook; answers come in as a workbook or CSV file with the columns ``ANSWER_HEADER``."""

    def export(self, requests: Sequence[FiscalRequest]) -> bytes:
        """A workbook with a row for each request."""
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("开票申请")
            sheet.write_row(0, 0, REQUEST_HEADER)
            for row, one in enumerate(requests, start=1):
                cells = (
                    one.donation_no,
                    one.payer,
                    one.payer_uscc,
                    one.organisation,
                    f"公益事业捐赠（{one.fund}）",
                    format_plain(one.amount_fen),
                    one.received_on.isoformat(),
                    one.form,
                )
                for column, text in enumerate(cells):
                    sheet.write_string(row, column, text)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(REQUEST_HEADER) - 1, 22)
        return target.getvalue()

    def read_answer(self, content: bytes) -> list[FiscalAnswer]:
        """The receipts that a file answers with.

        Raises:
            Invalid: a row cannot be read, or columns are missing.
        """
        rows = list(_rows(content))
        header = [cell.strip() for cell in rows[0]] if rows else []
        missing = [name for name in ANSWER_HEADER[:6] if name not in header]
        if missing:
            raise Invalid({"file": _l("回执文件缺少这些列：%(names)s。", names="、".join(missing))})
        if len(rows) > MOST_ROWS:
            raise Invalid({"file": _l("一次最多导入 %(count)d 行，请把文件拆开。", count=MOST_ROWS)})
        errors: dict[str, Sentence] = {}
        answers = []
        for number, row in enumerate(rows[1:], start=2):
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            if any(cells.values()):
                answer = _answer(number, cells, errors)
                if answer is not None:
                    answers.append(answer)
        if errors:
            raise Invalid(errors)
        return answers


def _answer(row: int, cells: dict[str, str], errors: dict[str, Sentence]) -> FiscalAnswer | None:
    def wrong(column: str) -> None:
        errors[f"row-{row}"] = _l(
            "第 %(row)d 行的“%(column)s”看不懂：%(value)s。票据代码 8 位数字，号码 10 位数字，校验码 6 位。",
            row=row,
            column=column,
            value=cells.get(column, ""),
        )

    for column, pattern in (("票据代码", _CODE), ("票据号码", _NUMBER), ("校验码", _CHECK)):
        if not pattern.fullmatch(cells.get(column, "")):
            wrong(column)
            return None
    try:
        amount = parse_yuan(cells["金额"].removeprefix("-"))
    except AmountError:
        wrong("金额")
        return None
    try:
        day = date.fromisoformat(cells["开票日期"].replace("/", "-").replace(".", "-")[:10])
    except ValueError:
        wrong("开票日期")
        return None
    red = cells.get("状态", "") == _RED
    return FiscalAnswer(
        row,
        cells["业务单号"].upper(),
        cells["票据代码"],
        cells["票据号码"],
        cells["校验码"],
        amount,
        day,
        red,
        cells.get("原票据号码", ""),
    )


def _rows(content: bytes) -> Iterator[list[str]]:
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        try:
            _name, rows, _merged = read_workbook(content)[0]
        except (UnreadableWorkbook, IndexError):
            raise Invalid({"file": _l("这个 Excel 文件打不开，请另存为 .xlsx 或 .csv 再上传。")}) from None
        filled = (number for number, row in enumerate(rows) if any(_text(cell) for cell in row))
        yield from ([_text(cell) for cell in row] for row in rows[next(filled, 0) :])
        return
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        yield from csv.reader(io.StringIO(text))
        return
    raise Invalid({"file": _l("看不懂这个文件的文字编码，请另存为 UTF-8 的 CSV 或 .xlsx 再上传。")})


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
