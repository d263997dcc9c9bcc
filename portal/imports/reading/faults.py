"""Everything an importer may find wrong, each with one sentence that says how to mend it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import LazyString

from portal.i18n import lazy_gettext as _l


class Fault(StrEnum):
    """What is wrong with a row, or with a list as a whole."""

    NO_AMOUNT = "no_amount"
    BAD_AMOUNT = "bad_amount"
    NOT_POSITIVE = "not_positive"
    TOO_LARGE = "too_large"
    TOO_FINE = "too_fine"
    NO_DAY = "no_day"
    BAD_DAY = "bad_day"
    FUTURE_DAY = "future_day"
    EARLY_DAY = "early_day"
    LONG_NAME = "long_name"
    LONG_REFERENCE = "long_reference"
    NOT_A_GIFT = "not_a_gift"
    PARTLY_REFUNDED = "partly_refunded"
    OUTSIDE_CAMPAIGN = "outside_campaign"
    TOTAL_DIFFERS = "total_differs"
    COUNT_DIFFERS = "count_differs"
    NAME_DAY_DIFFERS = "name_day_differs"
    NAME_DAY_ONLY = "name_day_only"
    DAY_UNKNOWN = "day_unknown"
    NO_HEADER = "no_header"
    SAME_SHEET = "same_sheet"
    SAME_LIST = "same_list"
    NOTHING_RECEIVED = "nothing_received"
    SHEET_LEFT_OUT = "sheet_left_out"
    NO_ITEM = "no_item"
    NO_UNIT = "no_unit"
    BAD_QUANTITY = "bad_quantity"
    STOCK_SHORT = "stock_short"
    SAME_GIFT = "same_gift"
    MAYBE_SAME_GIFT = "maybe_same_gift"


SENTENCES: dict[Fault, LazyString] = {
    Fault.NO_AMOUNT: _l("这一行没有金额，请补上；如果不是一笔捐赠，请剔除。"),
    Fault.BAD_AMOUNT: _l("看不懂金额“%(value)s”，请按 1,234.56 的样式填写，单位是元。"),
    Fault.NOT_POSITIVE: _l("金额“%(value)s”不大于零。退款和冲减不能当捐赠导入，请剔除或改正。"),
    Fault.TOO_LARGE: _l("金额“%(value)s”超过单笔一千亿元的上限，请核对位数。"),
    Fault.TOO_FINE: _l("金额“%(value)s”多于两位小数，请精确到分。"),
    Fault.NO_DAY: _l("这一行没有日期，名单的标题、文件名和单号里也找不到，请补上收到日期。"),
    Fault.BAD_DAY: _l("看不懂日期“%(value)s”，请按 2026-09-05 的样式填写。"),
    Fault.FUTURE_DAY: _l("日期 %(value)s 晚于今天，请核对年份。"),
    Fault.EARLY_DAY: _l("日期 %(value)s 早得不合常理，请核对年份。"),
    Fault.LONG_NAME: _l("捐赠人超过 200 个字，请只留名称，其余放进备注。"),
    Fault.LONG_REFERENCE: _l("单号超过 120 个字，请核对是不是认错了列。"),
    Fault.NOT_A_GIFT: _l("“%(value)s”看来不是捐赠，请核对：是捐赠就确认收下，不是就剔除。"),
    Fault.PARTLY_REFUNDED: _l("这一笔退过款（%(value)s），请按实际收到的金额改正，或剔除。"),
    Fault.OUTSIDE_CAMPAIGN: _l("日期 %(value)s 不在募捐活动备案的期限内（%(first)s 至 %(last)s）。"),
    Fault.TOTAL_DIFFERS: _l(
        "名单写明合计 %(declared)s 元，逐行相加是 %(counted)s 元，相差 %(difference)s 元。"
        "请向提供名单的人核实；系统不会替您改数。"
    ),
    Fault.COUNT_DIFFERS: _l(
        "名单写明 %(declared)s 笔（人次），实际有 %(counted)s 行。请向提供名单的人核实；系统不会替您改数。"
    ),
    Fault.NAME_DAY_DIFFERS: _l("文件名里的日期是 %(value)s，名单里的日期是 %(day)s；以名单里的为准。"),
    Fault.NAME_DAY_ONLY: _l(
        "日期 %(value)s 只写在文件名里，名单中没有可以核对的日期，年份可能写错。"
        "请指明这份名单的收到日期（网页上按“修改”，命令行用 --dated）。"
    ),
    Fault.DAY_UNKNOWN: _l("整份名单都没有写明日期。请指明收到日期（网页上按“修改”，命令行用 --dated）。"),
    Fault.NO_HEADER: _l("没有找到表头，各列是按内容认的：%(value)s。请核对。"),
    Fault.SAME_SHEET: _l("工作表“%(value)s”与前面一张内容相同，没有重复计入。"),
    Fault.SAME_LIST: _l("内容与批次 %(value)s 完全相同，只是日期不同。请确认不是同一份名单。"),
    Fault.NOTHING_RECEIVED: _l("这份流水里没有一笔收入，没有可以导入的捐赠。"),
    Fault.SHEET_LEFT_OUT: _l("工作表“%(value)s”不是捐款名单，没有导入。"),
    Fault.SAME_GIFT: _l("单号与已登记的捐赠 %(value)s 相同，是另一个渠道的同一笔，不再计入。"),
    Fault.MAYBE_SAME_GIFT: _l(
        "与已登记的捐赠 %(value)s 同名、同额、日期相近，很可能是同一笔：是就剔除，不是就确认收下。"
    ),
    Fault.NO_ITEM: _l("这一行没有品名，请补上；如果不是物资，请删掉这一行。"),
    Fault.NO_UNIT: _l("这一行没有计量单位，请补上，例如 箱、件。"),
    Fault.BAD_QUANTITY: _l("看不懂数量“%(value)s”，请填写大于零的数字。"),
    Fault.STOCK_SHORT: _l(
        "库存不足：现有 %(held)s，要发 %(value)s。请先登记收到的物资，或核对品名、规格、单位和存放地点。"
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at: where it stands in the file, what stands there, and why it is a problem."""

    fault: Fault
    row: int | None = None
    column: str = ""
    value: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(SENTENCES[self.fault]) % {"value": self.value, **self.facts}

    def as_json(self) -> dict[str, Any]:
        """A plain value to keep in the database."""
        return {
            "fault": self.fault.value,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "facts": self.facts,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Problem":
        """The problem that ``as_json`` kept."""
        return cls(Fault(kept["fault"]), kept["row"], kept["column"], kept["value"], kept["facts"])
