"""The chart of accounts, after the accounting rules for civil non-profit organisations (财会〔2024〕25号)."""

from enum import StrEnum

from portal.ledger.models import Channel, Form

CASH = "1001"
BANK = "1002"
PLATFORM = "1009"
SECURITIES = "1101"
RIGHTS = "1122"
STOCK = "1201"
INTANGIBLE = "1601"
AGENCY_ASSET = "1801"
AGENCY_LIABILITY = "2601"
INCOME_RESTRICTED = "410101"
INCOME_UNRESTRICTED = "410102"
OTHER_INCOME = "4901"
BETWEEN_FUNDS = "3901"
PROGRAMME = "5101"
MANAGEMENT = "5301"
FUNDRAISING = "540101"
OTHER_COST = "5901"

NAMES = {
    CASH: "现金",
    BANK: "银行存款",
    PLATFORM: "其他货币资金（第三方支付）",
    SECURITIES: "短期投资（受赠有价证券）",
    RIGHTS: "其他应收款（受赠服务与保险权益）",
    STOCK: "存货（捐赠物资）",
    INTANGIBLE: "无形资产（受赠知识产权）",
    AGENCY_ASSET: "受托代理资产",
    AGENCY_LIABILITY: "受托代理负债",
    BETWEEN_FUNDS: "净资产—基金间划转",
    INCOME_RESTRICTED: "捐赠收入—限定性",
    INCOME_UNRESTRICTED: "捐赠收入—非限定性",
    OTHER_INCOME: "其他收入",
    PROGRAMME: "业务活动成本",
    MANAGEMENT: "管理费用",
    FUNDRAISING: "筹资费用—募捐成本",
    OTHER_COST: "其他费用",
}

_ASSET_OF_CHANNEL = {Channel.CASH: CASH, Channel.BANK: BANK, Channel.PAYROLL: BANK}
_ASSET_OF_FORM = {
    Form.GOODS: STOCK,
    Form.SKILLS: RIGHTS,
    Form.SERVICES: RIGHTS,
    Form.INSURANCE: RIGHTS,
    Form.IP: INTANGIBLE,
    Form.SECURITIES: SECURITIES,
}


class Pot(StrEnum):
    """What a fund holds apart from each other: none of these can be spent as another."""

    MONEY = "money"
    GOODS = "goods"
    HOLDINGS = "holdings"
    AGENCY = "agency"


def asset_of(channel: Channel) -> str:
    """The asset account that money of a channel lands in or leaves from; payment platforms share one."""
    return _ASSET_OF_CHANNEL.get(channel, PLATFORM)


def asset_of_form(form: Form) -> str:
    """The asset account of a gift that is not money."""
    return _ASSET_OF_FORM[form]


def is_asset(account_code: str) -> bool:
    """Whether an account holds a fund's means (class 1), so that its postings move what the fund holds."""
    return account_code.startswith("1")


def is_result(account_code: str) -> bool:
    """Whether an account holds income or cost (classes 4 and 5), so that its postings move net assets."""
    return account_code.startswith(("4", "5"))


def is_money(account_code: str) -> bool:
    """Whether an account holds money, so that its postings move the fund's balance."""
    return account_code.startswith("10")


def pot_of(account_code: str) -> Pot | None:
    """Which of a fund's pots an account stands in; None for income, costs and liabilities."""
    if is_money(account_code):
        return Pot.MONEY
    if account_code == STOCK:
        return Pot.GOODS
    if account_code == AGENCY_ASSET:
        return Pot.AGENCY
    return Pot.HOLDINGS if is_asset(account_code) else None
