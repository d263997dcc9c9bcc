"""A donor's name leaves the house only with consent: not on any page, in any file, head, proof or log line."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.api.openapi import DESCRIPTION
from portal.config import Settings
from portal.db import db, writing
from portal.disclosure import bills
from portal.giving import consent
from portal.giving.models import Donation
from portal.imports.erasing import erase_donor
from portal.ledger.models import Channel
from portal.periods import Month, today
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.translog import publishing, reading
from portal.translog.beginning import signer_of
from portal.watch.recomputing import recompute
from tests import factories, gifts, goods, people
from tests.disclosure.test_pages import paths

pytestmark = pytest.mark.one_engine

NAME = "Zhao Canary 金丝雀"
REMARK = "请不要告诉我的邻居 13800001234"
REFERENCE = "6222-CANARY-0001"
PHONE = "13811112222"


@pytest.fixture
def gift(session: Session) -> Donation:
    """A gift of a month ago whose donor did not agree to be named, and the published bill of that month."""
    with writing() as writer:
        fund = factories.fund(writer)
    given = gifts.posted_gift(
        fund,
        123_456,
        Month.of(today()).plus(-1).first,
        donor_name=NAME,
        donor_phone=PHONE,
        remark=REMARK,
        external_ref=REFERENCE,
        channel=Channel.BANK,
    )
    gifts.posted_gift(fund, 999, donor_name=NAME, remark=REMARK)
    cartons = goods.gift(fund, goods.line("口罩", 3), donor_name=NAME, remark=REMARK)
    goods.issue(fund, (goods.item("口罩"), 2), remark=REMARK)
    assert cartons.donor_id is not None
    bills.publish(fund.code, Month.of(today()).plus(-1), "", people.clerk())
    return given


def markers(words: str) -> set[bytes]:
    """The many coats in which words may slip out."""
    plain = words.encode()
    coats = {plain, words.upper().encode(), words.lower().encode(), quote(words).encode()}
    coats |= {base64.b64encode(plain).rstrip(b"="), plain.hex().encode(), plain.hex().upper().encode()}
    coats |= {json.dumps(words)[1:-1].encode(), hashlib.sha256(plain).hexdigest().encode()}
    return coats


def surfaces(client: FlaskClient, fund_code: str, tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that anybody can fetch, with its headers; PDFs by their text and their properties."""
    for path, _text in paths(client):
        answer = client.get(path)
        yield path, str(answer.headers).encode() + answer.data
    month = Month.of(today())
    numbers = [one["entry_no"] for one in client.get("/api/v1/ledger").json["entries"]]
    addresses = [path for path in DESCRIPTION["paths"] if "{" not in path]
    addresses += [f"/api/v1/ledger/{number}{rest}" for number in numbers for rest in ("", "/proof")]
    addresses += [f"/ledger/{number}.tlog-proof" for number in numbers]
    addresses += [f"/verify?q={number}" for number in numbers]
    addresses += [
        "/checkpoint",
        "/log/entries.jsonl",
        "/log/key",
        "/tile/0/000.p/5",
        "/sitemap.xml",
        "/nowhere",
    ]
    addresses += [f"/tile/entries/000.p/{reading.log_size(db.session())}", "/feed.atom"]
    # Half a name finds nothing: what it would find is the other half.
    for words in (NAME[:4], "金丝", "丝", "邻居", PHONE, REFERENCE, "jinsique", "jsq"):
        addresses += [
            f"/{place}q={quote(words)}"
            for place in ("search?", "search?kind=entry&", "search/suggest?", "ledger?", "api/v1/ledger?")
        ]
    for address in addresses:
        answer = client.get(address)
        # A search says again what was looked for, and nothing else of it.
        asked = next((one for one in (PHONE, REFERENCE) if f"q={quote(one)}" in address), "")
        yield address, str(answer.headers).encode() + answer.data.replace(asked.encode() or b"\x00", b"")
    for address in (
        f"/bills/{month.plus(-1)}-{fund_code}.pdf",
        f"/bills/{month}-{fund_code}.pdf",
        f"/reports/charity-day-{today().year}.pdf",
    ):
        answer = client.get(address)
        file = tmp_path / "document.pdf"
        file.write_bytes(answer.data)
        for tool in ("pdftotext", "pdfinfo"):
            words = [tool, str(file), *(["-"] if tool == "pdftotext" else [])]
            yield f"{address} ({tool})", subprocess.run(words, capture_output=True, check=True).stdout
        yield address, str(answer.headers).encode() + answer.data


def found(client: FlaskClient, fund: Fund, tmp_path: Path, *words: str) -> list[str]:
    """Where any of the words, in any coat, can be found."""
    wanted = {coat for one in words for coat in markers(one)}
    code = fund.code
    return [name for name, body in surfaces(client, code, tmp_path) if any(coat in body for coat in wanted)]


def test_without_consent_nothing_of_the_donor_is_anywhere(
    gift: Donation, client: FlaskClient, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert found(client, gift.fund, tmp_path, NAME, REMARK, REFERENCE, PHONE) == []
    logged = "".join(capfd.readouterr())
    assert not any(coat.decode() in logged for coat in markers(NAME) | markers(REMARK))


def test_the_sweep_would_see_a_name(gift: Donation, client: FlaskClient, tmp_path: Path) -> None:
    consent.give_consent(gift.id, people.clerk())
    places = found(client, gift.fund, tmp_path, NAME)
    assert f"/ledger/{gift.entry.entry_no}" in places
    assert any(place.endswith("(pdftotext)") for place in places)
    assert not [place for place in places if place.startswith(("/log", "/tile", "/checkpoint"))]


def test_the_search_finds_no_entry_by_what_is_private(gift: Donation, client: FlaskClient) -> None:
    for words in (NAME, "金丝雀", "丝", "Canary", "邻居", PHONE, REFERENCE):
        assert client.get("/api/v1/ledger", query_string={"q": words}).json["entries"] == [], words
    kept = db.session.scalars(text("SELECT terms FROM search_entry")).all()
    assert kept and not [terms for terms in kept if "金丝" in terms or "canary" in terms or "邻居" in terms]


def test_a_withdrawn_consent_hides_the_name_everywhere_and_every_proof_holds(
    gift: Donation, client: FlaskClient, tmp_path: Path, app: Flask
) -> None:
    consent.give_consent(gift.id, people.clerk())
    path = f"/ledger/{gift.entry.entry_no}"
    seen = client.get(path)
    consent.withdraw_consent(gift.id, people.clerk())
    again = client.get(path, headers={"If-None-Match": seen.headers["ETag"]})
    assert again.status_code == 200 and NAME not in again.text
    assert client.get("/api/v1/ledger?q=金丝雀").json["entries"] == []
    assert found(client, gift.fund, tmp_path, NAME) == []
    proves(app)


def test_an_erased_donor_is_gone_from_the_database_and_every_proof_holds(
    gift: Donation, client: FlaskClient, tmp_path: Path, app: Flask
) -> None:
    sealed = client.get(f"/api/v1/ledger/{gift.entry.entry_no}/proof").json["leaf"]
    erase_donor(gift.id, people.clerk(), gift.donation_no)
    kept = db.session.execute(text("SELECT * FROM donation WHERE id = :id"), {"id": gift.id}).one()
    assert not [value for value in kept if str(value) in (NAME, REMARK, REFERENCE, PHONE)]
    assert kept.donor_salt is None and kept.publish_name in (0, False)
    assert client.get(f"/api/v1/ledger/{gift.entry.entry_no}/proof").json["leaf"] == sealed
    assert json.loads(client.get("/log/entries.jsonl").text.splitlines()[-1])["kind"] == "erasure"
    proves(app)


def test_erasing_asks_for_the_number_and_happens_once(gift: Donation) -> None:
    with pytest.raises(Invalid):
        erase_donor(gift.id, people.clerk(), "D-2026-999999")
    erase_donor(gift.id, people.clerk(), gift.donation_no)
    with pytest.raises(Conflict):
        erase_donor(gift.id, people.clerk(), gift.donation_no)


def test_nobody_can_guess_a_donor_from_the_log(gift: Donation, client: FlaskClient) -> None:
    leaves = [json.loads(line) for line in client.get("/log/entries.jsonl").text.splitlines()]
    seals = [leaf["sealed"]["donor"] for leaf in leaves if "donor" in leaf.get("sealed", {})]
    assert len(seals) == 3 and len(set(seals)) == 3, "the same donor is sealed differently each time"
    part = json.dumps(gift.donor_part, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    guesses = {hashlib.sha256(one).hexdigest() for one in (part, NAME.encode())}
    assert not guesses & set(seals)
    assert len(gift.donor_salt or b"") == 32


def proves(app: Flask) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    signer = signer_of(settings)
    publishing.publish(signer)
    report = recompute(db.session(), signer)
    assert report.ok, report.differences
