"""Take a register from a file: CSV, or a workbook with one sheet a kind of thing.

The header row names our columns (``uscc``, ``name`` …) or their Chinese labels (统一社会信用代码、名称 …). Which kind
of thing a table holds is told by its columns and, where they fit several, by its name. All rows go in, or none does.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.db import writing
from portal.files.apart import UnreadableWorkbook, read_workbook
from portal.i18n import gettext as _
from portal.labels import label
from portal.refusals import Invalid
from portal.registry.fields import read_number, read_yuan
from portal.registry.labels import FIELD_LABELS
from portal.registry.models import (
    AcceptedKind,
    FundKind,
    LandmarkKind,
    OrganisationKind,
    ProjectCategory,
    SubjectKind,
)
from portal.registry.purposes import CharitablePurpose
from portal.registry.services.campaigns import CAMPAIGNS, CampaignDetails
from portal.registry.services.funds import FUNDS, FundDetails
from portal.registry.services.keeping import Keeper
from portal.registry.services.landmarks import LANDMARKS, LandmarkDetails
from portal.registry.services.organisations import ORGANISATIONS, OrganisationDetails
from portal.registry.services.projects import PROJECTS, ProjectDetails
from portal.registry.services.stations import STATIONS, StationDetails
from portal.staff.models import StaffMember

MOST_ROWS = 20_000

Value = str | bool | int | date | StrEnum | tuple[str, ...] | None
"""What a cell means."""

Cell = str | float | bool | date | time | timedelta | None


@dataclass(frozen=True)
class Kind:
    """One kind of table: what keeps its rows, what a row becomes, what its columns of words may say.

    ``other_names`` are names that older files give to columns.
    """

    keeper: Keeper[Any, Any]
    details: Callable[..., Any]
    words: Mapping[str, type[StrEnum]]
    other_names: Mapping[str, str]

    def fits(self, given: set[str]) -> bool:
        """Whether a table with these columns may be of this kind."""
        named = {self.other_names.get(column, column) for column in given}
        return named <= self.columns and self.required <= named

    @property
    def columns(self) -> set[str]:
        """Every column that a table of this kind may have."""
        return {one.name for one in fields(self.details)}  # type: ignore[arg-type]

    @property
    def ordered(self) -> list[tuple[str, bool]]:
        """Each column and whether it must be filled in, those that must first."""
        required = self.required
        names = [one.name for one in fields(self.details)]  # type: ignore[arg-type]
        return [(name, name in required) for name in sorted(names, key=lambda name: name not in required)]

    @property
    def required(self) -> set[str]:
        """The columns that every row must fill in."""
        return {one.name for one in fields(self.details) if one.default is MISSING}  # type: ignore[arg-type]


KINDS = (
    Kind(ORGANISATIONS, OrganisationDetails, {"kind": OrganisationKind}, {}),
    Kind(FUNDS, FundDetails, {"kind": FundKind}, {}),
    Kind(STATIONS, StationDetails, {}, {}),
    Kind(PROJECTS, ProjectDetails, {"category": ProjectCategory}, {"fund": "funds"}),
    Kind(CAMPAIGNS, CampaignDetails, {}, {}),
    Kind(LANDMARKS, LandmarkDetails, {"kind": LandmarkKind}, {}),
)

_DATES = {"founded_on", "fundraising_since", "opened_on", "starts_on", "ends_on", "filed_on"}
_FLAGS = {"restricted", "emergency", "cooperative"}
_NUMBERS: dict[str, Callable[[str], int]] = {
    "second_approval_fen": read_yuan,
    "evidence_required_fen": read_yuan,
    "request_expires_days": read_number,
    "planned_people": read_number,
}
_LISTS = {"funds"}
_MEMBERS: dict[str, type[StrEnum]] = {"purposes": CharitablePurpose, "accepted": AcceptedKind}
_BETWEEN_MEMBERS = re.compile(r"[;；\s]+")
"""Their words hold commas themselves."""
_BETWEEN = re.compile(r"[、,，;；\s]+")
_YES = {"是", "1", "true", "yes", "y", "√"}
_NO = {"否", "0", "false", "no", "n", ""}


@dataclass(frozen=True)
class Table:
    """One table of the file: its name, its kind, and its rows with the numbers they have in the file."""

    name: str
    kind: Kind
    header: list[str | None]
    rows: list[tuple[int, list[Cell]]]


def import_upload(content: bytes, file_name: str, by: StaffMember) -> dict[SubjectKind, int]:
    """Enter what an uploaded file holds; raises as ``import_registry``."""
    with TemporaryDirectory() as folder:
        suffix = Path(file_name).suffix.lower()
        path = Path(folder) / f"upload{suffix}"
        path.write_bytes(content)
        return import_registry(path, by, _("由文件“%(name)s”导入", name=file_name[:100]))


def import_registry(path: Path, by: StaffMember | None, reason: str = "") -> dict[SubjectKind, int]:
    """Enter everything a file holds and return how many of each kind.

    Raises:
        Invalid: nothing was written; the keys are ``表名 第 n 行 · 列`` (or ``file``), the values say what is wrong.
    """
    tables = sorted((_table(name, rows) for name, rows in _read(path)), key=lambda one: KINDS.index(one.kind))
    if not any(table.rows for table in tables):
        raise Invalid({"file": _("文件是空的，没有可以导入的内容。")})
    errors: dict[str, str] = {}
    counts: dict[SubjectKind, int] = {}
    with writing():
        for table in tables:
            for row_no, cells in table.rows:
                found = _enter(table, cells, by, reason or _("由文件“%(name)s”导入", name=path.name))
                for field, message in found.items():
                    errors[_place(table, row_no, field)] = message
            if table.rows:
                counts[table.kind.keeper.subject] = len(table.rows)
        if errors:
            raise Invalid(errors)
    return counts


def _enter(table: Table, cells: list[Cell], by: StaffMember | None, reason: str) -> dict[str, str]:
    try:
        table.kind.keeper.create(by, _details(table, cells), reason)
    except Invalid as problem:
        return dict(problem.errors)
    return {}


def _details(table: Table, cells: list[Cell]) -> Any:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field, cell in zip(table.header, cells, strict=False):
        if field is None:
            continue
        try:
            value = _value(table.kind, field, cell)
        except ValueError as problem:
            errors[field] = str(problem)
            continue
        if value is not None:
            values[field] = value
    for field in table.kind.required - values.keys() - errors.keys():
        errors[field] = _("这一项必须填写。")
    if errors:
        raise Invalid(errors)
    return table.kind.details(**values)


def _value(kind: Kind, field: str, cell: Cell) -> Value:
    if field in _DATES:
        return _day(cell)
    text = _text(cell)
    if field in _FLAGS:
        if text.lower() not in _YES | _NO:
            raise ValueError(_("请填写“是”或“否”。"))
        return text.lower() in _YES
    if not text:
        return () if field in _MEMBERS else None
    if field in _LISTS:
        return tuple(one for one in _BETWEEN.split(text) if one)
    if field in _NUMBERS:
        return _NUMBERS[field](text)
    if field in _MEMBERS:
        between = _BETWEEN_MEMBERS if field == "purposes" else _BETWEEN
        return tuple(_member(_MEMBERS[field], one) for one in between.split(text) if one)
    return _member(kind.words[field], text) if field in kind.words else text


def _member(kinds: type[StrEnum], text: str) -> StrEnum:
    for member in kinds:
        if text in (member.value, str(label(member))):
            return member
    raise ValueError(_("请填写其中之一：%(words)s。", words="、".join(str(label(one)) for one in kinds)))


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = (
        _text(cell)
        .replace("/", "-")
        .replace(".", "-")
        .replace("年", "-")
        .replace("月", "-")
        .removesuffix("日")
    )
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("请按 2026-09-05 的样式填写日期。")) from None


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).replace("\u200b", "").strip()


def _place(table: Table, row_no: int, field: str) -> str:
    return _(
        "%(table)s 第 %(row)d 行 · %(column)s",
        table=table.name,
        row=row_no,
        column=FIELD_LABELS.get(field, field),
    )


def _table(name: str, rows: list[list[Cell]]) -> Table:
    names = {str(label): field for field, label in FIELD_LABELS.items()}
    header = [names.get(_text(cell), _text(cell) or None) for cell in rows[0]]
    given = {column for column in header if column}
    fitting = [kind for kind in KINDS if kind.fits(given)]
    if fitting:
        kind = min(fitting, key=lambda one: str(label(one.keeper.subject)) not in name)
        header = [kind.other_names.get(column or "", column) for column in header]
        filled = [
            (number, row) for number, row in enumerate(rows[1:], start=2) if any(_text(cell) for cell in row)
        ]
        if len(filled) > MOST_ROWS:
            raise Invalid({"file": _("一次最多导入 %(count)d 行。", count=MOST_ROWS)})
        return Table(name, kind, header, filled)
    raise Invalid(
        {
            "file": _(
                "“%(table)s”的表头认不出来：%(header)s。第一行请写列名，例如 统一社会信用代码、名称、类型。",
                table=name,
                header="、".join(sorted(given)) or "—",
            )
        }
    )


def _read(path: Path) -> list[tuple[str, list[list[Cell]]]]:
    """The tables of a file that hold anything, by name."""
    if path.suffix.lower() == ".csv":
        tables: list[tuple[str, list[list[Cell]]]] = [(path.stem, _read_csv(path))]
    elif path.suffix.lower() in (".xlsx", ".xls"):
        tables = _read_workbook(path)
    else:
        raise Invalid({"file": _("只能导入 .csv、.xlsx 或 .xls 文件。")})
    return [(name, rows) for name, rows in tables if rows]


def _read_csv(path: Path) -> list[list[Cell]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    raise Invalid({"file": _("文件的文字编码认不出来，请另存为 UTF-8 的 CSV 再试。")})


def _read_workbook(path: Path) -> list[tuple[str, list[list[Cell]]]]:
    try:
        return [(name, rows) for name, rows, _merged in read_workbook(path.read_bytes())]
    except UnreadableWorkbook as problem:
        raise Invalid({"file": problem.message}) from problem
