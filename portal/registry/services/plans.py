"""Campaign plans: kept with their history, checked for what is missing, and what the public is warned of."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.money import MAX_FEN, format_plain
from portal.refusals import Invalid, Sentence
from portal.registry.labels import FIELD_LABELS
from portal.registry.models import Campaign, SubjectKind
from portal.registry.plan_models import CampaignPlan
from portal.registry.services import changes
from portal.registry.services.campaigns import CAMPAIGNS
from portal.registry.services.fundraising import EMERGENCY_FILED_AFTER_START
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

REQUIRED = (
    "area",
    "person_in_charge",
    "office",
    "ways_of_giving",
    "bank_account",
    "target",
    "beneficiaries",
    "use_of_funds",
    "fundraising_cost",
    "leftovers",
)
OF_PARTNERS = ("partners", "partner_agreement", "partner_evaluation")
_LONGEST = {"area": 200, "person_in_charge": 60, "office": 200, "bank_account": 200, "partner_agreement": 120}


@dataclass(frozen=True)
class PlanDetails:
    """A plan as stated. ``platform_links`` has one address a line."""

    area: str = ""
    person_in_charge: str = ""
    office: str = ""
    ways_of_giving: str = ""
    bank_account: str = ""
    target_fen: int = 0
    beneficiaries: str = ""
    use_of_funds: str = ""
    fundraising_cost: str = ""
    leftovers: str = ""
    partners: str = ""
    partner_agreement: str = ""
    partner_evaluation: str = ""
    platform_links: str = ""


def save(code: str, details: PlanDetails, by: StaffMember | None) -> CampaignPlan:
    """Keep a campaign's plan; what is still missing may be added later, and the public sees that it is missing.

    Raises:
        NotFound: there is no such campaign, or none for this person.
        Invalid: a field is too long, or a link is no address of a website.
    """
    with writing() as session:
        campaign = CAMPAIGNS.find(session, code, by.scope if by else Scope.district())
        _check(details)
        plan = session.get(CampaignPlan, campaign.id)
        before = {} if plan is None else _facts(plan)
        if plan is None:
            plan = CampaignPlan(campaign_id=campaign.id)
            session.add(plan)
        for column, value in asdict(details).items():
            setattr(plan, column, value.strip() if isinstance(value, str) else value)
        session.flush()
        after = _facts(plan)
        if before != after:
            changes.record(session, (SubjectKind.CAMPAIGN, campaign.id), by, before, after, "")
            audit.record(
                session,
                staff=by,
                action="registry.edit",
                subject_kind=SubjectKind.CAMPAIGN.value,
                subject_id=campaign.id,
            )
        return plan


def plan_of(session: Session, campaign: Campaign) -> CampaignPlan | None:
    """The plan of a campaign, if one was entered."""
    return session.get(CampaignPlan, campaign.id)


def links_of(plan: CampaignPlan) -> list[str]:
    """The addresses under which the campaign stands on fundraising platforms."""
    return [line.strip() for line in plan.platform_links.splitlines() if line.strip()]


def missing(campaign: Campaign, plan: CampaignPlan | None) -> list[Sentence]:
    """What a complete plan still lacks (E10), in words."""
    wanted = (*REQUIRED, *(OF_PARTNERS if campaign.cooperative else ()))
    return [FIELD_LABELS[name] for name in wanted if plan is None or not _stated(plan, name)]


def warnings(campaign: Campaign, plan: CampaignPlan | None, day: date) -> Iterator[Sentence]:
    """What the public is to know before giving: no qualification, no filing, a plan with gaps."""
    if not campaign.organisation.may_raise_on(campaign.starts_on):
        yield _l("主办组织在活动开始时没有公开募捐资格（《慈善法》第二十二条）。")
    if not campaign.filing_no:
        late = (day - campaign.starts_on).days > EMERGENCY_FILED_AFTER_START.amount
        yield (
            _l("已经超过十日，还没有募捐方案备案编号（《慈善法》第七十三条）。")
            if late
            else _l("应急募捐，募捐方案正在备案。")
        )
    gaps = missing(campaign, plan)
    if gaps:
        yield _l("募捐方案还缺：%(names)s。", names="、".join(str(one) for one in gaps))


def _stated(plan: CampaignPlan, name: str) -> bool:
    return bool(plan.target_fen if name == "target" else getattr(plan, name))


def _facts(plan: CampaignPlan) -> changes.Facts:
    facts: changes.Facts = {
        name: getattr(plan, name) for name in PlanDetails.__dataclass_fields__ if name != "target_fen"
    }
    return {**facts, "target": format_plain(plan.target_fen)}


def _check(details: PlanDetails) -> None:
    errors: dict[str, Sentence] = {}
    for name, value in asdict(details).items():
        longest = _LONGEST.get(name, 2_000)
        if isinstance(value, str) and len(value) > longest:
            errors[name] = _l("最多 %(longest)d 个字。", longest=longest)
    if not 0 <= details.target_fen <= MAX_FEN:
        errors["target"] = _l("金额太大，请核对位数（单笔不超过一千亿元）。")
    for line in details.platform_links.split():
        address = urlsplit(line)
        if address.scheme != "https" or not address.hostname or "." not in address.hostname:
            errors["platform_links"] = _l(
                "“%(link)s”不是 https:// 开头的网址，请一行写一个。", link=line[:80]
            )
    if errors:
        raise Invalid(errors)
