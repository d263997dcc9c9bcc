"""Campaigns: qualification, filing number (rule E14), day of filing, period (FR-01 to FR-07)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from portal.db import writing
from portal.refusals import Invalid
from portal.registry.models import Organisation
from portal.registry.services.campaigns import CAMPAIGNS, CampaignDetails
from tests import factories


@pytest.fixture
def owner(app_context: None) -> Organisation:
    with writing() as session:
        return factories.organisation(session, fundraising_since=date(2025, 1, 1))


@pytest.fixture
def plan(owner: Organisation) -> CampaignDetails:
    return CampaignDetails(
        code="CP7001",
        name="羊城慈善为民",
        organisation=owner.uscc,
        filing_no=factories.filing_no(owner.uscc, 2025, 7),
        filed_on=date(2025, 5, 1),
        starts_on=date(2025, 6, 1),
        ends_on=date(2026, 5, 31),
        purpose="扶贫济困",
    )


def _errors(details: CampaignDetails, reason: str = "") -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        CAMPAIGNS.create(None, details, reason)
    return {field: str(message) for field, message in refused.value.errors.items()}


def test_a_filed_campaign_is_registered(plan: CampaignDetails) -> None:
    assert CAMPAIGNS.create(None, plan).filing_no == plan.filing_no


def test_a_filing_number_is_read_in_full_width(plan: CampaignDetails) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in plan.filing_no or "")
    assert CAMPAIGNS.create(None, replace(plan, filing_no=wide)).filing_no == plan.filing_no


def test_the_organisation_is_qualified_on_the_first_day(plan: CampaignDetails) -> None:
    early = replace(
        plan, starts_on=date(2024, 12, 31), filed_on=date(2024, 12, 1), filing_no=None, emergency=True
    )
    assert "没有公开募捐资格" in _errors(early)["organisation"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda no: no[:-1], "应为 18 位"),
        (lambda no: no.replace("A25", "B25"), "应为 18 位"),
        (lambda no: no[:17] + ("0" if no[17] != "0" else "1") + no[18:], "校验位"),
        (lambda no: factories.filing_no(factories.uscc(900009), 2025, 7), "不是所选慈善组织"),
        (lambda no: no.replace("A25", "A24"), "年份"),
    ],
)
def test_each_fault_of_a_filing_number_has_its_own_message(
    plan: CampaignDetails, change: Callable[[str], str], word: str
) -> None:
    assert word in _errors(replace(plan, filing_no=change(plan.filing_no or "")))["filing_no"]


def test_one_filing_number_serves_one_campaign(plan: CampaignDetails) -> None:
    CAMPAIGNS.create(None, plan)
    assert "羊城慈善为民" in _errors(replace(plan, code="CP7002", name="另一活动"))["filing_no"]


def test_a_campaign_without_filing_is_refused(plan: CampaignDetails) -> None:
    assert "第二十四条" in _errors(replace(plan, filing_no=""))["filing_no"]


def test_a_filing_number_comes_with_its_day(plan: CampaignDetails) -> None:
    assert set(_errors(replace(plan, filed_on=None))) == {"filed_on"}


def test_the_plan_is_filed_ten_days_before_the_start(plan: CampaignDetails) -> None:
    assert "十日前" in _errors(replace(plan, filed_on=date(2025, 5, 23)))["filed_on"]
    assert CAMPAIGNS.create(None, replace(plan, filed_on=date(2025, 5, 22)))


def test_an_emergency_is_filed_within_ten_days_after_the_start(plan: CampaignDetails) -> None:
    emergency = replace(plan, emergency=True)
    assert "十日内" in _errors(replace(emergency, filed_on=date(2025, 6, 12)))["filed_on"]
    assert CAMPAIGNS.create(None, replace(emergency, filed_on=date(2025, 6, 11)))


def test_an_emergency_may_start_before_it_is_filed(plan: CampaignDetails) -> None:
    assert (
        CAMPAIGNS.create(None, replace(plan, emergency=True, filing_no=None, filed_on=None)).filing_no is None
    )


def test_an_emergency_lasts_a_year_at_most(plan: CampaignDetails) -> None:
    assert "不超过一年" in _errors(replace(plan, emergency=True, ends_on=date(2026, 6, 2)), "理由")["ends_on"]


def test_a_campaign_ends_after_its_start(plan: CampaignDetails) -> None:
    assert "晚于" in _errors(replace(plan, ends_on=plan.starts_on))["ends_on"]


def test_more_than_three_years_need_a_reason(plan: CampaignDetails) -> None:
    long = replace(plan, ends_on=date(2028, 6, 2))
    assert "三年" in _errors(long)["ends_on"]
    assert CAMPAIGNS.create(None, long, "长期医疗救助")


def test_three_years_need_none(plan: CampaignDetails) -> None:
    assert CAMPAIGNS.create(None, replace(plan, ends_on=date(2028, 6, 1)))


def test_a_change_while_it_runs_needs_a_reason(plan: CampaignDetails) -> None:
    CAMPAIGNS.create(None, plan)
    changed = replace(plan, purpose="扶贫济困与助学")
    with time_machine.travel("2025-09-05T04:00:00Z", tick=False):
        with pytest.raises(Invalid) as refused:
            CAMPAIGNS.edit(None, plan.code, changed)
        assert set(refused.value.errors) == {"reason"}
        assert CAMPAIGNS.edit(None, plan.code, changed, "理事会决定").purpose == "扶贫济困与助学"
