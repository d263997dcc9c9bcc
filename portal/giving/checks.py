"""The rules of the counter: a stated gift against the registry, the calendar and the law, all of them at once."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.giving import terms
from portal.giving.details import DonationDetails, Placement
from portal.giving.items import check_items
from portal.giving.pledge_models import Pledge, PledgeState
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel, Form
from portal.money import MAX_FEN
from portal.periods import today
from portal.public_words import private_words
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Campaign, Fund, Project, Station, Status
from portal.staff.scope import Scope

EARLIEST = date(1990, 1, 1)
"""No gift of the portal's books is older: an earlier date is a slip of the finger."""


def check(session: Session, details: DonationDetails, scope: Scope) -> Placement:
    """Hold a gift against every rule of the counter at once.

    Raises:
        Invalid: with one message a field.
    """
    errors: dict[str, Sentence] = {}
    fund = _find_fund(session, details, scope, errors)
    station = _find_station(session, details, scope, errors)
    campaign = project = pledge = None
    if fund is not None:
        campaign = _find_campaign(session, details, fund, errors)
        project = _find_project(session, details, fund, errors)
        pledge = _find_pledge(session, details, fund, errors)
        terms.check_restriction(details, fund, errors)
    _check_values(details, errors)
    _check_public_words(details, errors)
    terms.check_terms(details, errors)
    check_items(details.form, details.items, errors)
    if errors or fund is None:
        raise Invalid(errors)
    return Placement(fund.organisation, fund, station, campaign, project, pledge)


def _check_public_words(details: DonationDetails, errors: dict[str, Sentence]) -> None:
    """What is shown beside the entry names neither the donor without consent nor whoever paid (慈善法 82)."""
    names = [details.payer_name, "" if details.publish_name else details.donor_name]
    words = {"restriction_text": details.restriction_text, "late_reason": details.late_reason}
    for field, message in private_words(words, names).items():
        errors.setdefault(field, message)


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


def _find_pledge(
    session: Session, details: DonationDetails, fund: Fund, errors: dict[str, Sentence]
) -> Pledge | None:
    if not details.pledge:
        return None
    pledge: Pledge | None = session.scalar(select(Pledge).where(Pledge.pledge_no == details.pledge))
    if pledge is None or pledge.fund_id != fund.id:
        errors["pledge"] = _l("没有找到这个基金的认捐“%(no)s”。", no=details.pledge)
    elif pledge.state is not PledgeState.OPEN:
        errors["pledge"] = _l("认捐“%(no)s”已经取消，请去掉认捐编号。", no=details.pledge)
    return pledge


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
    if details.form is Form.MONEY and not 0 < details.worth_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    if (details.form is Form.MONEY) is (details.channel is Channel.IN_KIND):
        errors["channel"] = _l("货币捐赠请选择收款方式；物资、服务等请选“实物（非货币）”。")
    check_day(details.received_on, "received_on", errors)
    if details.anonymous and details.publish_name:
        errors["publish_name"] = _l("匿名捐赠不能公开姓名，请二选一。")
    if details.publish_name and not details.donor_name:
        errors["donor_name"] = _l("要公开姓名，请先填写捐赠人。")
    if details.mask_name and not details.publish_name:
        errors["mask_name"] = _l("捐赠人同意公开，才谈得上只显示姓氏。请先勾选“同意公开姓名”。")
    for field, longest in (
        ("donor_name", 200),
        ("external_ref", 120),
        ("remark", 2000),
        ("late_reason", 500),
        ("payer_name", 200),
        ("agency_beneficiary", 200),
        ("restriction_text", 500),
        ("rate_source", 120),
    ):
        if len(getattr(details, field)) > longest:
            errors[field] = _l("最多 %(longest)d 个字。", longest=longest)
