"""Nothing of a person who was helped leaves the house: no page, file, head, proof or log line, nor others' desk."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import bank_file, lists, register
from portal.beneficiaries.models import Beneficiary, BeneficiaryList
from portal.db import writing
from portal.imports import payout_lists
from portal.registry.models import Fund
from portal.spending.models import Disbursement
from portal.staff.models import Role
from tests import factories, gifts, people
from tests.beneficiaries.persons import card, citizen
from tests.disclosure.test_privacy import markers, proves, surfaces
from tests.imports.sheets import workbook
from tests.people import log_in

pytestmark = pytest.mark.one_engine

NAMES = ("金丝雀甲同学", "金丝雀乙同学")
GUARDIAN, SCHOOL, REMARK = "金丝雀家长", "金丝雀第一中学", "金丝雀患重病"
PHONE = "13911110001"
NUMBERS = (citizen(811), citizen(812), card(811), card(812), PHONE)
WORDS = (*NAMES, GUARDIAN, SCHOOL, REMARK, *NUMBERS)


@pytest.fixture
def paid(session: Session) -> Disbursement:
    """A payout in the ledger, to two persons of whom everything is known, by a list that came as a file."""
    with writing() as writer:
        fund = factories.fund(writer)
        project = factories.project(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 1_000_000)
    made = taken_in(fund)
    return gifts.posted_payout(
        fund, made.total_fen, beneficiary_count=None, beneficiary_list=made.id, project=project.code
    )


def taken_in(fund: Fund) -> BeneficiaryList:
    header = ["姓名", "身份证号", "学校", "金额", "开户行", "账号", "电话", "监护人", "备注"]
    rows = [
        [name, number, SCHOOL, 1000, "工商银行", account, PHONE, GUARDIAN, REMARK]
        for name, number, account in zip(NAMES, NUMBERS[:2], NUMBERS[2:4], strict=True)
    ]
    content = workbook([header, *rows])
    made, _fresh = payout_lists.take_in(
        content, "名单.xlsx", fund.organisation_id, "困难家庭学生", people.clerk()
    )
    assert made.mended
    return made


def hits(body: bytes) -> list[str]:
    return [word for word in WORDS if any(coat in body for coat in markers(word))]


def test_nobody_who_was_helped_is_found_on_any_public_surface(
    paid: Disbursement, client: FlaskClient, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = paid.fund.code
    seen = {name: hits(body) for name, body in surfaces(client, code, tmp_path)}
    assert not {name: found for name, found in seen.items() if found}
    project = client.get(f"/projects/{paid.project.code}/people").data
    assert not hits(project)
    assert not hits("".join(capfd.readouterr()).encode())


def test_nor_in_the_database_or_the_storage(paid: Disbursement, app: Flask, session: Session) -> None:
    settings = app.config["PORTAL_SETTINGS"]
    session.rollback()
    kept = [file for file in Path(settings.storage_dir).rglob("*") if file.is_file()]
    kept += list(Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("portal.sqlite3*"))
    assert kept
    for file in kept:
        body = file.read_bytes()
        assert not hits(body), file
        if zipfile.is_zipfile(io.BytesIO(body)):
            with zipfile.ZipFile(file) as package:
                assert not [name for name in package.namelist() if hits(package.read(name))]


def test_the_sweep_would_see_a_person(paid: Disbursement) -> None:
    content = bank_file.bank_file(paid.id, people.clerk())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = {word for name in package.namelist() for word in hits(package.read(name))}
    assert found == {*NAMES, *NUMBERS[2:4]}


DESK = (
    "/desk/",
    "/desk/disbursements",
    "/desk/payout-lists",
    "/desk/queue",
    "/desk/audit",
    "/desk/beneficiaries",
)


@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_the_desk_shows_a_person_in_full_unasked(
    paid: Disbursement, app: Flask, session: Session, role: Role
) -> None:
    with writing() as writer:
        station = factories.station(writer, organisation_id=paid.organisation_id)
    where = (station.organisation_id, station.id) if role is Role.STATION_CLERK else ()
    desk = log_in(app, people.member(f"canary.{role.value}", role, *where))
    first, of_list = session.execute(select(Beneficiary.id, Beneficiary.list_id).limit(1)).one()
    for path in (
        *DESK,
        f"/desk/disbursements/{paid.id}",
        f"/desk/payout-lists/{of_list}",
        f"/desk/beneficiaries/{first}",
        f"/desk/beneficiaries/of-payout/{paid.id}/interests",
    ):
        assert not hits(desk.get(path).data), path


@pytest.mark.parametrize("role", [Role.STATION_CLERK, Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER])
def test_who_has_no_right_gets_no_file_and_no_full_view(
    paid: Disbursement, app: Flask, session: Session, role: Role
) -> None:
    with writing() as writer:
        station = factories.station(writer, organisation_id=paid.organisation_id)
    where = (station.organisation_id, station.id) if role is Role.STATION_CLERK else ()
    desk = log_in(app, people.member(f"canary.{role.value}", role, *where))
    first, of_list = session.execute(select(Beneficiary.id, Beneficiary.list_id).limit(1)).one()
    assert desk.get(f"/desk/beneficiaries/of-payout/{paid.id}/bank.xlsx").status_code == 403
    assert desk.get(f"/desk/payout-lists/{of_list}/to-mend.xlsx").status_code == 403
    assert desk.get(f"/desk/payout-lists/{of_list}/rows/1").status_code == 403
    if role is not Role.REVIEWER:
        assert desk.post(f"/desk/beneficiaries/{first}/reveal").status_code == 403


def test_another_organisation_does_not_know_that_a_person_is_there(
    paid: Disbursement, app: Flask, session: Session
) -> None:
    with writing() as writer:
        other = factories.organisation(writer)
    desk = log_in(app, people.member("other.clerk", Role.FEDERATION_CLERK, other.id))
    first, of_list = session.execute(select(Beneficiary.id, Beneficiary.list_id).limit(1)).one()
    for path in (f"/desk/beneficiaries/{first}", f"/desk/payout-lists/{of_list}"):
        assert desk.get(path).status_code == 404
    assert "没有找到" in desk.post("/desk/beneficiaries", data={"q": NAMES[0]}).text


def test_erasing_a_person_leaves_every_proof(
    paid: Disbursement, app: Flask, session: Session, client: FlaskClient
) -> None:
    before = client.get(f"/ledger/{paid.entry.entry_no}").text
    found = session.scalars(select(Beneficiary).limit(1)).one()
    register.erase(found.id, people.clerk(), NAMES[0])
    assert client.get(f"/ledger/{paid.entry.entry_no}").text == before
    lists.look_again(session, found.on_list)
    assert (found.on_list.fine, found.on_list.total_fen) == (2, 200_000)
    proves(app)
