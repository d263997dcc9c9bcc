"""A paper list at once: rows as pasted from a spreadsheet or typed, logged as gifts, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.db import writing
from portal.donors.models import DonorKind
from portal.giving import service
from portal.giving.details import DonationDetails
from portal.giving.models import Donation
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, format_yuan, parse_yuan
from portal.refusals import Invalid, Sentence
from portal.staff.models import StaffMember

MOST_ROWS = 200
_NAMES = ("姓名", "捐赠人", "捐款人", "名称", "单位", "name")
_AMOUNTS = ("金额", "捐款", "数额", "amount")
_REMARKS = ("备注", "说明", "附言", "remark")


@dataclass(frozen=True)
class GridRow:
    """One row as it stands in the grid; ``amount`` as typed."""

    name: str
    amount: str
    remark: str = ""
    publish: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.name or self.amount or self.remark)


def read_pasted(text: str) -> list[GridRow]:
    """Rows out of what a spreadsheet put on the clipboard (tabs between cells); a header tells the columns apart.

    Without one the first cell that reads as an amount is the amount, the first other one the name.
    """
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    header = _header(lines[0])
    rows = (
        [_by_header(cells, header) for cells in lines[1:]] if header else [_guess(cells) for cells in lines]
    )
    return [row for row in rows if not row.empty][:MOST_ROWS]


def record_rows(
    rows: Sequence[GridRow],
    common: DonationDetails,
    by: StaffMember,
    key: str,
    *,
    declared_fen: int | None = None,
) -> list[Donation]:
    """Log every row as a gift like ``common``, in one transaction; the same key logs them once.

    Raises:
        Invalid: keyed ``rows-0-amount`` and so on for each bad row, or ``declared`` when the sum is not the list's.
    """
    errors: dict[str, Sentence] = {}
    stated = [_details(number, row, common, errors) for number, row in enumerate(rows)]
    total = sum(one.amount_fen for one in stated)
    if not rows:
        errors["rows"] = _l("请至少填写一行：捐赠人和金额。")
    if not errors and declared_fen is not None and total != declared_fen:
        errors["declared"] = _l(
            "名单写的合计是 %(declared)s 元，逐行相加是 %(total)s 元，请核对。",
            declared=format_yuan(declared_fen),
            total=format_yuan(total),
        )
    if errors:
        raise Invalid(errors)
    made = []
    with writing():
        for number, details in enumerate(stated):
            try:
                made.append(service.record(details, by, f"{key}:{number}"))
            except Invalid as problem:
                for field, message in problem.errors.items():
                    errors[_field(number, field)] = message
        if errors:
            raise Invalid(errors)
    return made


def _details(
    number: int, row: GridRow, common: DonationDetails, errors: dict[str, Sentence]
) -> DonationDetails:
    try:
        amount = parse_yuan(row.amount)
    except AmountError:
        errors[f"rows-{number}-amount"] = _l("看不懂金额，请按 1,234.56 的样式填写，单位是元。")
        amount = 0
    return replace(
        common,
        donor_name=row.name,
        amount_fen=amount,
        remark=row.remark,
        publish_name=row.publish and bool(row.name),
        donor_kind=common.donor_kind if row.name else DonorKind.ANONYMOUS,
        anonymous=not row.name,
    )


def _field(number: int, field: str) -> str:
    of_row = {"donor_name": "name", "amount": "amount", "remark": "remark", "publish_name": "publish"}
    return f"rows-{number}-{of_row[field]}" if field in of_row else field


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for place, text in enumerate(cells):
        for column, words in (("amount", _AMOUNTS), ("remark", _REMARKS), ("name", _NAMES)):
            if column not in found and any(word in text.lower() for word in words):
                found[column] = place
                break
    return found if "amount" in found and not _is_amount(cells[found["amount"]]) else None


def _by_header(cells: Sequence[str], header: dict[str, int]) -> GridRow:
    def cell(column: str) -> str:
        place = header.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    return GridRow(cell("name"), _plain(cell("amount")), cell("remark"))


def _guess(cells: Sequence[str]) -> GridRow:
    numbers = [place for place, text in enumerate(cells) if _is_amount(text)]
    # A first column of numbers beside a second one is the list's own numbering.
    amount = numbers[-1] if numbers else None
    words = [text for place, text in enumerate(cells) if place not in numbers and text]
    name = words[0] if words else ""
    return GridRow(name, _plain(cells[amount]) if amount is not None else "", " ".join(words[1:]))


def _is_amount(text: str) -> bool:
    try:
        return parse_yuan(text) > 0
    except AmountError:
        return False


def _plain(text: str) -> str:
    try:
        return format_plain(parse_yuan(text))
    except AmountError:
        return text
