"""What a person states of a payout, and the check of it against the registry and the calendar."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.giving.checks import check_day, find_open_fund, find_open_project
from portal.giving.details import Placement
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel, Form
from portal.money import MAX_FEN
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Campaign, Fund, Station
from portal.spending.models import CostKind
from portal.staff.scope import Scope
from portal.stock.models import StockItem
from portal.stock.service import MOST_LINES


@dataclass(frozen=True)
class GoodsLine:
    """So much of a thing that is in stock."""

    item_id: int
    quantity_thousandths: int


@dataclass(frozen=True)
class DisbursementDetails:
    """A payout as stated: codes for things of the registry, fen for the amount.

    Goods have lines instead of an amount, and ``station`` says where they lie (empty: in the organisation's store).
    """

    fund: str
    amount_fen: int
    paid_on: date
    recipient: str
    purpose: str
    organisation: str = ""
    project: str = ""
    campaign: str = ""
    cost_kind: CostKind = CostKind.PROGRAMME
    beneficiary_count: int | None = None
    channel: Channel = Channel.BANK
    payment_ref: str = ""
    remark: str = ""
    late_reason: str = ""
    form: Form = Form.MONEY
    station: str = ""
    goods: tuple[GoodsLine, ...] = ()

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
    campaign = project = None
    if fund is not None and details.project:
        project = find_open_project(session, details.project, fund, errors)
    if fund is not None and details.campaign:
        campaign = _find_campaign(session, details.campaign, fund, errors)
    station = _find_station(session, details, fund, scope, errors)
    _check_values(details, errors)
    if details.form is Form.GOODS:
        _check_goods(session, details, errors)
    if errors or fund is None:
        raise Invalid(errors)
    return Placement(fund.organisation, fund, station, campaign, project)


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


def _check_values(details: DisbursementDetails, errors: dict[str, Sentence]) -> None:
    money = details.form is Form.MONEY
    if money and not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    if money and details.channel is Channel.IN_KIND:
        errors["channel"] = _l("支出的是钱，请选择付款方式。")
    check_day(details.paid_on, "paid_on", errors)
    if not details.recipient.strip():
        errors["recipient"] = _l("请填写受助对象（群体或单位，不写个人姓名），如“困难家庭学生”。")
    if not details.purpose.strip():
        errors["purpose"] = _l("请填写用途，公众会看到。")
    if details.beneficiary_count is not None and not 0 < details.beneficiary_count <= 10_000_000:
        errors["beneficiary_count"] = _l("受益人次必须是大于零的整数。")
    for field, longest in (
        ("recipient", 200),
        ("purpose", 200),
        ("payment_ref", 120),
        ("remark", 2000),
        ("late_reason", 500),
    ):
        if len(getattr(details, field)) > longest:
            errors[field] = _l("最多 %(longest)d 个字。", longest=longest)
