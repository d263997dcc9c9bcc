"""Read a stranger's workbook in a child process: a bomb in it breaks the child, and the next request is served."""

from portal.files import children, workbooks
from portal.files.children import ChildFailed
from portal.files.workbooks import (
    BROKEN,
    LOCKED,
    MOST_ROWS,
    NOT_EXCEL,
    SECONDS,
    TOO_BIG,
    TOO_MANY,
    PlainSheet,
)
from portal.i18n import lazy_gettext as _l
from portal.refusals import Refusal, Sentence

_WORDS: dict[str, Sentence] = {
    BROKEN: _l("这个 Excel 文件打不开，可能已经损坏。请用 Excel 或 WPS 打开后另存一份再导入。"),
    LOCKED: _l("这个 Excel 文件有密码保护。请去掉密码后另存一份再导入。"),
    TOO_BIG: _l("表格大得不合常理（解开后过大，或在很远的格子里有内容）。请只留名单本身，另存一份再导入。"),
    TOO_MANY: _l("一次最多导入 %(count)d 行，请把名单拆开。", count=MOST_ROWS),
    NOT_EXCEL: _l("这不是 Excel 文件（可能是压缩包或 Word 文件）。请导入 .xlsx、.xls 或 .csv。"),
}


class UnreadableWorkbook(Refusal):
    """The workbook cannot be read; the message says why and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS[why], field="file")


def read_workbook(content: bytes) -> list[PlainSheet]:
    """The sheets of a workbook.

    Raises:
        UnreadableWorkbook: it is locked, broken, no workbook, or took more memory or time than any list needs.
    """
    try:
        why, sheets = children.ask(workbooks.__file__, content, SECONDS)
    except ChildFailed as failed:
        raise UnreadableWorkbook(TOO_BIG if failed.too_much else BROKEN) from None
    if why:
        raise UnreadableWorkbook(why)
    found: list[PlainSheet] = sheets
    return found
