"""The chart of accounts, after the accounting rules for civil non-profit organisations (财会〔2024〕25号)."""

from portal.ledger.models import Channel

CASH = "1001"
BANK = "1002"
PLATFORM = "1009"
INCOME_RESTRICTED = "410101"
INCOME_UNRESTRICTED = "410102"
PROGRAMME = "5101"
MANAGEMENT = "5301"
FUNDRAISING = "540101"

NAMES = {
    CASH: "现金",
    BANK: "银行存款",
    PLATFORM: "其他货币资金（第三方支付）",
    INCOME_RESTRICTED: "捐赠收入—限定性",
    INCOME_UNRESTRICTED: "捐赠收入—非限定性",
    PROGRAMME: "业务活动成本",
    MANAGEMENT: "管理费用",
    FUNDRAISING: "筹资费用—募捐成本",
}

_ASSET_OF_CHANNEL = {Channel.CASH: CASH, Channel.BANK: BANK}


def asset_of(channel: Channel) -> str:
    """The asset account that money of a channel lands in or leaves from; payment platforms share one."""
    return _ASSET_OF_CHANNEL.get(channel, PLATFORM)


def is_asset(account_code: str) -> bool:
    """Whether an account holds a fund's means (class 1), so that its postings move the fund's balance."""
    return account_code.startswith("1")
