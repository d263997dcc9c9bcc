"""The picture of a bill, to send in a chat."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.registry.models import Fund
from portal.reports.bill_card import WIDTH, draw_card
from tests import factories, gifts, people

LAST = Month.of(today()).plus(-1)
ADDRESS = "https://example.org/bills/2026-05-HZ0001"


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a long name, a rare character in it, and a gift and a payout last month."""
    with writing() as writer:
        made = factories.fund(writer, name="海珠区困境儿童𠮷祥助学与长者关怀以及邻里互助联合社区慈善专项基金")
    gifts.posted_gift(made, 1_234_567_89, LAST.first)
    gifts.posted_payout(made, 30_000, LAST.last)
    return made


def picture(fund: Fund) -> bytes:
    figures = bills.bill_figures(db.session(), f"{LAST}-{fund.code}", row_limit=0)
    return draw_card(figures, ADDRESS, district="海珠区", demonstration=True)


def test_a_picture_is_1080_wide_higher_than_wide_and_small_enough_for_a_chat(fund: Fund) -> None:
    drawn = picture(fund)
    image = Image.open(BytesIO(drawn))
    assert (image.format, image.width) == ("PNG", WIDTH)
    assert image.height > image.width
    assert len(drawn) < 300_000


def test_the_same_bill_gives_the_same_picture_and_a_published_one_another(fund: Fund) -> None:
    before = picture(fund)
    assert picture(fund) == before
    bills.publish(fund.code, LAST, "", people.clerk())
    db.session.rollback()
    assert picture(fund) != before


def test_the_page_of_a_bill_names_its_picture_and_the_picture_is_kept(
    client: FlaskClient, fund: Fund
) -> None:
    page = client.get(f"/bills/{LAST}-{fund.code}").text
    assert f'property="og:image" content="http://127.0.0.1:8000/bills/{LAST}-{fund.code}.png"' in page
    first = client.get(f"/bills/{LAST}-{fund.code}.png")
    assert (first.status_code, first.mimetype) == (200, "image/png")
    assert "Set-Cookie" not in first.headers
    again = client.get(f"/bills/{LAST}-{fund.code}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/bills/2026-01-NOSUCH.png").status_code == 404
