"""Checking as a citizen does, by number or by a kept proof, in plain words; and as tools do, by the log itself."""

import hashlib
import json
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.disclosure import bills
from portal.ledger.models import Entry
from portal.periods import Month, today
from portal.registry.models import Fund
from portal.translog import notes, tree
from portal.translog.checkpoints import Checkpoint
from portal.translog.keys import generate
from portal.translog.notes import COSIGNATURE, Note, VerifierKey
from portal.translog.proofs import Proof
from tests import factories, gifts, people
from tests.tampering import behind_the_back

pytestmark = pytest.mark.one_engine

WITNESS = generate("auditor.example", COSIGNATURE)


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with two gifts."""
    with writing() as writer:
        fund = factories.fund(writer)
    for amount in (123_456, 500):
        gifts.posted_gift(fund, amount)
    return fund


@pytest.fixture
def entry(fund: Fund) -> Entry:
    """The first of its gifts in the ledger."""
    return db.session.query(Entry).order_by(Entry.id).first()


def key_of(client: FlaskClient) -> VerifierKey:
    return VerifierKey.parse(client.get("/log/key").text)


def head_of(client: FlaskClient) -> tuple[Note, Checkpoint]:
    note = notes.parse(client.get("/checkpoint").text)
    notes.verify(note, [key_of(client)])
    return note, Checkpoint.parse(note)


def test_the_lines_are_the_leaves_and_lead_to_the_signed_root(client: FlaskClient, fund: Fund) -> None:
    _note, head = head_of(client)
    lines = client.get("/log/entries.jsonl").data.split(b"\n")[:-1]
    edge = tree.Frontier.empty()
    edge.extend(hashlib.sha256(b"\0" + line).digest() for line in lines)
    assert (edge.size, edge.root()) == (head.size, head.root)
    assert client.get("/log/entries.jsonl?from=2").data.split(b"\n")[:-1] == lines[2:]


def test_tiles_hold_the_same_hashes_and_lines(client: FlaskClient, fund: Fund) -> None:
    _note, head = head_of(client)
    lines = client.get("/log/entries.jsonl").data.split(b"\n")[:-1]
    hashes = client.get(f"/tile/0/000.p/{head.size}").data
    assert hashes == b"".join(hashlib.sha256(b"\0" + line).digest() for line in lines)
    bundle = client.get(f"/tile/entries/000.p/{head.size}").data
    assert bundle == b"".join(len(line).to_bytes(2, "big") + line for line in lines)
    for absent in ("0/000", "0/001", "1/000.p/1", "0/000.p/9", "x/000", "0/0000", "9/000"):
        assert client.get(f"/tile/{absent}").status_code == 404


def test_the_proof_of_an_entry_fits_the_signed_head(client: FlaskClient, entry: Entry) -> None:
    answer = client.get(f"/api/v1/ledger/{entry.entry_no}/proof").json
    assert list(answer) == ["leaf", "index", "tree_size", "hashes", "checkpoint"]
    kept = Proof.parse(client.get(f"/ledger/{entry.entry_no}.tlog-proof").text)
    assert kept.verify([key_of(client)])
    assert (kept.leaf.decode(), kept.index) == (answer["leaf"], answer["index"])
    assert json.loads(answer["leaf"])["fen"] == 123_456


def test_a_number_is_checked_in_plain_words(client: FlaskClient, entry: Entry) -> None:
    for number in (entry.entry_no, entry.entry_no.lower(), entry.receipt_no):
        page = client.get("/verify", query_string={"q": f" {number} "}).text
        assert "核对无误" in page and "1,234.56" in page and "不能证明" in page


def test_a_kept_proof_is_checked_later(client: FlaskClient, entry: Entry, fund: Fund) -> None:
    kept = client.get(f"/ledger/{entry.entry_no}.tlog-proof").text
    as_json = client.get(f"/api/v1/ledger/{entry.entry_no}/proof").text
    gifts.posted_gift(fund, 9)
    for proof in (kept, kept.replace("\n", "\r\n"), as_json):
        page = client.get("/verify", query_string={"q": proof}).text
        assert "核对无误" in page and "没有人改过" in page


def test_a_checkpoint_from_a_paper_is_checked(client: FlaskClient, entry: Entry, fund: Fund) -> None:
    kept = client.get("/checkpoint").text
    gifts.posted_gift(fund, 9)
    for text in (kept, kept.strip().replace("\n", "\r\n")):
        page = client.get("/verify", query_string={"q": text}).text
        assert "核对无误" in page and "没有人改过" in page
    forged = kept.replace("\n4\n", "\n3\n")
    assert forged != kept and "核对无误" not in client.get("/verify", query_string={"q": forged}).text


def test_a_proof_that_was_touched_does_not_fit(client: FlaskClient, entry: Entry) -> None:
    answer = client.get(f"/api/v1/ledger/{entry.entry_no}/proof").json
    answer["leaf"] = answer["leaf"].replace("123456", "923456")
    page = client.get("/verify", query_string={"q": json.dumps(answer)}).text
    assert "对不上" in page and "核对无误" not in page


def test_a_kept_proof_shows_that_old_books_were_rewritten(client: FlaskClient, entry: Entry) -> None:
    kept = client.get(f"/ledger/{entry.entry_no}.tlog-proof").text
    behind_the_back('UPDATE log_leaf SET hash = zeroblob(32) WHERE "index" = 2')
    page = client.get("/verify", query_string={"q": kept}).text
    assert "旧账被改过" in page and "核对无误" not in page


@pytest.mark.parametrize(
    "typed", ["E-2026-999999", "c2sp.org/tlog-proof@v1\nnonsense", "{}", "{" * 900, "'\"<b>"]
)
def test_what_cannot_be_checked_is_said(client: FlaskClient, entry: Entry, typed: str) -> None:
    answer = client.get("/verify", query_string={"q": typed})
    assert answer.status_code == 200 and "没有核对成" in answer.text


def test_the_head_stands_at_the_foot_of_every_page_and_in_the_feed(client: FlaskClient, entry: Entry) -> None:
    _note, head = head_of(client)
    root = head.root.hex()[:16]
    assert root in client.get("/").text and root in client.get(f"/ledger/{entry.entry_no}").text
    feed = ElementTree.fromstring(client.get("/feed.atom").data)  # noqa: S314 - our own
    name = "{http://www.w3.org/2005/Atom}"
    assert client.get("/checkpoint").text in [one.text for one in feed.iter(f"{name}content")]


def test_a_published_bill_has_its_hash_in_the_log(client: FlaskClient, fund: Fund) -> None:
    month = Month.of(today()).plus(-1)
    number = bills.publish(fund.code, month, "", people.clerk()).bill_no
    file = client.get(f"/bills/{number}.json").data
    leaf = json.loads(client.get("/log/entries.jsonl").text.splitlines()[-1])
    assert (leaf["kind"], leaf["no"], leaf["sha256"]) == ("report", number, hashlib.sha256(file).hexdigest())


def test_a_known_witness_signs_under_the_head(app: Flask, client: FlaskClient, fund: Fund) -> None:
    note, head = head_of(client)
    signed = note.with_signatures([WITNESS.cosign(note.text, 1_790_000_000)]).render()
    assert client.post("/log/cosignatures", data=signed).status_code == 403
    settings: Settings = app.config["PORTAL_SETTINGS"]
    app.config["PORTAL_SETTINGS"] = settings.model_copy(update={"witnesses": WITNESS.verifier.line()})
    assert client.post("/log/cosignatures", data=signed).text == "auditor.example\n"
    shown, _head = head_of(client)
    assert notes.verify(shown, [WITNESS.verifier])
    assert "1 位见证人" in client.get("/").text
    other = note.text.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n")
    forged = Note(other, (WITNESS.cosign(other, 1_790_000_000),)).render()
    assert client.post("/log/cosignatures", data=forged).status_code == 422


def test_the_verifier_is_handed_out_as_it_is(client: FlaskClient, app_context: None) -> None:
    program = client.get("/log/verify.py")
    assert program.status_code == 200 and b"hashlib" in program.data
    compile(program.data, "verify.py", "exec")
