"""What a person states of the lines of a gift that is not money, and the check of it (E31; 财会〔2024〕25号 18, 19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.giving.models import DonationItem
from portal.i18n import lazy_gettext as _l
from portal.ledger.in_kind import CONSUMED_AT_ONCE
from portal.ledger.models import Form
from portal.money import MAX_FEN
from portal.refusals import Sentence
from portal.stock.lines import ValuationBasis

MOST_LINES = 100
HOURS = "小时"
_UNVALUED_WITHOUT_EVIDENCE = _l(
    "服务、技能只有凭发票等凭据才能计入金额（财会〔2024〕25号第19条）。没有凭据请把价值留空，照样登记时数。"
)


@dataclass(frozen=True)
class ItemDetails:
    """One line as stated. ``value_fen`` is what the whole line is worth; None when nothing gives it a value."""

    item: str
    quantity_thousandths: int
    unit: str
    specification: str = ""
    value_fen: int | None = None
    valuation_basis: ValuationBasis | None = None
    valuation_document: str = ""
    expires_on: date | None = None


def check_items(form: Form, items: Sequence[ItemDetails], errors: dict[str, Sentence]) -> None:
    """Hold the lines of a gift against the rules of its form; messages are keyed ``items-0-item`` and so on."""
    if form is Form.MONEY:
        if items:
            errors["items"] = _l("货币捐赠不用填写物品明细；如果另有物资，请另登记一笔。")
        return
    if not items:
        errors["items"] = _l("请至少填写一行：捐的是什么、多少、什么单位。")
    elif len(items) > MOST_LINES:
        errors["items"] = _l("一笔最多 %(most)d 行，请分成几笔登记。", most=MOST_LINES)
    for number, line in enumerate(items):
        _check_line(form, line, f"items-{number}-", errors)
    if sum(one.value_fen or 0 for one in items) > MAX_FEN:
        errors["items"] = _l("各行价值合计太大，请核对（单笔不超过一千亿元）。")


def _check_line(form: Form, line: ItemDetails, at: str, errors: dict[str, Sentence]) -> None:
    if not line.item:
        errors[f"{at}item"] = _l("请填写名称。")
    if not line.unit:
        errors[f"{at}unit"] = _l("请填写单位，例如 件、箱、小时。")
    if line.quantity_thousandths <= 0:
        errors[f"{at}quantity"] = _l("请填写大于零的数量。")
    if form in CONSUMED_AT_ONCE and line.unit and line.unit != HOURS:
        errors[f"{at}unit"] = _l("服务和技能按小时登记，单位请填“小时”。")
    if line.value_fen is not None and line.valuation_basis is None:
        errors[f"{at}valuation_basis"] = _l("填了价值，请选择价值的依据。")
    if line.value_fen is None and line.valuation_basis is not None:
        errors[f"{at}value"] = _l("选了依据，请填写价值；没有价值就把依据也留空。")
    if form in CONSUMED_AT_ONCE and line.valuation_basis not in (None, ValuationBasis.EVIDENCE):
        errors[f"{at}valuation_basis"] = _UNVALUED_WITHOUT_EVIDENCE
    for name, longest in (("item", 120), ("specification", 120), ("unit", 12), ("valuation_document", 120)):
        if len(getattr(line, name)) > longest:
            errors[f"{at}{name}"] = _l("最多 %(longest)d 个字。", longest=longest)


def value_of(items: Sequence[ItemDetails]) -> int:
    """What the lines are worth together, in fen; lines without a value count nothing."""
    return sum(one.value_fen or 0 for one in items)


def rows_of(items: Sequence[ItemDetails]) -> list[DonationItem]:
    """The lines as rows of a gift."""
    return [DonationItem(line_no=number, **vars(one)) for number, one in enumerate(items, start=1)]
