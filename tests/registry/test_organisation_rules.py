"""Organisations: credit code, qualification, scope, history, closing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.db import db, writing
from portal.periods import today
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Organisation, OrganisationKind, RegistryChange, Status, SubjectKind
from portal.registry.services import changes
from portal.registry.services.organisations import ORGANISATIONS, OrganisationDetails
from portal.staff.models import StaffMember
from portal.staff.scope import Scope
from tests import factories
from tests.people import ClerkOf

DETAILS = OrganisationDetails(
    uscc=factories.uscc(900001), name="海珠区阳光慈善协会", kind=OrganisationKind.ASSOCIATION
)


def _errors(details: OrganisationDetails, reason: str = "") -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        ORGANISATIONS.create(None, details, reason)
    return {field: str(message) for field, message in refused.value.errors.items()}


@pytest.mark.parametrize(
    ("uscc", "word"),
    [
        (DETAILS.uscc[:-1], "18 位"),
        (DETAILS.uscc[:-2] + "O" + DETAILS.uscc[-1], "没有 I、O、S、V、Z"),
        (DETAILS.uscc[:-1] + ("0" if DETAILS.uscc[-1] != "0" else "1"), "校验位"),
        ("", "18 位"),
    ],
)
def test_each_fault_of_a_credit_code_has_its_own_message(app_context: None, uscc: str, word: str) -> None:
    assert word in _errors(replace(DETAILS, uscc=uscc))["uscc"]
    assert factories.count(db.session, Organisation) == 0


def test_a_credit_code_is_read_in_full_width_and_lower_case(app_context: None) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in DETAILS.uscc.lower())
    assert ORGANISATIONS.create(None, replace(DETAILS, uscc=wide)).uscc == DETAILS.uscc


def test_a_credit_code_is_registered_once(app_context: None) -> None:
    ORGANISATIONS.create(None, DETAILS)
    assert "海珠区阳光慈善协会" in _errors(replace(DETAILS, name="另一个协会"))["uscc"]


def test_days_do_not_lie_in_the_future(app_context: None) -> None:
    tomorrow = today() + timedelta(days=1)
    assert set(_errors(replace(DETAILS, founded_on=tomorrow, fundraising_since=tomorrow))) == {
        "founded_on",
        "fundraising_since",
    }


def test_the_qualification_comes_a_year_after_registration_or_with_a_reason(app_context: None) -> None:
    early = replace(DETAILS, founded_on=date(2025, 1, 10), fundraising_since=date(2026, 1, 9))
    assert "第二十二条" in _errors(early)["fundraising_since"]
    assert ORGANISATIONS.create(None, early, "依法律直接取得").fundraising_since == date(2026, 1, 9)


def test_a_link_is_a_web_address(app_context: None) -> None:
    assert (
        "https://"
        in _errors(replace(DETAILS, national_platform_url="javascript:alert(1)"))["national_platform_url"]
    )


def test_rare_names_go_in_whole(app_context: None) -> None:
    kept = ORGANISATIONS.create(None, replace(DETAILS, name="𬭎䶮慈善会", legal_representative="㛃·𠮷"))
    assert db.session.get_one(Organisation, kept.id).name == "𬭎䶮慈善会"


def test_private_use_and_control_characters_are_refused(app_context: None) -> None:
    assert set(_errors(replace(DETAILS, name="慈\ue000会", short_name="a\x00b"))) == {"name", "short_name"}


def test_too_long_a_name_is_refused(app_context: None) -> None:
    assert "120" in _errors(replace(DETAILS, name="会" * 121))["name"]


def test_each_change_keeps_who_when_before_and_after(app_context: None, clerk: StaffMember) -> None:
    kept = ORGANISATIONS.create(clerk, DETAILS)
    ORGANISATIONS.edit(clerk, kept.uscc, replace(DETAILS, contact_phone="020-12345678"), "电话已更换")
    newest, first = changes.history(db.session, SubjectKind.ORGANISATION, kept.id)
    assert first.created and not newest.created
    assert newest.made_by == clerk.display_name
    assert newest.reason == "电话已更换"
    assert newest.differences == (changes.Difference("contact_phone", None, "020-12345678"),)


def test_saving_without_a_difference_leaves_no_trace(app_context: None, clerk: StaffMember) -> None:
    kept = ORGANISATIONS.create(clerk, DETAILS)
    ORGANISATIONS.edit(clerk, kept.uscc, DETAILS)
    assert len(changes.history(db.session, SubjectKind.ORGANISATION, kept.id)) == 1


def test_the_credit_code_is_fixed(app_context: None) -> None:
    ORGANISATIONS.create(None, DETAILS)
    with pytest.raises(Invalid) as refused:
        ORGANISATIONS.edit(None, DETAILS.uscc, replace(DETAILS, uscc=factories.uscc(900002)))
    assert set(refused.value.errors) == {"uscc"}


def test_a_refused_change_changes_nothing(app_context: None) -> None:
    ORGANISATIONS.create(None, DETAILS)
    with pytest.raises(Invalid):
        ORGANISATIONS.edit(None, DETAILS.uscc, replace(DETAILS, name="", contact_phone="1"))
    db.session.rollback()
    assert ORGANISATIONS.find(db.session, DETAILS.uscc, Scope.district()).contact_phone == ""
    assert factories.count(db.session, RegistryChange) == 1


def test_suspended_then_resumed_then_closed_for_good(app_context: None) -> None:
    ORGANISATIONS.create(None, DETAILS)
    assert ORGANISATIONS.suspend(None, DETAILS.uscc, "年检未过").status == Status.SUSPENDED
    assert ORGANISATIONS.resume(None, DETAILS.uscc, "整改完成").status == Status.ACTIVE
    assert ORGANISATIONS.close(None, DETAILS.uscc, "注销登记").status == Status.CLOSED
    for step in (ORGANISATIONS.suspend, ORGANISATIONS.resume, ORGANISATIONS.close):
        with pytest.raises(Conflict):
            step(None, DETAILS.uscc, "再来一次")
    with pytest.raises(Conflict):
        ORGANISATIONS.edit(None, DETAILS.uscc, replace(DETAILS, name="新名"))


def test_a_step_needs_a_reason(app_context: None) -> None:
    ORGANISATIONS.create(None, DETAILS)
    with pytest.raises(Invalid) as refused:
        ORGANISATIONS.suspend(None, DETAILS.uscc, "  ")
    assert set(refused.value.errors) == {"reason"}


def test_an_organisation_with_open_funds_is_not_closed(app_context: None) -> None:
    with writing() as session:
        kept = factories.organisation(session)
        factories.fund(session, organisation_id=kept.id)
    with pytest.raises(Conflict, match="1 个基金"):
        ORGANISATIONS.close(None, kept.uscc, "注销")


def test_foreign_and_absent_organisations_answer_alike(app_context: None, clerk_of: ClerkOf) -> None:
    with writing() as session:
        own, foreign = factories.organisation(session), factories.organisation(session)
    member = clerk_of(own.id)
    messages = set()
    for code in (foreign.uscc, factories.uscc(999999)):
        with pytest.raises(NotFound) as refused:
            ORGANISATIONS.suspend(member, code, "无权")
        messages.add(str(refused.value).replace(code, "…"))
    assert len(messages) == 1
    assert ORGANISATIONS.suspend(member, own.uscc, "自查").status == Status.SUSPENDED


def test_only_the_whole_district_registers_organisations(app_context: None, clerk_of: ClerkOf) -> None:
    with writing() as session:
        own = factories.organisation(session)
    with pytest.raises(Invalid) as refused:
        ORGANISATIONS.create(clerk_of(own.id), DETAILS)
    assert "uscc" in refused.value.errors
