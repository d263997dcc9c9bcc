"""The life of a thing: applied for, checked by another person, opened, suspended, closed; or refused at the start."""

import pytest
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.refusals import Conflict, Forbidden, NotFound
from portal.registry.listing import applied, count_applied
from portal.registry.models import Station, Status
from portal.registry.services.organisations import ORGANISATIONS
from portal.registry.services.stations import STATIONS, StationDetails
from portal.staff.models import Role, StaffMember
from portal.staff.scope import Scope
from tests import factories, people
from tests.people import LogIn


@pytest.fixture
def details(app_context: None) -> StationDetails:
    with writing() as session:
        owner = factories.organisation(session)
        street = factories.street(session)
    return StationDetails(
        code="ST900", name="滨江站点", organisation=owner.uscc, street=street.code, address="示范路 1 号"
    )


def _status(code: str = "ST900") -> Status:
    db.session.expire_all()
    return STATIONS.find(db.session(), code, Scope.district()).status


def test_what_staff_enter_is_checked_by_another_person_and_then_opened(details: StationDetails) -> None:
    clerk, reviewer = people.clerk(), people.reviewer()
    assert STATIONS.create(clerk, details).status is Status.APPLIED
    assert [one.code for one in applied(db.session(), Scope.district(), limit=9)] == ["ST900"]
    with pytest.raises(Conflict):
        STATIONS.activate(clerk, "ST900")
    STATIONS.check(reviewer, "ST900")
    assert _status() is Status.CHECKED and count_applied(db.session(), Scope.district()) == 0
    with pytest.raises(Conflict):
        STATIONS.check(reviewer, "ST900")
    STATIONS.activate(clerk, "ST900")
    assert _status() is Status.ACTIVE


def test_who_entered_or_edited_it_never_checks_it(details: StationDetails) -> None:
    both = people.member("two.hats", Role.FEDERATION_CLERK)
    STATIONS.create(people.clerk(), details)
    STATIONS.edit(both, "ST900", StationDetails(**{**details.__dict__, "hours": "每天"}))
    with writing() as session:
        session.get_one(StaffMember, both.id).role = Role.REVIEWER
    with pytest.raises(Forbidden):
        STATIONS.check(both, "ST900")
    with pytest.raises(Forbidden):
        STATIONS.check(people.clerk(), "ST900")
    assert _status() is Status.APPLIED


def test_an_edit_after_the_check_has_to_be_checked_anew(details: StationDetails) -> None:
    STATIONS.create(people.clerk(), details)
    STATIONS.check(people.reviewer(), "ST900")
    STATIONS.edit(people.clerk(), "ST900", details)
    assert _status() is Status.CHECKED, "nothing differs"
    STATIONS.edit(people.clerk(), "ST900", StationDetails(**{**details.__dict__, "hours": "每天"}))
    assert _status() is Status.APPLIED


def test_several_are_checked_together_or_none(details: StationDetails) -> None:
    STATIONS.create(people.clerk(), details)
    STATIONS.create(people.clerk(), StationDetails(**{**details.__dict__, "code": "ST901"}))
    with pytest.raises(NotFound):
        STATIONS.check(people.reviewer(), "ST900", "ST901", "NOSUCH")
    assert _status() is _status("ST901") is Status.APPLIED
    assert STATIONS.check(people.reviewer(), "ST900", "ST901") == 2


def test_what_is_refused_was_never_public_and_never_will_be(
    details: StationDetails, client: FlaskClient
) -> None:
    STATIONS.create(people.clerk(), details)
    for address in ("/stations/ST900", "/stations/ST900/poster.pdf"):
        assert client.get(address).status_code == 404
    for address in ("/stations", "/search?q=滨江站点", "/sitemap.xml", "/api/v1/stations", "/ledger"):
        assert "ST900" not in client.get(address).text
    STATIONS.close(people.reviewer(), "ST900", "地址不符")
    assert _status() is Status.REFUSED
    assert client.get("/stations/ST900").status_code == 404
    with pytest.raises(Conflict):
        STATIONS.edit(people.clerk(), "ST900", details)
    owner = db.session.query(Station).one().organisation.uscc
    ORGANISATIONS.close(None, owner, "注销")


def test_it_is_registered_checked_and_opened_at_the_desk(
    details: StationDetails, clerk: StaffMember, reviewer: StaffMember, log_in: LogIn, client: FlaskClient
) -> None:
    form = {name: value for name, value in details.__dict__.items() if value}
    assert log_in(clerk).post("/desk/stations/new", data=form).status_code == 302
    checking = log_in(reviewer)
    assert (
        "滨江站点" in checking.get("/desk/queue").text and "核准" in checking.get("/desk/stations/ST900").text
    )
    assert 'name="code" value="ST900"' in checking.get("/desk/stations?status=applied").text
    assert checking.post("/desk/stations/check", data={"code": ["ST900"]}).status_code == 302
    opening = log_in(clerk)
    assert "启用" in opening.get("/desk/stations/ST900").text
    assert opening.post("/desk/stations/ST900/activate").status_code == 302
    assert client.get("/stations/ST900").status_code == 200
    assert opening.post("/desk/stations/ST900/activate").status_code == 409
