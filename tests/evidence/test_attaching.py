"""Evidence is kept clean and private, once a subject, and what cannot be kept is named."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.evidence import attaching, publishing, subjects
from portal.evidence.attaching import EvidenceDetails, HandedIn, count_of
from portal.evidence.models import Evidence, EvidenceKind
from portal.evidence.redacting import content_of
from portal.refusals import Conflict, Invalid, NotFound
from portal.spending import service as spending
from portal.spending.models import Disbursement
from tests import factories, gifts, people
from tests.evidence import papers, pieces
from tests.people import LogIn


@pytest.fixture
def payout(session: Session) -> Disbursement:
    """A payout in the ledger."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 100_000)
    return gifts.posted_payout(fund, 60_000)


def test_several_files_are_kept_without_place_device_author_script_or_name(payout: Disbursement) -> None:
    assert papers.traces(papers.photo()) and papers.traces(papers.pdf())
    attached = pieces.attach(payout, papers.photo(turned=6), papers.pdf())
    picture, paper = attached.pieces
    assert papers.traces(content_of(picture)) == []
    # The text of the PDF stays in what staff keep; what is published holds no text at all.
    assert set(papers.traces(content_of(paper))) <= {papers.ACCOUNT}
    assert (paper.pages, paper.extension) == (2, "pdf")
    # Turned a quarter clockwise, the blue left quarter lies on top.
    assert papers.colour_at(content_of(picture), 200, 10)[2] > 150
    assert count_of(db.session(), "disbursement", payout.id) == 2


def test_the_same_file_twice_is_noticed(payout: Disbursement) -> None:
    pieces.attach(payout, papers.photo())
    again = pieces.attach(payout, papers.photo(), papers.photo((1, 200, 1)))
    assert again.known == [papers.FILE_NAME] and len(again.pieces) == 1
    assert count_of(db.session(), "disbursement", payout.id) == 2


def test_the_database_keeps_the_same_file_once(payout: Disbursement) -> None:
    piece = pieces.kept(payout)
    values = {column.name: getattr(piece, column.name) for column in Evidence.__table__.columns}
    with pytest.raises(IntegrityError), writing() as writer:
        writer.add(Evidence(**{**values, "id": None}))
        writer.flush()


def test_a_file_that_was_withdrawn_may_be_handed_in_again(payout: Disbursement) -> None:
    publishing.withdraw(pieces.kept(payout).id, people.clerk(), "种类选错了")
    assert count_of(db.session(), "disbursement", payout.id) == 0
    assert pieces.attach(payout, papers.photo()).known == []


def test_one_bad_file_is_named_and_nothing_is_kept(payout: Disbursement) -> None:
    with pytest.raises(Invalid) as refused:
        pieces.attach(payout, papers.photo(), b"MZ" + b"\0" * 99)
    words = str(refused.value.errors["files"])
    assert papers.FILE_NAME in words and "只能上传" in words
    assert count_of(db.session(), "disbursement", payout.id) == 0


def test_there_is_an_end_to_files_at_once_and_on_one_subject(
    payout: Disbursement, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid, match="一次最多"):
        pieces.attach(payout, *[b"x"] * (attaching.MOST_AT_ONCE + 1))
    monkeypatch.setattr(attaching, "MOST_PIECES", 1)
    with pytest.raises(Invalid, match="最多 1 份"):
        pieces.attach(payout, papers.photo(), papers.photo((1, 200, 1)))
    assert count_of(db.session(), "disbursement", payout.id) == 0


def test_a_payout_that_was_taken_back_takes_no_evidence(payout: Disbursement) -> None:
    waiting = gifts.payout(payout.fund, 500)
    spending.withdraw(waiting.id, people.clerk(), waiting.version)
    with pytest.raises(Conflict):
        pieces.attach(waiting, papers.photo())


@pytest.mark.one_engine
def test_a_dozen_photos_may_come_at_once_but_only_from_who_is_logged_in(
    payout: Disbursement, log_in: LogIn, client: FlaskClient
) -> None:
    address = f"/desk/evidence/of/disbursement/{payout.id}"

    def sent(browser: FlaskClient) -> int:
        # Nothing after a PDF's end is kept of it, so that one file is as large as wanted.
        files = [(io.BytesIO(papers.pdf(pages) + b"\n" * 11_000_000), f"{pages}.pdf") for pages in (1, 2)]
        return browser.post(address, data={"kind": "voucher", "files": files}).status_code

    assert sent(client) in (401, 413)
    assert sent(log_in(people.clerk())) == 302
    assert count_of(db.session(), "disbursement", payout.id) == 2


def test_only_things_that_somebody_vouches_for_have_evidence(session: Session) -> None:
    with pytest.raises(NotFound):
        subjects.kind_of("nonsense")
    details = EvidenceDetails(EvidenceKind.PHOTO, [HandedIn("a.jpg", b"")])
    with pytest.raises(Invalid, match="空的"):
        attaching.attach(("x", 1), subjects.Subject("X-1", 1), details, people.clerk())
