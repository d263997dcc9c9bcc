"""Which column holds what, told by the words of the header row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.imports.reading.cells import Cell, folded, is_number, text_of


class Role(StrEnum):
    """What a column holds."""

    SERIAL = "serial"
    DONOR = "donor"
    AMOUNT = "amount"
    DAY = "day"
    CLOCK = "clock"
    REFERENCE = "reference"
    REMARK = "remark"
    CHANNEL = "channel"
    INCOME = "income"
    OUTGO = "outgo"
    DIRECTION = "direction"
    STATUS = "status"
    DEAL = "deal"
    BALANCE = "balance"
    GOODS = "goods"
    QUANTITY = "quantity"
    OTHER = "other"


_RULES: tuple[tuple[Role, str], ...] = (
    (Role.SERIAL, r"序号?|编号|行号|no\.?|#|id|项次"),
    (Role.BALANCE, r".*余额.*|.*结余.*"),
    (Role.DIRECTION, r"收/?支(类型|标志)?|收付(标志|类型)?|借/?贷(标志|方向)?|资金流向|资金方向|交易方向"),
    (
        Role.INCOME,
        r".*(金额|发生额)\(?(收入|贷方|贷|存入|转入)\)?|收入(金额)?(\(.*\))?|贷方(发生额|金额)?(\(.*\))?|存入(金额)?|转入金额|入账金额|收款金额",
    ),
    (
        Role.OUTGO,
        r".*(金额|发生额)\(?(支出|借方|借|支取|转出)\)?|支出(金额)?(\(.*\))?|借方(发生额|金额)?(\(.*\))?|支取(金额)?|转出金额|付款金额\(支出\)",
    ),
    (Role.GOODS, r".*(品名|物资|物品|规格|型号|品类|货物).*"),
    (Role.QUANTITY, r".*数量.*|件数|(计量)?单位\(?(箱|件|个|台|计量)\)?|计量单位|单价(\(.*\))?"),
    (
        Role.REFERENCE,
        r".*(单号|流水号?|订单号|订单编号|交易号|交易编号|凭证号|凭证编号|参考号|票据号|票据号码|收据号|收据编号|捐赠编号|支付编号|交易码|商户号流水)",
    ),
    (
        Role.AMOUNT,
        r".*(金额|款额|捐赠额|捐款额|捐款数|捐赠数|数额|发生额|捐资额)(\(.*\)|[/:,]?(人民币)?[万亿]?元)?|(捐赠|捐款|善款|款项|收到|到账)?(元|款|人民币|rmb|钱数)(\(.*\))?|.*捐[赠款资]\((人民币)?[万]?元\)|amount",
    ),
    (Role.CLOCK, r"(交易|记账|到账|支付|捐赠|捐款)?时刻|记账时间"),
    (Role.DAY, r".*(日期|时间|年月日)(\(.*\))?|记账日|交易日|入账日|捐赠日|捐款日|到账日|日|date|time"),
    (Role.STATUS, r".*(状态|交易结果)"),
    (Role.DEAL, r"交易类型|交易分类|交易名称|业务类型|业务摘要|摘要|交易摘要"),
    (
        Role.CHANNEL,
        r".*(渠道|支付方式|付款方式|捐赠方式|捐款方式|收款方式|收/付款方式|支付平台|缴款方式|来源|途径)",
    ),
    (
        Role.OTHER,
        r".*(开户行|开户机构|账号|账户号|卡号|网点|地址|电话|手机|身份证|项目|基金|受助|受赠|接收单位|受益|接受单位|收款人|收款方|收款单位|经办|地区|国家|场所|地点|币种|币别|钞/?汇|商品).*",
    ),
    (
        Role.DONOR,
        r".*(捐赠人|捐款人|捐赠者|捐款者|捐赠方|捐款方|捐助人|捐助者|捐献人|姓名|户名|昵称|付款人|付款方|汇款人|缴款人|支付人|交易对方|对方名称|捐赠单位|捐款单位|捐助单位|捐赠主体|捐方|爱心人士|爱心企业|单位及个人|单位\(个人\)|单位或个人|个人及单位|单位/个人|个人/单位).*|捐[赠款助]\(.*(单位|姓名|个人).*\)|捐[赠款助]?(单位|个人|企业)|名称|单位|个人|单位名称|企业名称|donor|name",
    ),
    (Role.REMARK, r".*(附言|备注|用途|留言|说明|意向|寄语|祝福|定向|附注|摘要|指定|愿望).*"),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _RULES)

LONGEST = 24
"""A header's words are short; a sentence that mentions 金额 is no header."""

_PREFERRED: dict[Role, tuple[str, ...]] = {
    Role.REFERENCE: ("交易单号", "交易订单号", "订单号", "流水", "交易", "凭证"),
    Role.DAY: ("捐赠", "捐款", "到账", "交易", "记账"),
    Role.AMOUNT: ("捐赠金额", "捐款金额", "交易金额", "到账", "实收"),
    Role.DONOR: ("捐赠", "捐款", "姓名", "户名", "名"),
    Role.REMARK: ("附言", "备注", "留言"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands (counted from 0); ``labels`` are the header's words by column."""

    labels: tuple[str, ...]
    roles: tuple[Role | None, ...]
    places: dict[Role, int]
    incomes: tuple[int, ...]
    outgoes: tuple[int, ...]
    remarks: tuple[int, ...]
    unit: int = 1
    donors: tuple[int, ...] = ()
    """Where a person named several columns of donors (单位 | 个人): whichever is filled in names the donor."""

    def place(self, role: Role) -> int | None:
        """The column of a role, if there is one."""
        return self.places.get(role)

    def label(self, role: Role) -> str:
        """The header's own word for a column, for messages."""
        place = self.places.get(role)
        return self.labels[place] if place is not None else ""

    @property
    def is_statement(self) -> bool:
        """Whether this is a bank's or wallet's statement, with debits among its rows."""
        return (
            bool(self.incomes or self.outgoes) or Role.DIRECTION in self.places or Role.BALANCE in self.places
        )


def role_of(cell: Cell) -> Role | None:
    """The role a header cell announces."""
    if not isinstance(cell, str):
        return None
    words = folded(text_of(cell))
    if not words or len(words) > LONGEST:
        return None
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(words)), None)


def header_of(row: Sequence[Cell]) -> list[Role | None] | None:
    """The roles of a header row, or None when the row is none."""
    roles = [role_of(cell) for cell in row]
    known = {role for role in roles if role is not None}
    if any(is_number(cell) for cell in row):
        return None
    money = known & {Role.AMOUNT, Role.INCOME}
    who = known & {Role.DONOR, Role.REFERENCE, Role.DAY, Role.SERIAL, Role.CLOCK}
    goods = Role.QUANTITY in known and Role.GOODS in known
    return roles if (money and who) or goods else None


def is_goods(roles: Sequence[Role | None]) -> bool:
    """Whether a header announces a list of goods."""
    return Role.GOODS in roles and Role.QUANTITY in roles


def blocks_of(row: Sequence[Cell], roles: list[Role | None]) -> list[Columns]:
    """One set of columns, or several where a list is printed in columns side by side (姓名 金额 姓名 金额)."""
    filled = [(place, role) for place, role in enumerate(roles) if role is not None]
    pattern = [role for _place, role in filled]
    for size in range(2, len(pattern) // 2 + 1):
        repeats, rest = divmod(len(pattern), size)
        if rest == 0 and pattern == pattern[:size] * repeats and Role.AMOUNT in pattern[:size]:
            groups = [filled[start : start + size] for start in range(0, len(filled), size)]
            return [_columns(row, roles, group) for group in groups]
    return [_columns(row, roles, filled)]


def _columns(row: Sequence[Cell], roles: list[Role | None], group: list[tuple[int, Role]]) -> Columns:
    labels = tuple(text_of(cell) for cell in row)
    found: dict[Role, list[int]] = {}
    for place, role in group:
        found.setdefault(role, []).append(place)
    _tell_day_from_clock(labels, found)
    places = {role: _best(role, candidates, labels) for role, candidates in found.items()}
    columns = Columns(
        labels=labels,
        roles=tuple(roles),
        places=places,
        incomes=tuple(found.get(Role.INCOME, ())),
        outgoes=tuple(found.get(Role.OUTGO, ())),
        remarks=tuple(found.get(Role.REMARK, ())),
    )
    return replace(columns, unit=unit_of(columns.label(Role.AMOUNT) or columns.label(Role.INCOME)))


def columns_of(labels: Sequence[str], roles: Sequence[Role | None]) -> Columns:
    """The columns of a header that somebody explained."""
    group = [(place, role) for place, role in enumerate(roles) if role is not None]
    donors = tuple(place for place, role in group if role is Role.DONOR)
    return replace(_columns(list(labels), list(roles), group), donors=donors)


def unit_of(words: str) -> int:
    """How many yuan one stands for in a column headed so."""
    plain = folded(words)
    if "亿元" in plain:
        return 100_000_000
    return 10_000 if "万元" in plain else 1


def _best(role: Role, candidates: list[int], labels: tuple[str, ...]) -> int:
    for word in _PREFERRED.get(role, ()):
        for place in candidates:
            if word in labels[place]:
                return place
    return candidates[0]


def _tell_day_from_clock(labels: tuple[str, ...], found: dict[Role, list[int]]) -> None:
    """Where one column is a date and another a time, the time is the time of day."""
    days = found.get(Role.DAY, [])
    clocks = [place for place in days if "时间" in labels[place]]
    if clocks and len(clocks) < len(days):
        found[Role.DAY] = [place for place in days if place not in clocks]
        found.setdefault(Role.CLOCK, []).extend(clocks)
    elif not days and found.get(Role.CLOCK):
        found[Role.DAY] = found.pop(Role.CLOCK)
