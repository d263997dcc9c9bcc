"""The pages of the indicator: the public one says what is known and what is not, the desk keeps the history."""

from sqlalchemy import select

from portal.config import Settings
from portal.db import db, writing
from portal.indicators.bundled import load_indicators
from portal.indicators.models import OutsideGiving, ResidentPopulation
from portal.registry.geography import load_district
from portal.staff.models import StaffMember
from tests import factories
from tests.people import LogIn


def _load() -> None:
    with writing() as session:
        load_district(session, Settings().district_dir)
        load_indicators(session, Settings().district_dir)


def test_the_public_page_shows_path_gap_and_sources(
    app_context: None, log_in: LogIn, clerk: StaffMember
) -> None:
    _load()
    page = log_in(clerk).get("/indicators")
    assert page.status_code == 200
    for words in (
        "70.00",
        "规划写明",
        "两年之间推算",
        "没有人口数，不推算",
        "1,819,037",
        "第七次全国人口普查",
        "款物合计口径",
    ):
        assert words in page.text
    assert 'data-chart="line"' in page.text


def test_the_public_page_stands_without_any_data(
    app_context: None, log_in: LogIn, clerk: StaffMember
) -> None:
    assert log_in(clerk).get("/indicators").status_code == 200


def test_staff_enter_and_withdraw_a_population(app_context: None, log_in: LogIn, clerk: StaffMember) -> None:
    _load()
    client = log_in(clerk)
    assert client.get("/desk/indicators/population").status_code == 200
    facts = {
        "year": "2024",
        "population": "1,760,000",
        "kind": "year_end",
        "as_of": "2024-12-31",
        "source": "统计公报",
    }
    assert client.post("/desk/indicators/population", data=facts).status_code == 302
    assert "1,760,000" in client.get("/desk/indicators").text
    row = db.session.execute(select(ResidentPopulation).filter_by(year=2024)).scalar_one()
    done = client.post("/desk/indicators/population/withdraw", data={"row_id": row.id, "reason": "抄错"})
    assert done.status_code == 302
    assert "抄错" in client.get("/desk/indicators").text


def test_a_refused_figure_keeps_what_was_typed(app_context: None, log_in: LogIn, clerk: StaffMember) -> None:
    client = log_in(clerk)
    wrong = {
        "year": "二〇二四",
        "population": "176万",
        "kind": "year_end",
        "as_of": "2024-12-31",
        "source": "公报",
    }
    answer = client.post("/desk/indicators/population", data=wrong)
    assert answer.status_code == 422 and 'value="176万"' in answer.text
    answer = client.post("/desk/indicators/population", data={**wrong, "year": "2024", "source": ""})
    assert answer.status_code == 422 and "必须填写" in answer.text
    answer = client.post("/desk/indicators/population", data={**wrong, "year": "2024", "kind": "guess"})
    assert answer.status_code == 422
    assert factories.count(db.session, ResidentPopulation) == 0


def test_outside_giving_is_typed_in_yuan(app_context: None, log_in: LogIn, clerk: StaffMember) -> None:
    client = log_in(clerk)
    assert client.get("/desk/indicators/outside").status_code == 200
    facts = {"year": "2024", "amount": "１，２３４．５６", "scope": "区红十字会", "source": "年报"}
    assert client.post("/desk/indicators/outside", data={**facts, "amount": "1e3"}).status_code == 422
    assert client.post("/desk/indicators/outside", data=facts).status_code == 302
    assert db.session.execute(select(OutsideGiving)).scalar_one().amount_fen == 123_456
    assert "区红十字会" in client.get("/desk/indicators").text
