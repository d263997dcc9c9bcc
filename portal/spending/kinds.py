"""What a payout of each kind has to say, and whether it has to reach anybody."""

from dataclasses import dataclass

from portal.i18n import lazy_gettext as _l
from portal.identifiers import IdentifierError, parse_uscc
from portal.refusals import Sentence
from portal.spending.models import DisbursementKind


@dataclass(frozen=True)
class KindRules:
    """Which fields are asked for besides those of every payout, and which of them must be filled in."""

    asked: frozenset[str]
    required: frozenset[str] = frozenset()
    arrives: bool = True


def _rules(required: str, optional: str = "", *, arrives: bool = True) -> KindRules:
    must = frozenset(required.split())
    return KindRules(must | frozenset(optional.split()), must, arrives)


RULES = {
    DisbursementKind.AID: _rules("recipient beneficiary_count", "project campaign"),
    DisbursementKind.GRANT: _rules("recipient", "recipient_uscc beneficiary_count project campaign"),
    DisbursementKind.PURCHASE: _rules("recipient", "recipient_uscc beneficiary_count project campaign"),
    DisbursementKind.GOODS: _rules("recipient", "beneficiary_count project campaign"),
    DisbursementKind.PROGRAMME: _rules("recipient", "beneficiary_count project campaign"),
    DisbursementKind.MANAGEMENT: _rules("", "recipient", arrives=False),
    DisbursementKind.FUNDRAISING: _rules("", "recipient campaign", arrives=False),
}
"""Only what is spent on charitable activity has somebody to reach (慈善法 61, MF12 12)."""

RECIPIENTS: dict[DisbursementKind, tuple[Sentence, Sentence]] = {
    DisbursementKind.AID: (_l("受助对象"), _l("写群体，例如“困难家庭学生”；不写个人姓名。")),
    DisbursementKind.GRANT: (_l("受资助单位"), _l("单位全称，公众会看到。")),
    DisbursementKind.PURCHASE: (_l("供应商"), _l("单位名称，公众会看到；个体经营者只写字号。")),
    DisbursementKind.GOODS: (_l("受助对象"), _l("写群体或单位，例如“困难家庭学生”；不写个人姓名。")),
    DisbursementKind.PROGRAMME: (_l("收款方"), _l("写单位或群体，例如“项目执行机构”；不写个人姓名。")),
    DisbursementKind.MANAGEMENT: (_l("收款方"), _l("可以空着；写单位，不写个人姓名。")),
    DisbursementKind.FUNDRAISING: (_l("收款方"), _l("可以空着；写单位，不写个人姓名。")),
}
"""What the other side is called, and how to write it."""

DESCRIPTIONS: dict[DisbursementKind, Sentence] = {
    DisbursementKind.AID: _l("发给困难群众的救助金、助学金、医疗救助等。"),
    DisbursementKind.GRANT: _l("拨给学校、医院、社会组织等单位使用。"),
    DisbursementKind.PURCHASE: _l("为受助人购买物资或服务。"),
    DisbursementKind.GOODS: _l("把库存的捐赠物资发放出去。"),
    DisbursementKind.PROGRAMME: _l("开展慈善活动的场地、交通、志愿者补贴等。"),
    DisbursementKind.MANAGEMENT: _l("本组织的工资、办公、审计等。"),
    DisbursementKind.FUNDRAISING: _l("募捐活动的宣传、手续费等成本。"),
}
"""One line each, so that the right kind is found without a handbook."""


def read_uscc(text: str, errors: dict[str, Sentence]) -> str | None:
    """The credit code of whom a grant goes to or who sells; what is wrong stands under ``recipient_uscc``."""
    if not text.strip():
        return None
    try:
        return parse_uscc(text)
    except IdentifierError:
        errors["recipient_uscc"] = _l("统一社会信用代码不对，请照登记证书核对 18 位；不知道可以空着。")
        return None
