"""What a donor binds a gift to, whose hands it only passes through, and in what money it came."""

from portal.giving.currency import CURRENCIES, HOME
from portal.giving.details import DonationDetails
from portal.giving.models import Restriction
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Form
from portal.refusals import Sentence
from portal.registry.models import Fund


def check_restriction(details: DonationDetails, fund: Fund, errors: dict[str, Sentence]) -> None:
    """A restriction has words, an end where it is one of time, and a place where it can be kept (慈善法 56)."""
    purpose = details.restriction in (Restriction.PURPOSE, Restriction.BOTH)
    time = details.restriction in (Restriction.TIME, Restriction.BOTH)
    if details.restriction is not Restriction.NONE and len(details.restriction_text) < 2:
        errors["restriction_text"] = _l("请照捐赠人的话写明限定的用途或时间，公众会看到。")
    if details.restriction is Restriction.NONE and details.restriction_text:
        errors["restriction"] = _l("写了限定内容，请选择限定的种类；没有限定就把内容清空。")
    if time and details.restricted_until is None:
        errors["restricted_until"] = _l("限定了时间，请填写限定到哪一天。")
    if not time and details.restricted_until is not None:
        errors["restricted_until"] = _l("没有时间限定，请把日期清空，或改选时间限定。")
    if time and details.restricted_until is not None and details.restricted_until < details.received_on:
        errors["restricted_until"] = _l("限定的日期不能早于收到的日期。")
    if purpose and not (fund.restricted or details.project):
        errors["fund"] = _l(
            "限定用途的捐赠不能放进可以随意使用的基金：请换一个限定用途的基金，或指定一个慈善项目。"
        )


def check_terms(details: DonationDetails, errors: dict[str, Sentence]) -> None:
    """Pass-through gifts name whom they are for; foreign money comes with amount, rate and the rate's source."""
    if details.agency and not details.agency_beneficiary:
        errors["agency_beneficiary"] = _l("受托代理要写明捐赠人指定转交给谁（不公开）。")
    if not details.agency and details.agency_beneficiary:
        errors["agency"] = _l("写了指定的受益人，请勾选“受托代理”；不是代转就把受益人清空。")
    _check_currency(details, errors)


def _check_currency(details: DonationDetails, errors: dict[str, Sentence]) -> None:
    if details.currency not in CURRENCIES:
        errors["currency"] = _l("没有这个币种，请从列表中选择。")
        return
    if details.currency == HOME:
        for field in ("foreign_amount", "exchange_rate", "rate_source"):
            if getattr(details, field):
                errors[field] = _l("人民币捐赠不用填写，请清空，或选择外币币种。")
        return
    if details.form is not Form.MONEY:
        errors["currency"] = _l("只有货币捐赠有币种，请选人民币。")
        return
    if not details.foreign_amount:
        errors["foreign_amount"] = _l("请填写外币金额，例如 1,000.00。")
    if not details.exchange_rate:
        errors["exchange_rate"] = _l("请填写当天的汇率：1 单位外币合多少元人民币，例如 0.9234。")
    if len(details.rate_source) < 2:
        errors["rate_source"] = _l("请写明汇率的来源，例如 中国人民银行中间价 2026-09-05。")
