"""A thousand acknowledgements in one PDF, against as many empty pages set by the same library."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from bench.measuring import Measurement, scratch_portal, seconds
from portal.ledger.models import Form
from portal.receipts.facts import PaperFacts
from portal.reports.papers import Publisher, set_acknowledgements

COUNT = 1_000
SITE = Publisher("海珠区慈善阳光账本", "https://example.org")


def papers() -> list[PaperFacts]:
    """A thousand gifts of different people."""
    return [
        PaperFacts(
            number=f"ST-0001-2026-{number:06d}",
            receipt_no=f"ST-0001-2026-{number:06d}",
            donor=f"捐赠人{number}",
            payer="",
            organisation="广州市海珠区慈善会",
            uscc="51440105MJK000001W",
            fund="琶洲街道社区慈善基金",
            station="琶洲慈善捐赠站点",
            form=Form.MONEY,
            amount_fen=number * 137 + 1,
            lines=(),
            restriction="",
            received_on=date(2026, 9, 5),
            handler="陈经办",
            lookup_code=f"ABCDE{number:05d}",
        )
        for number in range(1, COUNT + 1)
    ]


def set_papers() -> None:
    """What is measured."""
    set_acknowledgements(papers(), SITE)


def set_floor() -> None:
    """As many pages with a line of text each."""
    canvas = Canvas(BytesIO(), pagesize=A5)
    for number in range(COUNT):
        canvas.drawString(72, 72, str(number))
        canvas.showPage()
    canvas.save()


def measurements() -> Iterator[Measurement]:
    """Seconds for a thousand papers."""
    with scratch_portal() as (app, _fund), app.test_request_context():
        yield Measurement("thousand acknowledgements", seconds(set_papers), "s", seconds(set_floor))
