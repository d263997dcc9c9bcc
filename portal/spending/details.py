"""What a person states of a payout, and the check of it against the registry and the calendar."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.giving.checks import check_day, find_open_fund, find_open_project
from portal.giving.details import Placement
from portal.giving.service import require_late_reason
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel, Form
from portal.money import MAX_FEN
from portal.projects import choosing
from portal.projects.models import BudgetLine
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Campaign, Fund, Project, Station
from portal.registry.purposes import CharitablePurpose
from portal.spending.helped import check_helped, check_public_words
from portal.spending.kinds import RULES, read_uscc
from portal.spending.models import COST_OF_KIND, Disbursement, DisbursementKind
from portal.spending.restricting import check_purpose, purpose_for
from portal.staff.scope import Scope
from portal.stock.models import StockItem
from portal.stock.service import MOST_LINES


@dataclass(frozen=True)
class GoodsLine:
    """So much of a thing that is in stock."""

    item_id: int
    quantity_thousandths: int


@dataclass(frozen=True)
class PaymentDetails:
    """How a payout was paid. Goods are handed out: they have a day, and their channel is ``in_kind``."""

    paid_on: date
    channel: Channel = Channel.BANK
    payment_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True)
class DisbursementDetails:
    """A payout as stated: codes for things of the registry, fen for the amount.

    ``budget_line`` names a line of the project's budget (``projects.choosing.find_line``); ``purpose_kind`` is asked
    where there is no project to tell it; what leaves a community fund names a decision of its committee.
    Goods have lines instead of an amount, and ``station`` says where they lie (empty: in the organisation's store).
    ``payment`` is stated beforehand only where the bank has taken the money already. ``beneficiary_list`` is the id of
    the list of persons, who are then counted there.
    """

    kind: DisbursementKind
    fund: str
    purpose: str
    amount_fen: int = 0
    recipient: str = ""
    recipient_uscc: str = ""
    organisation: str = ""
    project: str = ""
    budget_line: str = ""
    campaign: str = ""
    purpose_kind: CharitablePurpose | None = None
    committee_decision_id: int | None = None
    beneficiary_count: int | None = None
    remark: str = ""
    station: str = ""
    goods: tuple[GoodsLine, ...] = ()
    payment: PaymentDetails | None = None
    beneficiary_list: int | None = None

    @property
    def form(self) -> Form:
        """Money, or goods."""
        return Form.GOODS if self.kind is DisbursementKind.GOODS else Form.MONEY

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another payout."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def check(session: Session, details: DisbursementDetails, scope: Scope) -> Placement:
    """Hold a payout against every rule at once.

    Raises:
        Invalid: with one message a field.
    """
    errors: dict[str, Sentence] = {}
    fund = find_open_fund(session, details.fund, details.organisation, scope, errors)
    campaign = project = line = None
    if fund is not None and details.project:
        project = find_open_project(session, details.project, fund, errors)
        line = _find_line(session, details, project, fund, errors)
    elif details.budget_line:
        errors["project"] = _l("选了预算里的一项，也要选它的项目。")
    if fund is not None and details.campaign:
        campaign = _find_campaign(session, details.campaign, fund, errors)
    station = _find_station(session, details, fund, scope, errors)
    purpose = None
    if fund is not None and details.kind not in COST_OF_KIND:
        purpose = purpose_for(fund, project, details.purpose_kind)
    # What the bank has taken already, such as a fee, can only be written down.
    if fund is not None and not (details.kind in COST_OF_KIND and details.payment):
        check_purpose(details.kind, fund, project, purpose, errors)
    _check_values(details, errors)
    check_kind(details, errors)
    check_helped(session, details, fund, scope, errors)
    if details.form is Form.GOODS:
        _check_goods(session, details, errors)
    if errors or fund is None:
        raise Invalid(errors)
    return Placement(
        fund.organisation,
        fund,
        station,
        campaign,
        project,
        budget_line_id=line.id if line else None,
        purpose_kind=purpose,
    )


def _find_line(
    session: Session,
    details: DisbursementDetails,
    project: Project | None,
    fund: Fund,
    errors: dict[str, Sentence],
) -> BudgetLine | None:
    """The line of its project's budget that money is paid from; goods touch no budget."""
    if project is None:
        return None
    choosing.check_fund(project, fund, errors)
    if details.form is Form.GOODS:
        return None
    return choosing.find_line(session, project, details.budget_line, errors)


def check_still_open(session: Session, disbursement: Disbursement, scope: Scope) -> None:
    """Hold a payout that was written down before against what is open now: fund, project, and its budget.

    Raises:
        Invalid: one of them takes no payout any more.
    """
    errors: dict[str, Sentence] = {}
    fund = find_open_fund(session, disbursement.fund.code, "", scope, errors)
    if fund is not None and disbursement.project is not None:
        project = find_open_project(session, disbursement.project.code, fund, errors)
        if project is not None:
            choosing.check_fund(project, fund, errors)
        if project is not None and disbursement.form is Form.MONEY:
            line = session.get(BudgetLine, disbursement.budget_line_id or 0)
            choosing.find_line(session, project, str(line.line_no) if line else "", errors)
    if errors:
        raise Invalid(errors)


def _find_station(
    session: Session,
    details: DisbursementDetails,
    fund: Fund | None,
    scope: Scope,
    errors: dict[str, Sentence],
) -> Station | None:
    if not details.station:
        return None
    try:
        station = lookups.station_by_code(session, details.station)
    except NotFound:
        station = None
    reach = station is not None and scope.permits(station.organisation_id, station.id)
    if station is None or not reach or (fund is not None and station.organisation_id != fund.organisation_id):
        errors["station"] = _l("站点“%(code)s”不在您的工作范围内，请从列表中选择。", code=details.station)
        return None
    return station


def _check_goods(session: Session, details: DisbursementDetails, errors: dict[str, Sentence]) -> None:
    if not details.goods:
        errors["items"] = _l("请至少填写一行：什么物资、多少。")
    elif len(details.goods) > MOST_LINES:
        errors["items"] = _l("一份单据最多 %(most)d 行，请分成几份。", most=MOST_LINES)
    for number, line in enumerate(details.goods):
        if session.get(StockItem, line.item_id) is None:
            errors[f"items-{number}-item"] = _l("请从列表中选择物资。")
        if line.quantity_thousandths <= 0:
            errors[f"items-{number}-quantity"] = _l("请填写大于零的数量。")


def _find_campaign(session: Session, code: str, fund: Fund, errors: dict[str, Sentence]) -> Campaign | None:
    # What a campaign raised is still paid out after its end, so its period is not asked here.
    try:
        campaign = lookups.campaign_by_code(session, code)
    except NotFound:
        campaign = None
    if campaign is None or campaign.organisation_id != fund.organisation_id:
        errors["campaign"] = _l("没有找到该组织的募捐活动“%(code)s”。", code=code)
    return campaign


def check_kind(details: DisbursementDetails, errors: dict[str, Sentence]) -> None:
    """What the kind of a payout must say, and what it has no place for."""
    rules = RULES[details.kind]
    stated = {
        "recipient": details.recipient.strip(),
        "recipient_uscc": details.recipient_uscc.strip(),
        "beneficiary_count": details.beneficiary_count or details.beneficiary_list,
        "project": details.project,
        "campaign": details.campaign,
    }
    for field, value in stated.items():
        if field in rules.required and not value:
            errors.setdefault(field, _MISSING[field])
        elif value and field not in rules.asked:
            errors[field] = _l("“%(kind)s”没有这一项，请空着。", kind=label(details.kind))
    read_uscc(details.recipient_uscc, errors)


_MISSING: dict[str, Sentence] = {
    "recipient": _l("请填写受助对象或收款单位（群体或单位，不写个人姓名），如“困难家庭学生”。"),
    "beneficiary_count": _l("救助个人必须填写受益人次。"),
}


def check_payment(session: Session, disbursement: Disbursement, payment: PaymentDetails) -> None:
    """Hold what is said of a payment against its rules.

    Raises:
        Invalid: with one message a field; the day may lie in closed books only with a reason.
    """
    errors: dict[str, Sentence] = {}
    check_day(payment.paid_on, "paid_on", errors)
    in_kind = payment.channel is Channel.IN_KIND
    if in_kind is not (disbursement.form is Form.GOODS):
        errors["channel"] = _l("支出的是钱，请选择付款方式；物资没有付款方式。")
    if payment.channel in BY_REFERENCE and not payment.payment_ref.strip():
        errors["payment_ref"] = _l("请填写银行或支付平台的付款流水号，对账时要用。")
    _check_lengths(payment, {"payment_ref": 120, "late_reason": 500}, errors)
    check_public_words(session, disbursement, {"late_reason": payment.late_reason}, errors)
    if errors:
        raise Invalid(errors)
    require_late_reason(
        session, disbursement.organisation_id, disbursement.fund_id, payment.paid_on, payment.late_reason
    )


BY_REFERENCE = frozenset(Channel) - {Channel.CASH, Channel.OTHER, Channel.IN_KIND}
"""Ways of paying that leave a number at a bank or platform."""


def _check_values(details: DisbursementDetails, errors: dict[str, Sentence]) -> None:
    if details.form is Form.MONEY and not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    if not details.purpose.strip():
        errors["purpose"] = _l("请填写用途，公众会看到。")
    if details.beneficiary_count is not None and not 0 < details.beneficiary_count <= 10_000_000:
        errors["beneficiary_count"] = _l("受益人次必须是大于零的整数。")
    _check_lengths(details, {"recipient": 200, "purpose": 200, "remark": 2000}, errors)


def _check_lengths(
    stated: DisbursementDetails | PaymentDetails, limits: Mapping[str, int], errors: dict[str, Sentence]
) -> None:
    for field, longest in limits.items():
        if len(getattr(stated, field)) > longest:
            errors[field] = _l("最多 %(longest)d 个字。", longest=longest)
