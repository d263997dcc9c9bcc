"""People in charge and papers: named, ended, handed in clean, shown when public, withdrawn."""

import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image

from portal.db import db, writing
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Organisation, SubjectKind
from portal.registry.record_models import Attachment, AttachmentKind, Body, Officer
from portal.registry.services import attachments, officers
from portal.registry.services.attachments import AttachmentDetails
from portal.registry.services.officers import OfficerDetails
from portal.registry.services.organisations import ORGANISATIONS
from portal.staff.models import StaffMember
from tests import factories, people
from tests.people import LogIn

CHAIR = OfficerDetails(name="陈会长", position="会长", body=Body.DECIDING, since=date(2024, 3, 1))


@pytest.fixture
def organisation(app_context: None) -> Organisation:
    with writing() as session:
        return factories.organisation(session)


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (20, 10), (9, 99, 199)).save(made, "PNG")
    return made.getvalue()


def _paper(**given: object) -> AttachmentDetails:
    facts = {"title": "章程", "kind": AttachmentKind.CHARTER, "public": True, "content": _picture()}
    return AttachmentDetails(**{**facts, **given})  # type: ignore[arg-type]


def test_the_people_in_charge_are_public_until_they_leave(
    organisation: Organisation, client: FlaskClient
) -> None:
    officer = officers.add(ORGANISATIONS, organisation.uscc, CHAIR, people.clerk())
    address = f"/organisations/{organisation.uscc}"
    assert "陈会长" in client.get(address).text
    officers.end(officer.id, people.clerk(), today() - timedelta(days=1))
    assert "陈会长" not in client.get(address).text
    kept = officers.of_thing(db.session(), SubjectKind.ORGANISATION, organisation.id, all_time=True)
    assert [one.name for one in kept] == ["陈会长"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": " "}, "name"),
        ({"position": ""}, "position"),
        ({"since": date(2199, 1, 1)}, "since"),
    ],
)
def test_an_officer_without_a_name_position_or_past_day_is_refused(
    organisation: Organisation, details: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        officers.add(
            ORGANISATIONS, organisation.uscc, OfficerDetails(**{**CHAIR.__dict__, **details}), people.clerk()
        )
    assert set(refused.value.errors) == {field} and factories.count(db.session(), Officer) == 0


def test_nobody_leaves_before_they_came(organisation: Organisation) -> None:
    officer = officers.add(ORGANISATIONS, organisation.uscc, CHAIR, people.clerk())
    with pytest.raises(Invalid):
        officers.end(officer.id, people.clerk(), date(2024, 2, 29))


def test_a_public_paper_is_read_by_everybody_until_it_is_withdrawn(
    organisation: Organisation, client: FlaskClient
) -> None:
    paper = attachments.add(ORGANISATIONS, organisation.uscc, _paper(), people.clerk())
    inner = attachments.add(
        ORGANISATIONS, organisation.uscc, _paper(title="内部决议", public=False), people.clerk()
    )
    page = client.get(f"/organisations/{organisation.uscc}").text
    assert "章程" in page and "内部决议" not in page
    answer = client.get(f"/documents/{paper.id}")
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get(f"/documents/{inner.id}").status_code == 404
    attachments.withdraw(paper.id, people.clerk())
    assert client.get(f"/documents/{paper.id}").status_code == 404
    assert factories.count(db.session(), Attachment) == 2


def test_papers_and_people_at_the_desk(organisation: Organisation, clerk: StaffMember, log_in: LogIn) -> None:
    desk, home = log_in(clerk), f"/desk/organisations/{organisation.uscc}"
    upload = {
        "title": "登记证书",
        "kind": "certificate",
        "public": "y",
        "file": (io.BytesIO(_picture()), "证书.png"),
    }
    assert desk.post(f"{home}/attachments", data=upload).status_code == 302
    wrong = {"title": "程序", "kind": "other", "file": (io.BytesIO(b"MZ\0"), "a.pdf")}
    refused = desk.post(f"{home}/attachments", data=wrong)
    assert refused.status_code == 422 and "只能上传" in refused.text and "程序" in refused.text
    person = {"name": "梁秘书长", "position": "秘书长", "body": "executing", "since": "2025-01-01"}
    assert desk.post(f"{home}/officers", data=person).status_code == 302
    assert desk.post(f"{home}/officers", data={**person, "body": "nonsense"}).status_code == 422
    page = desk.get(home).text
    assert "登记证书" in page and "梁秘书长" in page
    found = db.session.query(Attachment).one()
    assert desk.get(f"/desk/registry/attachments/{found.id}").status_code == 200
    officer = db.session.query(Officer).one()
    ended = desk.post(f"/desk/registry/officers/{officer.id}/end", data={"until": "2024-01-01"})
    assert ended.status_code == 422 and "不能早于" in ended.text
    assert (
        desk.post(f"/desk/registry/officers/{officer.id}/end", data={"until": "2025-06-01"}).status_code
        == 302
    )
    assert desk.post(f"/desk/registry/attachments/{found.id}/withdraw").status_code == 302
