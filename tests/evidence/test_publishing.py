"""Publication takes two people, stands in the log, can be taken down at once, and a swapped file is found out."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.evidence import listing, publishing, redacting
from portal.evidence.models import Evidence
from portal.evidence.redacting import RedactionDetails
from portal.files import storage
from portal.refusals import Conflict, Forbidden, Invalid
from portal.registry.models import Fund
from portal.spending.models import Disbursement
from portal.staff.documents import DocumentState
from portal.staff.models import Role
from portal.translog import publishing as log
from portal.translog.beginning import signer_of
from portal.translog.verification import verify_log
from portal.watch.recomputing import recompute
from tests import factories, gifts, people
from tests.evidence import pieces


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000)
    return made


@pytest.fixture
def payout(fund: Fund) -> Disbursement:
    """A payout in the ledger."""
    return gifts.posted_payout(fund, 60_000)


def differences(app: Flask) -> list[str]:
    db.session.rollback()
    report = recompute(db.session(), signer_of(app.config["PORTAL_SETTINGS"]))
    return [one.kind for one in report.differences]


def name_of(piece: Evidence) -> str:
    assert piece.redaction is not None
    return piece.redaction.sha256


def test_nothing_is_served_before_it_is_published(payout: Disbursement, client: FlaskClient) -> None:
    piece = pieces.redacted(payout)
    assert piece.redaction is not None
    names = (piece.sha256, piece.redaction.sha256, piece.redaction.thumbnail_sha256)
    unknown = client.get(f"/evidence/{'0' * 64}")
    for name in names:
        answer = client.get(f"/evidence/{name}")
        # Nothing but the address that was asked for tells the two answers apart.
        asked, never = (
            data.replace(one.encode(), b"") for data, one in ((answer.data, name), (unknown.data, "0" * 64))
        )
        assert answer.status_code == 404 and asked == never
    assert listing.published_of(db.session(), "disbursement", [payout.id]) == {}


def test_a_published_file_is_served_for_good_and_says_nothing_of_its_source(
    payout: Disbursement, client: FlaskClient
) -> None:
    piece = pieces.published(payout)
    answer = client.get(f"/evidence/{name_of(piece)}")
    assert answer.status_code == 200 and hashlib.sha256(answer.data).hexdigest() == name_of(piece)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers and answer.headers["Content-Security-Policy"].startswith(
        "sandbox"
    )
    assert answer.headers["Content-Disposition"] == f'inline; filename="evidence-{name_of(piece)[:12]}.jpg"'
    assert client.get(f"/evidence/{piece.sha256}").status_code == 404
    [shown] = listing.published_of(db.session(), "disbursement", [payout.id])[payout.id]
    assert client.get(f"/evidence/{shown.thumbnail_sha256}").status_code == 200


def test_the_leaf_holds_the_hash_the_number_and_nothing_else(
    payout: Disbursement, client: FlaskClient
) -> None:
    piece = pieces.published(payout)
    leaf = json.loads(client.get("/log/entries.jsonl").data.splitlines()[-1])
    assert leaf.keys() == {"v", "seq", "kind", "date", "subject", "document", "evidence", "sha256"}
    assert (leaf["kind"], leaf["document"], leaf["sha256"]) == (
        "evidence",
        payout.disbursement_no,
        name_of(piece),
    )


def test_who_handed_in_or_blacked_out_never_publishes(payout: Disbursement) -> None:
    piece = pieces.redacted(payout)
    with writing():
        person = people.member("reviewer.two", Role.REVIEWER)
    for hand in (people.clerk(), people.member("second.clerk", Role.FEDERATION_CLERK)):
        with pytest.raises(Forbidden):
            publishing.publish(piece.id, hand, piece.version)
    # Whoever has become a reviewer since keeps their hand in it: the first redactor as well as the last.
    again = redacting.redact(piece.id, RedactionDetails("1 0 0 30 30"), person, piece.version)
    last = redacting.redact(again.id, RedactionDetails("1 0 0 31 30"), people.clerk(), again.version)
    with pytest.raises(Forbidden, match="两个人"):
        publishing.publish(last.id, person, last.version)
    assert publishing.publish(last.id, people.reviewer(), last.version).state is DocumentState.POSTED


def test_the_database_refuses_a_publisher_with_a_hand_in_it(payout: Disbursement) -> None:
    piece = pieces.published(payout)
    with pytest.raises(IntegrityError), writing() as writer:
        writer.execute(
            text("UPDATE evidence SET published_by_id = maker_id WHERE id = :id"), {"id": piece.id}
        )


def test_what_was_published_is_the_version_that_was_shown(payout: Disbursement) -> None:
    piece = pieces.redacted(payout)
    redacting.redact(piece.id, RedactionDetails("1 0 0 30 30"), people.clerk(), piece.version)
    with pytest.raises(Conflict):
        publishing.publish(piece.id, people.reviewer(), piece.version - 1)


def test_a_version_sent_back_keeps_its_boxes_and_says_why(payout: Disbursement) -> None:
    piece = pieces.redacted(payout)
    with pytest.raises(Invalid):
        publishing.send_back(piece.id, people.reviewer(), piece.version, " ")
    back = publishing.send_back(piece.id, people.reviewer(), piece.version, "右边的脸没有遮")
    assert back.state is DocumentState.RETURNED
    assert redacting.suggestions(back) == [(1, 0, 0, 2500, 10_000)]


def test_evidence_of_a_payout_that_is_not_public_waits_for_it(fund: Fund) -> None:
    piece = pieces.redacted(gifts.payout(fund, 1_000))
    with pytest.raises(Conflict, match="还没有公开"):
        publishing.publish(piece.id, people.reviewer(), piece.version)


def test_withdrawing_takes_it_from_view_at_once_and_the_page_says_so(
    payout: Disbursement, client: FlaskClient, app: Flask
) -> None:
    piece = pieces.published(payout)
    assert payout.entry is not None
    page = f"/ledger/{payout.entry.entry_no}"
    assert f"/evidence/{name_of(piece)}" in client.get(page).text
    with pytest.raises(Invalid):
        publishing.withdraw(piece.id, people.clerk(), "")
    publishing.withdraw(piece.id, people.clerk(), "右下角有孩子的脸")
    assert client.get(f"/evidence/{name_of(piece)}").status_code == 404
    shown = client.get(page).text
    assert "已撤下" in shown and "孩子" not in shown and name_of(piece) not in shown
    assert name_of(piece) in client.get("/log/entries.jsonl").text
    assert differences(app) == []


def test_erasing_takes_another_person_deletes_the_files_and_keeps_the_proof(
    payout: Disbursement, client: FlaskClient, app: Flask
) -> None:
    piece = pieces.published(payout)
    with pytest.raises(Conflict):
        publishing.erase(piece.id, people.reviewer())
    publishing.withdraw(piece.id, people.clerk(), "家长要求")
    with pytest.raises(Forbidden, match="两个人"):
        publishing.erase(piece.id, people.clerk())
    publishing.erase(piece.id, people.reviewer())
    assert piece.redaction is not None
    for name in (piece.sha256, piece.redaction.sha256, piece.redaction.thumbnail_sha256):
        assert storage.kept("evidence", name) is None
    leaf = json.loads(client.get("/log/entries.jsonl").data.splitlines()[-1])
    assert (leaf["kind"], leaf["of"]) == ("erasure", piece.leaf_index)
    assert differences(app) == []


def test_a_file_that_another_payout_needs_is_not_deleted(fund: Fund, payout: Disbursement) -> None:
    piece, other = pieces.published(payout), pieces.kept(gifts.posted_payout(fund, 1_000))
    publishing.withdraw(piece.id, people.clerk(), "家长要求")
    publishing.erase(piece.id, people.reviewer())
    assert storage.kept("evidence", other.sha256) is not None
    assert storage.kept("evidence", name_of(piece)) is None


def test_a_swapped_published_file_is_found_out_and_not_served(
    payout: Disbursement, client: FlaskClient, app: Flask
) -> None:
    piece = pieces.published(payout)
    assert differences(app) == []
    path = storage.path_of("evidence", name_of(piece))
    assert path is not None
    path.write_bytes(path.read_bytes() + b"!")
    assert differences(app) == ["evidence_file"]
    assert client.get(f"/evidence/{name_of(piece)}").status_code == 503
    path.unlink()
    assert differences(app) == ["evidence_file"]


def test_a_row_that_names_another_file_than_its_leaf_is_found_out(payout: Disbursement, app: Flask) -> None:
    piece = pieces.published(payout)
    with writing() as writer:
        writer.execute(
            text("UPDATE evidence SET subject_no = 'P-2020-000001' WHERE id = :id"), {"id": piece.id}
        )
    assert differences(app) == ["evidence"]


def test_the_verifier_for_everybody_knows_the_leaf_and_the_file(
    payout: Disbursement, client: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    name, number = name_of(pieces.published(payout)), payout.disbursement_no
    log.publish(signer_of(app.config["PORTAL_SETTINGS"]))
    assert list(verify_log(db.session(), ())) == []
    for target, address in {
        "verify.py": "/log/verify.py",
        "key": "/log/key",
        "head": "/checkpoint",
        "list": "/log/entries.jsonl",
        "file": f"/evidence/{name}",
    }.items():
        (tmp_path / target).write_bytes(client.get(address).data)

    def checked() -> subprocess.CompletedProcess[str]:
        names = (str(tmp_path / name) for name in ("verify.py", "key", "head", "list"))
        words = [sys.executable, *names, "--file", str(tmp_path / "file")]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    fine = checked()
    assert fine.returncode == 0 and number in fine.stdout
    (tmp_path / "file").write_bytes((tmp_path / "file").read_bytes() + b"!")
    swapped = checked()
    assert swapped.returncode == 1 and "FILE" in swapped.stdout
