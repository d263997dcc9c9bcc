"""Acknowledgement and certificate: who gets one, what it says, what it never looks like."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving.items import ItemDetails
from portal.giving.models import Donation
from portal.ledger.models import Form
from portal.receipts import service
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.reports.papers import Publisher, set_acknowledgements, set_certificate
from portal.reports.sheet import Printed
from tests import factories, gifts, people
from tests.people import LogIn

RARE = "𠮷䶮𬭎堃"
SITE = Publisher("海珠区慈善阳光账本", "https://example.org")


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def given(fund: Fund) -> Donation:
    return gifts.posted_gift(fund, 100_008, donor_name=RARE, payer_name="海珠小学", remark="金丝雀备注")


def text_of(document: Printed, folder: Path) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(document.content)
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_only_a_gift_in_the_ledger_gets_papers(fund: Fund) -> None:
    waiting = gifts.gift(fund)
    for give_out in (service.acknowledge, service.certify):
        with pytest.raises(Conflict):
            give_out(waiting.id, people.clerk())


def test_a_reprint_keeps_number_and_code_and_says_so(given: Donation) -> None:
    first = service.acknowledge(given.id, people.clerk())
    again = service.acknowledge(given.id, people.clerk())
    assert given.entry is not None and first.number == given.entry.receipt_no
    assert (again.number, again.lookup_code, again.copy) == (first.number, first.lookup_code, 2)


def test_a_void_number_stays_in_the_register_and_is_printed_no_more(given: Donation) -> None:
    with pytest.raises(Conflict):
        service.void(given.id, people.clerk(), "写错了")
    service.acknowledge(given.id, people.clerk())
    with pytest.raises(Invalid):
        service.void(given.id, people.clerk(), " ")
    service.void(given.id, people.clerk(), "打印卡纸")
    with pytest.raises(Conflict, match="打印卡纸"):
        service.acknowledge(given.id, people.clerk())
    db.session.rollback()
    [found] = service.register(db.session(), people.clerk(), only_void=True)
    assert found.donation_id == given.id


def test_a_reversed_gift_takes_its_papers_with_it(given: Donation) -> None:
    service.acknowledge(given.id, people.clerk())
    assert given.entry is not None
    gifts.reversed_entry(given.entry)
    for give_out in (service.acknowledge, service.certify):
        with pytest.raises(Conflict):
            give_out(given.id, people.clerk())
    session = db.session()
    [found] = service.register(session, people.clerk(), only_void=True)
    assert service.reversed_among(session, [found]) == {found.id}


def test_certificates_are_numbered_without_a_gap_in_each_organisation(fund: Fund) -> None:
    numbers = [service.certify(gifts.posted_gift(fund).id, people.clerk()).number for _ in range(3)]
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
    with writing() as writer:
        other = factories.fund(writer)
    assert service.certify(gifts.posted_gift(other).id, people.clerk()).number.endswith("000001")


@pytest.mark.one_engine
def test_the_acknowledgement_says_what_the_law_asks_for(given: Donation, tmp_path: Path) -> None:
    facts = service.acknowledge(given.id, people.clerk())
    words = text_of(set_acknowledgements([facts], SITE), tmp_path)
    wanted = [
        RARE,
        "海珠小学",
        facts.number,
        facts.lookup_code,
        "1,000.08",
        "人民币壹仟元零捌分",
        facts.organisation,
    ]
    for one in [*wanted, facts.handler, given.received_on.isoformat()]:
        assert one in words, one
    assert "金丝雀备注" not in words
    for look_alike in ("票据代码", "票据号码", "校验码", "监制章"):
        assert look_alike not in words
    assert "不能用于税前扣除" in words.replace("\n", "").replace(" ", "")


@pytest.mark.one_engine
def test_goods_without_a_value_are_confirmed_by_name_and_quantity(fund: Fund, tmp_path: Path) -> None:
    clothes = ItemDetails("旧衣服", 35_500, "公斤")
    given = gifts.in_kind(fund, Form.GOODS, clothes, donor_name="黄大姐")
    words = text_of(set_acknowledgements([service.acknowledge(given.id, people.clerk())], SITE), tmp_path)
    assert "旧衣服" in words and "35.5 公斤" in words and "没有计价" in words and "人民币" not in words


@pytest.mark.one_engine
def test_the_certificate_is_no_tax_document_and_names_no_anonymous_donor(fund: Fund, tmp_path: Path) -> None:
    given = gifts.posted_gift(fund, 500_000, donor_name="不愿留名的人", anonymous=True)
    words = text_of(set_certificate(service.certify(given.id, people.clerk()), SITE), tmp_path)
    assert "本证书不作为税前扣除凭证" in words and "爱心人士" in words and "不愿留名" not in words


@pytest.mark.one_engine
def test_the_same_facts_give_the_same_bytes(given: Donation) -> None:
    facts = service.acknowledge(given.id, people.clerk())
    assert set_acknowledgements([facts], SITE).content == set_acknowledgements([facts], SITE).content


@pytest.mark.one_engine
def test_many_are_set_in_one_file_and_progress_is_heard(given: Donation) -> None:
    heard: list[int] = []
    facts = service.acknowledge(given.id, people.clerk())
    assert set_acknowledgements([facts] * 45, SITE, heard.append).pages == 45
    assert heard == [20, 40]


@pytest.mark.one_engine
def test_the_desk_prints_and_voids(given: Donation, log_in: LogIn) -> None:
    desk = log_in(people.clerk())
    printed = desk.post(f"/desk/donations/{given.id}/acknowledgement")
    assert printed.mimetype == "application/pdf" and RARE not in str(printed.headers)
    assert desk.post(f"/desk/donations/{given.id}/certificate").mimetype == "application/pdf"
    page = desk.get(f"/desk/donations/{given.id}").text
    assert "补打回执" in page
    desk.post(f"/desk/donations/{given.id}/acknowledgement/void", data={"reason": "写错了"})
    assert "写错了" in desk.get("/desk/acknowledgements?void=1").text
