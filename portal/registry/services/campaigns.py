"""Public fundraising campaigns: qualification on the first day, filing number (rule E14), period."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Campaign, Organisation, SubjectKind
from portal.registry.services import checks
from portal.registry.services.fundraising import Filing, filing_problems, period_problems
from portal.registry.services.keeping import Act, Errors, Keeper


@dataclass(frozen=True, kw_only=True)
class CampaignDetails:
    """What is registered about a campaign. ``organisation`` is a credit code, ``fund`` a fund's code."""

    code: str
    name: str
    organisation: str
    starts_on: date
    ends_on: date
    filing_no: str | None = None
    filed_on: date | None = None
    fund: str | None = None
    purpose: str = ""
    emergency: bool = False
    cooperative: bool = False
    national_platform_url: str = ""


class _Campaigns(Keeper[Campaign, CampaignDetails]):
    subject = SubjectKind.CAMPAIGN

    def details(self, thing: Campaign) -> CampaignDetails:
        return CampaignDetails(
            code=thing.code,
            name=thing.name,
            organisation=thing.organisation.uscc,
            starts_on=thing.starts_on,
            ends_on=thing.ends_on,
            filing_no=thing.filing_no,
            filed_on=thing.filed_on,
            fund=thing.fund.code if thing.fund else None,
            purpose=thing.purpose,
            emergency=thing.emergency,
            cooperative=thing.cooperative,
            national_platform_url=thing.national_platform_url,
        )

    def columns(
        self, session: Session, details: CampaignDetails, existing: Campaign | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Campaign, details.code, existing)
        texts = checks.texts(
            errors, Campaign, details, ("name", "purpose", "national_platform_url"), required="name purpose"
        )
        checks.web_address(errors, "national_platform_url", texts["national_platform_url"])
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        fund = checks.fund_of(errors, session, details.fund, organisation, existing)
        checks.plausible(errors, starts_on=details.starts_on, ends_on=details.ends_on)
        checks.not_in_future(errors, filed_on=details.filed_on)
        _check_change_under_way(errors, existing, act)
        filing_no = unicodedata.normalize("NFKC", details.filing_no or "").strip().upper() or None
        if organisation is not None:
            _check_fundraising(errors, organisation, (details, filing_no), act)
            if filing_no:
                checks.free(errors, session, Campaign.filing_no, filing_no, existing)
        if errors or organisation is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "organisation_id": organisation.id,
            "fund_id": fund.id if fund else None,
            "filing_no": filing_no,
            "filed_on": details.filed_on,
            "starts_on": details.starts_on,
            "ends_on": details.ends_on,
            "emergency": details.emergency,
            "cooperative": details.cooperative,
        }

    def organisation_id(self, thing: Campaign) -> int:
        return thing.organisation_id


def _check_fundraising(
    errors: Errors, organisation: Organisation, filed: tuple[CampaignDetails, str | None], act: Act
) -> None:
    details, filing_no = filed
    if not organisation.may_raise_on(details.starts_on):
        errors.setdefault(
            "organisation",
            _(
                "“%(name)s”在 %(day)s 没有公开募捐资格，不能开展公开募捐（《慈善法》第二十二条）。",
                name=organisation.name,
                day=details.starts_on.isoformat(),
            ),
        )
    filing = Filing(
        filing_no=filing_no,
        filed_on=details.filed_on,
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        emergency=details.emergency,
    )
    for field, message in {
        **period_problems(filing, act.reason),
        **filing_problems(filing, organisation.uscc),
    }.items():
        errors.setdefault(field, message)


def _check_change_under_way(errors: Errors, existing: Campaign | None, act: Act) -> None:
    """A change during the campaign is supplemented at the registrar with its reasons (Order 74 article 12)."""
    if existing is not None and existing.starts_on <= today() <= existing.ends_on and not act.reason:
        errors["reason"] = _("募捐活动正在进行，变更须写明理由，并在十日内向民政部门补正备案。")


CAMPAIGNS = _Campaigns(Campaign)
"""Keeps the campaigns."""
