"""The data package and the grants pass their judges, and each judge is shown to catch a fault."""

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.db import writing
from portal.registry.models import Fund
from portal.spending.models import DisbursementKind
from tests import factories, gifts
from tests.opendata.taking import LAST, saved, within
from tools.judges import installed, programs

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="session", autouse=True)
def _judges() -> None:
    installed.set_up("python")


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with everything an entry can point at."""
    with writing() as writer:
        made = factories.fund(writer)
        station = factories.station(writer, organisation_id=made.organisation_id)
        project = factories.project(writer, organisation_id=made.organisation_id)
        campaign = factories.campaign(writer, organisation_id=made.organisation_id)
    gifts.posted_gift(made, 50_000, within(LAST), station=station.code, campaign=campaign.code)
    gifts.posted_gift(made, 50_000, within(LAST), donor_name="=1+1", publish_name=True, project=project.code)
    gifts.posted_payout(made, 10_000, within(LAST, 6), beneficiary_count=12)
    gifts.posted_payout(
        made,
        20_000,
        within(LAST, 6),
        kind=DisbursementKind.GRANT,
        recipient="某学校",
        recipient_uscc=factories.uscc(7),
    )
    gifts.posted_payout(made, 500, within(LAST, 6), kind=DisbursementKind.MANAGEMENT, recipient="某物业")
    cancelled = gifts.posted_payout(made, 900, within(LAST, 6)).entry
    assert cancelled is not None
    gifts.reversed_entry(cancelled)
    return made


def test_the_package_is_valid_and_a_broken_one_is_not(session: Session, fund: Fund, tmp_path: Path) -> None:
    package = programs.unpacked(saved(tmp_path, LAST, "datapackage"), tmp_path / "package")
    assert programs.frictionless(package) == []
    described = json.loads(package.read_text())
    assert described["licenses"][0]["name"] == "CC-BY-4.0" and len(described["checkpoint"]["root"]) == 64
    file = package.parent / "entries.csv"
    good = file.read_bytes()
    file.write_bytes(good.replace(b"500.00", b"500.01"))
    assert "hash" in " ".join(programs.frictionless(package)), "what was changed after it was written"


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("entries.csv", "FUND", "NOFUND", "foreign"),
        ("entries.csv", ",donation,", ",bribe,", "enum"),
        ("entries.csv", ",50000,", ",much,", "integer"),
        ("postings.csv", ",410102,", ",9999,", "foreign"),
        ("funds.csv", "active", "activ", "enum"),
        ("accounts.csv", "1001,", ",", "required"),
    ],
)
def test_a_fault_in_a_table_is_caught_though_its_hash_fits(
    session: Session, fund: Fund, tmp_path: Path, name: str, old: str, new: str, kind: str
) -> None:
    package = programs.unpacked(saved(tmp_path, LAST, "datapackage"), tmp_path / "package")
    file = package.parent / name
    text = file.read_bytes().replace(old.replace("FUND", fund.code).encode(), new.encode())
    assert text != file.read_bytes()
    file.write_bytes(text)
    described = json.loads(package.read_text())
    (resource,) = [one for one in described["resources"] if one["path"] == name]
    resource |= {"bytes": len(text), "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    package.write_text(json.dumps(described))
    assert kind in " ".join(programs.frictionless(package))


def test_grants_are_payouts_that_stand(session: Session, fund: Fund, tmp_path: Path) -> None:
    path = saved(tmp_path, LAST, "360giving")
    assert programs.grants(path) == []
    given = json.loads(path.read_text())["grants"]
    assert [one["amountAwarded"] for one in given] == [100.0, 200.0]
    assert given[0]["recipientIndividual"]["name"] == "困难家庭学生"
    assert given[1]["recipientOrganization"] == [{"id": f"CN-USCI-{factories.uscc(7)}", "name": "某学校"}]
    assert given[0]["fundingOrganization"][0]["id"] == f"CN-USCI-{fund.organisation.uscc}"


@pytest.mark.parametrize(
    "fault",
    [
        {"currency": "yuan"},
        {"awardDate": "5 September"},
        {"amountAwarded": "100"},
        {"id": "E-1"},
        {"fundingOrganization": []},
        {"recipientOrganization": [{"id": "360G-x", "name": "both"}]},
        {"title": ""},
    ],
)
def test_a_grant_against_the_standard_is_caught(
    session: Session, fund: Fund, tmp_path: Path, fault: dict[str, object]
) -> None:
    path = saved(tmp_path, LAST, "360giving")
    document = json.loads(path.read_text())
    document["grants"][0] |= fault
    path.write_text(json.dumps(document))
    assert programs.grants(path)
