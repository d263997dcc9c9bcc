"""What is blacked out is gone: from the pixels, and from the text of a PDF, which has none any more."""

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from portal.db import writing
from portal.evidence import redacting
from portal.evidence.boxes import read_boxes, write_boxes
from portal.evidence.redacting import RedactionDetails, redacted_content_of
from portal.refusals import Conflict, Invalid
from portal.spending.models import Disbursement
from portal.staff.documents import DocumentState
from tests import factories, gifts, people
from tests.evidence import papers, pieces


@pytest.fixture
def payout(session: Session) -> Disbursement:
    """A payout in the ledger."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 100_000)
    return gifts.posted_payout(fund, 60_000)


def test_under_a_box_every_point_is_black_and_nothing_blue_is_left(payout: Disbursement) -> None:
    piece = pieces.redacted(payout)
    assert piece.state is DocumentState.PENDING
    content = redacted_content_of(piece)
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif() and picture.size == (600, 400)
        hidden = picture.convert("RGB").crop((0, 0, 142, 400))
        assert max(high for _low, high in hidden.getextrema()) < 20
    assert papers.colour_at(content, 500, 200)[0] > 150
    assert papers.traces(content) == []


def test_a_published_pdf_is_pictures_without_text_script_author_or_attachment(payout: Disbursement) -> None:
    piece = pieces.redacted(payout, papers.pdf(), "1 0 10 100 15")
    content = redacted_content_of(piece)
    assert papers.traces(content) == [] and b"/Info" not in content
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 2
    assert [page.get_textpage().count_chars() for page in document] == [0, 0]
    with pikepdf.open(io.BytesIO(content)) as opened:
        everything = b"".join(one.unparse(resolved=True) for one in opened.objects)
        assert b"/Font" not in everything and b"JavaScript" not in everything
    first, second = (page.render(scale=1).to_pil().convert("L").crop((40, 85, 360, 105)) for page in document)
    assert first.getextrema()[1] < 20
    # The same line on the second page, where no box lies, can still be read.
    assert second.getextrema() == (0, 255) or second.getextrema()[1] > 200


def test_a_pdf_of_one_page_becomes_a_picture(payout: Disbursement) -> None:
    redaction = pieces.redacted(payout, papers.pdf(1)).redaction
    assert redaction is not None and redaction.media_type == "image/jpeg"


def test_numbers_in_the_text_of_a_pdf_are_suggested_where_they_stand(payout: Disbursement) -> None:
    piece = pieces.kept(payout, papers.pdf())
    boxes = redacting.suggestions(piece)
    assert [box[0] for box in boxes] == [1, 2]
    redacted = redacting.redact(piece.id, RedactionDetails(write_boxes(boxes)), people.clerk(), piece.version)
    first = pypdfium2.PdfDocument(redacted_content_of(redacted))[0].render(scale=1).to_pil().convert("L")
    # "Account" before the number stays, the number does not.
    assert first.crop((140, 86, 320, 98)).getextrema()[1] < 20
    assert first.crop((50, 82, 120, 104)).getextrema()[1] > 200


def test_a_see_through_picture_hides_nothing_behind_its_transparency(payout: Disbursement) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (60, 40), (10, 20, 220, 0)).save(made, "PNG")
    content = redacted_content_of(pieces.redacted(payout, made.getvalue(), boxes=""))
    assert min(papers.colour_at(content, 30, 20)) > 250


def test_without_a_box_somebody_has_to_say_that_none_is_needed(payout: Disbursement) -> None:
    piece = pieces.kept(payout)
    with pytest.raises(Invalid, match="还没有框"):
        redacting.redact(piece.id, RedactionDetails(" \n"), people.clerk(), piece.version)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1 2 3", "第 2 行看不懂"),
        ("1 a 3 4 5", "第 2 行看不懂"),
        ("1 nan 3 4 5", "第 2 行看不懂"),
        ("1 inf 3 4 5", "第 2 行看不懂"),
        ("3 1 1 1 1", "第 2 行的页码不对"),
        ("1 90 1 11 1", "第 2 行的框超出"),
        ("1 -1 1 11 1", "第 2 行的框超出"),
        ("1 1 1 0 1", "第 2 行的框超出"),
    ],
)
def test_a_box_that_cannot_be_is_named_by_its_line(session: Session, line: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_boxes(f"1 0 0 10 10\n{line}", pages=2)
    assert words in str(refused.value.errors["boxes"])


@pytest.mark.one_engine
def test_boxes_are_written_as_they_are_read(session: Session) -> None:
    boxes = read_boxes("1 0 0 33.33 100\n\n2，12.5%，7，1，0.01", pages=2)
    assert boxes == [(1, 0, 0, 3333, 10_000), (2, 1250, 700, 100, 1)]
    assert read_boxes(write_boxes(boxes), pages=2) == boxes


def test_what_somebody_else_blacked_out_meanwhile_is_not_overwritten(payout: Disbursement) -> None:
    piece = pieces.redacted(payout)
    with pytest.raises(Conflict):
        redacting.redact(piece.id, RedactionDetails("1 0 0 1 1"), people.clerk(), piece.version - 1)
