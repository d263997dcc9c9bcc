"""Accounts reach no further than those who make them, and a second factor goes only with its code."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.periods import now
from portal.refusals import Conflict, Invalid
from portal.registry.models import Organisation
from portal.staff import accounts, audit, totp
from portal.staff.accounts import AccountDetails
from portal.staff.models import Role, StaffMember
from tests import factories, people


@pytest.fixture
def house(session: Session) -> Organisation:
    """An organisation with an administrator of its own."""
    with writing() as writer:
        return factories.organisation(writer)


@pytest.fixture
def own_administrator(house: Organisation) -> StaffMember:
    """Who keeps the accounts of one organisation."""
    return people.member("house.admin", Role.ADMINISTRATOR, house.id)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_nobody_gives_more_reach_than_they_have(own_administrator: StaffMember, elsewhere: bool) -> None:
    with writing() as writer:
        other = factories.organisation(writer).id if elsewhere else None
    with pytest.raises(Invalid) as refused:
        accounts.add(
            AccountDetails("too.far", "越权", Role.ADMINISTRATOR, other), people.PASSWORD, own_administrator
        )
    assert "organisation" in refused.value.errors
    own = accounts.add(
        AccountDetails("own.clerk", "本会经办", Role.FEDERATION_CLERK, own_administrator.organisation_id),
        people.PASSWORD,
        own_administrator,
    )
    with pytest.raises(Invalid):
        accounts.change_role(own.id, Role.ADMINISTRATOR, other, None, own_administrator)


def test_the_trail_of_others_is_not_shown(own_administrator: StaffMember) -> None:
    with writing() as writer:
        audit.record(writer, staff=people.clerk(), action="elsewhere.done")
        audit.record(writer, staff=own_administrator, action="own.done")
    seen = {one.action for one in audit.events(db.session(), own_administrator)}
    assert "own.done" in seen and "elsewhere.done" not in seen
    everywhere = people.member("district.admin", Role.ADMINISTRATOR)
    assert {"own.done", "elsewhere.done"} <= {one.action for one in audit.events(db.session(), everywhere)}


def test_the_second_factor_goes_only_with_a_code_of_its_own(clerk: StaffMember, settings: Settings) -> None:
    totp.begin(clerk, settings)
    generator = pyotp.parse_uri(totp.address(db.session.get_one(StaffMember, clerk.id), settings))
    moment = now()
    with time_machine.travel(moment, tick=False):
        totp.confirm(clerk, generator.at(moment), settings)
    later = moment + timedelta(seconds=90)
    with time_machine.travel(later, tick=False):
        with pytest.raises(Conflict):
            totp.begin(clerk, settings)
        with pytest.raises(Invalid):
            totp.switch_off(clerk, "000000", settings)
        assert db.session.get_one(StaffMember, clerk.id, populate_existing=True).totp_confirmed
        totp.switch_off(clerk, generator.at(later), settings)
    assert not db.session.get_one(StaffMember, clerk.id, populate_existing=True).totp_confirmed
