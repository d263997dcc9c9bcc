"""The counter: what is typed becomes a gift, what cannot be is said beside its field and changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import db, writing
from portal.giving.models import Donation
from portal.ledger.models import Entry
from portal.periods import today
from portal.registry.models import Fund, Station, Status
from portal.staff.models import StaffMember
from tests import factories, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine

Typed = dict[str, str]


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


@pytest.fixture
def counter(clerk: StaffMember, log_in: LogIn) -> FlaskClient:
    return log_in(clerk)


@pytest.fixture
def typed(fund: Fund) -> Callable[..., Typed]:
    def fill(**given: str) -> Typed:
        return {
            "amount": "1,234.56",
            "fund": fund.code,
            "received_on": today().isoformat(),
            "channel": "cash",
            "donor_kind": "person",
            "form": "money",
            "idempotency_key": "one-sheet",
            **given,
        }

    return fill


def count() -> int:
    db.session.rollback()
    return factories.count(db.session(), Donation)


def error_beside(page: str, field: str) -> str:
    found = re.search(rf'id="{field}-error">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def test_a_gift_is_logged_and_the_next_sheet_opens_ready(
    counter: FlaskClient, typed: Callable[..., Typed], fund: Fund
) -> None:
    done = counter.post("/desk/donations/new", data=typed())
    assert done.status_code == 302 and f"fund={fund.code}" in done.location
    gift = db.session.scalars(select(Donation)).one()
    assert (gift.amount_fen, gift.state.value) == (123_456, "pending")
    following = counter.get(done.location).text
    assert gift.donation_no in following and f'value="{fund.code}" selected' in re.sub(
        r"selected value=\"(\S+)\"", r'value="\1" selected', following
    )


def test_full_width_digits_are_read(counter: FlaskClient, typed: Callable[..., Typed]) -> None:
    assert counter.post("/desk/donations/new", data=typed(amount="１，２３４．５６")).status_code == 302
    assert db.session.scalars(select(Donation.amount_fen)).all() == [123_456]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1e3", "看不懂这个金额"),
        ("0.005", "最多两位小数"),
        ("-5", "不能是负数"),
        ("1,2,3", "看不懂这个金额"),
        ("1000000000000000", "金额太大"),
        ("0", "必须大于零"),
        ("", "请填写金额"),
        ("Infinity", "看不懂这个金额"),
        ("٣٤", "看不懂这个金额"),
    ],
)
def test_an_amount_that_is_none_is_refused_beside_its_field(
    counter: FlaskClient, typed: Callable[..., Typed], amount: str, words: str
) -> None:
    answer = counter.post("/desk/donations/new", data=typed(amount=amount, donor_name="陈𠮷祥"))
    assert answer.status_code == 422 and count() == 0
    assert words in error_beside(answer.text, "amount")
    assert f'value="{amount}"' in answer.text and "陈𠮷祥" in answer.text


def test_a_day_ahead_is_refused(counter: FlaskClient, typed: Callable[..., Typed]) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = counter.post("/desk/donations/new", data=typed(received_on=tomorrow))
    assert answer.status_code == 422 and count() == 0
    assert "不能晚于今天" in error_beside(answer.text, "received_on")


def test_a_closed_fund_takes_nothing(counter: FlaskClient, typed: Callable[..., Typed], fund: Fund) -> None:
    with writing() as session:
        session.get_one(Fund, fund.id).status = Status.CLOSED
    answer = counter.post("/desk/donations/new", data=typed())
    assert answer.status_code == 422 and count() == 0
    assert "不能再收支" in error_beside(answer.text, "fund")


def test_a_foreign_station_is_refused(typed: Callable[..., Typed], fund: Fund, log_in: LogIn) -> None:
    own, foreign = _stations(fund)
    answer = log_in(people.station_clerk(own)).post("/desk/donations/new", data=typed(station=foreign.code))
    assert answer.status_code == 422 and count() == 0
    assert "不在您的工作范围内" in error_beside(answer.text, "station")


def _stations(fund: Fund) -> tuple[Station, Station]:
    with writing() as session:
        own = factories.station(session, organisation_id=fund.organisation_id)
        return own, factories.station(session)


def test_a_double_click_logs_one_gift(counter: FlaskClient, typed: Callable[..., Typed]) -> None:
    for _ in range(2):
        assert counter.post("/desk/donations/new", data=typed()).status_code == 302
    assert count() == 1


def test_a_program_that_repeats_itself_logs_one_gift(
    counter: FlaskClient, typed: Callable[..., Typed]
) -> None:
    for number in range(2):
        sheet = typed(idempotency_key=f"another-sheet-{number}")
        answer = counter.post("/desk/donations/new", data=sheet, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 302
    assert count() == 1
    too_long = counter.post("/desk/donations/new", data=typed(), headers={"Idempotency-Key": "x" * 65})
    assert too_long.status_code == 400 and count() == 1


def test_the_same_sheet_with_other_content_is_refused(
    counter: FlaskClient, typed: Callable[..., Typed]
) -> None:
    counter.post("/desk/donations/new", data=typed())
    answer = counter.post("/desk/donations/new", data=typed(amount="99"))
    assert answer.status_code == 409 and count() == 1


def test_an_anonymous_gift_cannot_publish_a_name(counter: FlaskClient, typed: Callable[..., Typed]) -> None:
    answer = counter.post(
        "/desk/donations/new", data=typed(donor_name="陈某", anonymous="y", publish_name="y")
    )
    assert answer.status_code == 422 and error_beside(answer.text, "publish_name")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"channel": "barter"},
        {"donor_kind": ""},
        {"form": "goods"},
        {"received_on": "31 February"},
        {"fund": "' OR 1=1 --"},
        {"idempotency_key": "x" * 500},
        {"donor_name": "名" * 201},
    ],
)
def test_nonsense_is_refused_and_never_breaks_the_page(
    counter: FlaskClient, typed: Callable[..., Typed], nonsense: Typed
) -> None:
    assert counter.post("/desk/donations/new", data=typed(**nonsense)).status_code == 422
    assert count() == 0


def test_a_returned_gift_is_mended_and_goes_the_rest_of_the_way(
    counter: FlaskClient, typed: Callable[..., Typed], reviewer: StaffMember, log_in: LogIn
) -> None:
    counter.post("/desk/donations/new", data=typed())
    gift = db.session.scalars(select(Donation)).one()
    checker, where = log_in(reviewer), f"/desk/donations/{gift.id}"
    assert checker.post(f"{where}/return", data={"version": 1, "reason": ""}).status_code == 422
    assert checker.post(f"{where}/return", data={"version": 1, "reason": "金额与凭证不符"}).status_code == 302
    assert "金额与凭证不符" in counter.get(where).text
    stale = counter.post(f"{where}/edit", data=typed(amount="1,234.65", version="7"))
    assert stale.status_code == 409
    assert counter.post(f"{where}/edit", data=typed(amount="1,234.65", version="1")).status_code == 302
    assert checker.post(f"{where}/approve", data={"version": 1}).status_code == 409
    assert checker.post(f"{where}/approve", data={"version": 2}).status_code == 302
    assert db.session.scalars(select(Entry.amount_fen)).all() == [123_465]


def test_the_clerk_is_offered_no_approval_and_refused_one(
    counter: FlaskClient, typed: Callable[..., Typed]
) -> None:
    counter.post("/desk/donations/new", data=typed())
    gift = db.session.scalars(select(Donation)).one()
    assert "同意入账" not in counter.get(f"/desk/donations/{gift.id}").text
    assert counter.post(f"/desk/donations/{gift.id}/approve", data={"version": 1}).status_code == 403
    assert count() == 1 and factories.count(db.session(), Entry) == 0


def test_the_counter_keeps_the_running_total_of_the_day(
    counter: FlaskClient, typed: Callable[..., Typed]
) -> None:
    for key, amount, channel in (("a", "100", "cash"), ("b", "20.50", "cash"), ("c", "8", "wechat")):
        counter.post("/desk/donations/new", data=typed(amount=amount, channel=channel, idempotency_key=key))
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", counter.get("/desk/donations/new").text))
    assert re.search(r"现金 ¥ ?120.50 2 笔", page) and re.search(r"微信支付 ¥ ?8.00 1 笔", page)
