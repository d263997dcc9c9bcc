"""What a person states of a gift, and the check of it against the registry and the calendar."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.giving.models import DonorKind
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel, Form
from portal.money import MAX_FEN
from portal.periods import today
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Status
from portal.staff.scope import Scope

EARLIEST = date(1990, 1, 1)
"""No gift of the portal's books is older: an earlier date is a slip of the finger."""


@dataclass(frozen=True)
class DonationDetails:
    """A gift as stated: codes for things of the registry, fen for the amount."""

    fund: str
    amount_fen: int
    received_on: date
    channel: Channel = Channel.CASH
    organisation: str = ""
    station: str = ""
    campaign: str = ""
    project: str = ""
    donor_name: str = ""
    donor_kind: DonorKind = DonorKind.PERSON
    anonymous: bool = False
    publish_name: bool = False
    form: Form = Form.MONEY
    external_ref: str = ""
    remark: str = ""
    late_reason: str = ""

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another gift."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Placement:
    """Where in the registry a gift or payout belongs."""

    organisation: Organisation
    fund: Fund
    station: Station | None = None
    campaign: Campaign | None = None
    project: Project | None = None


def check(session: Session, details: DonationDetails, scope: Scope) -> Placement:
    """Hold a gift against every rule of the counter at once.

    Raises:
        Invalid: with one message a field.
    """
    errors: dict[str, Sentence] = {}
    fund = _find_fund(session, details, scope, errors)
    station = _find_station(session, details, scope, errors)
    campaign = project = None
    if fund is not None:
        campaign = _find_campaign(session, details, fund, errors)
        project = _find_project(session, details, fund, errors)
    _check_values(details, errors)
    if errors or fund is None:
        raise Invalid(errors)
    return Placement(fund.organisation, fund, station, campaign, project)


def check_day(day: date, field: str, errors: dict[str, Sentence]) -> None:
    """A day of business lies neither ahead nor before the books began."""
    if day > today():
        errors[field] = _l("日期不能晚于今天（%(today)s）。", today=today().isoformat())
    elif day < EARLIEST:
        errors[field] = _l("日期早得不合常理，请核对年份。")


def find_open_fund(
    session: Session, code: str, organisation: str, scope: Scope, errors: dict[str, Sentence]
) -> Fund | None:
    """The fund with a code, if this person may use it and it is open for business; else a message."""
    if not code:
        errors["fund"] = _l("请选择基金。")
        return None
    try:
        fund = lookups.fund_by_code(session, code)
    except NotFound:
        fund = None
    if fund is None or not scope.permits(fund.organisation_id, scope.station_id):
        errors["fund"] = _l("没有找到您可用的基金“%(code)s”，请从列表中选择。", code=code)
    elif organisation and fund.organisation.uscc != organisation:
        errors["fund"] = _l("这个基金不属于所选的组织，请重新选择组织或基金。")
    elif fund.status is not Status.ACTIVE:
        errors["fund"] = _l("基金“%(name)s”已停用或关闭，不能再收支，请换一个基金。", name=fund.name)
    elif fund.organisation.status is not Status.ACTIVE:
        errors["organisation"] = _l("组织“%(name)s”已停用或注销，不能再收支。", name=fund.organisation.name)
    else:
        return fund
    return None


def _find_fund(
    session: Session, details: DonationDetails, scope: Scope, errors: dict[str, Sentence]
) -> Fund | None:
    return find_open_fund(session, details.fund, details.organisation, scope, errors)


def _find_station(
    session: Session, details: DonationDetails, scope: Scope, errors: dict[str, Sentence]
) -> Station | None:
    if not details.station:
        if scope.station_id is not None:
            errors["station"] = _l("请选择您所在的站点。")
        return None
    try:
        station = lookups.station_by_code(session, details.station)
    except NotFound:
        station = None
    if station is None or not scope.permits(station.organisation_id, station.id):
        errors["station"] = _l("站点“%(code)s”不在您的工作范围内，请从列表中选择。", code=details.station)
        return None
    if station.status is not Status.ACTIVE:
        errors["station"] = _l("站点“%(name)s”已停用或关闭，请换一个站点。", name=station.name)
        return None
    return station


def _find_campaign(
    session: Session, details: DonationDetails, fund: Fund, errors: dict[str, Sentence]
) -> Campaign | None:
    if not details.campaign:
        return None
    try:
        campaign = lookups.campaign_by_code(session, details.campaign)
    except NotFound:
        campaign = None
    if campaign is None or campaign.organisation_id != fund.organisation_id:
        errors["campaign"] = _l("没有找到该组织的募捐活动“%(code)s”。", code=details.campaign)
    elif campaign.status is not Status.ACTIVE:
        errors["campaign"] = _l("募捐活动“%(name)s”已停止，不能再收款。", name=campaign.name)
    elif not campaign.starts_on <= details.received_on <= campaign.ends_on:
        errors["campaign"] = _l(
            "收款日期不在募捐活动备案的期限内（%(first)s 至 %(last)s）。",
            first=campaign.starts_on.isoformat(),
            last=campaign.ends_on.isoformat(),
        )
    return campaign


def _find_project(
    session: Session, details: DonationDetails, fund: Fund, errors: dict[str, Sentence]
) -> Project | None:
    if not details.project:
        return None
    return find_open_project(session, details.project, fund, errors)


def find_open_project(session: Session, code: str, fund: Fund, errors: dict[str, Sentence]) -> Project | None:
    """The project with a code, if it is the fund's organisation's and under way; else a message."""
    try:
        project = lookups.project_by_code(session, code)
    except NotFound:
        project = None
    if project is None or project.organisation_id != fund.organisation_id:
        errors["project"] = _l("没有找到该组织的项目“%(code)s”。", code=code)
    elif project.status is not Status.ACTIVE:
        errors["project"] = _l("项目“%(name)s”已结束或停用。", name=project.name)
    return project


def _check_values(details: DonationDetails, errors: dict[str, Sentence]) -> None:
    if not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    if details.form is not Form.MONEY:
        errors["form"] = _l("目前只能登记货币捐赠，物资等形式将在后续版本开放。")
    check_day(details.received_on, "received_on", errors)
    if details.anonymous and details.publish_name:
        errors["publish_name"] = _l("匿名捐赠不能公开姓名，请二选一。")
    if details.publish_name and not details.donor_name:
        errors["donor_name"] = _l("要公开姓名，请先填写捐赠人。")
    for field, longest in (
        ("donor_name", 200),
        ("external_ref", 120),
        ("remark", 2000),
        ("late_reason", 500),
    ):
        if len(getattr(details, field)) > longest:
            errors[field] = _l("最多 %(longest)d 个字。", longest=longest)
