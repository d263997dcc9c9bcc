"""Every format in which the ledger is given away, by the name of the command line and of the file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.i18n import lazy_gettext as _l
from portal.opendata import package
from portal.opendata.beancount import beancount_ledger
from portal.opendata.columns import ENTRIES
from portal.opendata.delimited import csv_text, json_lines
from portal.opendata.export import Export
from portal.opendata.grants import grants_json
from portal.opendata.hledger import hledger_journal
from portal.opendata.rows import documents_of
from portal.opendata.shelf import MORE
from portal.opendata.workbooks import write_workbook
from portal.refusals import Sentence


@dataclass(frozen=True)
class FileFormat:
    """One format: its file, what it is for, and how it is written."""

    name: str
    file_name: str
    media_type: str
    title: Sentence
    use: Sentence
    write: Callable[[Export, Path], None]
    more_key: Callable[[Export], str] = lambda _export: ""

    def kept_name(self, export: Export) -> str:
        """The name on the shelf: with what the content hangs on besides the entries of the slice."""
        key = self.more_key(export)
        return f"{key}{MORE}{self.file_name}" if key else self.file_name


def _as_text(pieces: Callable[[Export], Iterable[str]]) -> Callable[[Export, Path], None]:
    def write(export: Export, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces(export))

    return write


def _csv(export: Export) -> Iterable[str]:
    return csv_text(ENTRIES, documents_of(export.session, export.slice))


def _json_lines(export: Export) -> Iterable[str]:
    return json_lines(documents_of(export.session, export.slice))


def _workbook(export: Export, path: Path) -> None:
    write_workbook(path, ENTRIES, documents_of(export.session, export.slice), export.stamp)


def _opening_key(export: Export) -> str:
    """A journal begins with what came before, so it changes with every month before."""
    earlier = [month for month in export.catalogue.months if month.ends <= export.slice.begins]
    return f"{sum(month.rows for month in earlier)}-{max((month.tree_size for month in earlier), default=0)}"


FORMATS = {
    one.name: one
    for one in (
        FileFormat(
            "csv",
            "entries.csv",
            "text/csv; charset=utf-8",
            _l("表格（CSV）"),
            _l("用 WPS 或 Excel 双击打开。"),
            _as_text(_csv),
        ),
        FileFormat(
            "xlsx",
            "entries.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _l("工作簿（XLSX）"),
            _l("用 WPS 或 Excel 打开，金额和日期可以直接求和、排序。"),
            _workbook,
        ),
        FileFormat(
            "jsonl",
            "entries.jsonl",
            "application/jsonl; charset=utf-8",
            "JSON Lines",
            _l("给程序用：一行一笔，与接口给出的完全相同。"),
            _as_text(_json_lines),
        ),
        FileFormat(
            "hledger",
            "ledger.journal",
            "text/plain; charset=utf-8",
            "hledger",
            _l("会计分录；hledger check --strict 会验证每个基金的期末余额。"),
            _as_text(hledger_journal),
            _opening_key,
        ),
        FileFormat(
            "beancount",
            "ledger.beancount",
            "text/plain; charset=utf-8",
            "beancount",
            _l("会计分录；bean-check 会验证每个基金的期末余额。"),
            _as_text(beancount_ledger),
            _opening_key,
        ),
        FileFormat(
            "360giving",
            "360giving.json",
            "application/json",
            "360Giving",
            _l("拨给个人和单位的支出，按国际资助数据标准。"),
            _as_text(grants_json),
        ),
        FileFormat(
            "datapackage",
            "datapackage.zip",
            "application/zip",
            _l("数据包（Frictionless）"),
            _l("收支、分录、组织、基金、站点、项目和活动，连同数据字典。"),
            package.write_zip,
            package.registry_hash,
        ),
    )
}
BY_FILE_NAME = {one.file_name: one for one in FORMATS.values()}
