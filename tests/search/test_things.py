"""Things of the registry are found by name, half a name, pinyin, initials and code, as long as they are public."""

import pytest
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.registry.geography import load_district
from portal.registry.models import Organisation, Status, Street
from portal.search.checking import doubtful_search
from portal.search.finding import things_with
from portal.search.models import ThingKind
from portal.search.terms import ask_things
from portal.site.search import suggestions
from tests import factories, gifts, people


def names(kind: ThingKind, words: str) -> list[str]:
    """The names of the things of one kind that words find."""
    return [hit.name for hit in things_with(db.session(), kind, ask_things(words), words, 50)]


@pytest.fixture
def federation(session: Session) -> Organisation:
    """The charity federation, by name."""
    with writing() as writer:
        return factories.organisation(writer, name="海珠区慈善会", short_name="区慈善会")


@pytest.mark.parametrize(
    "words",
    [
        "海",
        "慈善会",
        "海珠区慈善会",
        "海珠區慈善會",
        "haizhu",
        "HaiZhu",
        "hz",
        "hzqcsh",
        "cishan",
        "csh",
        "海珠 csh",
    ],
)
def test_a_name_is_found_however_it_is_typed(federation: Organisation, words: str) -> None:
    assert names(ThingKind.ORGANISATION, words) == ["海珠区慈善会"]


@pytest.mark.parametrize("words", ["珠海", "会慈", "aizhu", "zhqcsh", "hzx"])
def test_reversed_or_broken_names_are_not(federation: Organisation, words: str) -> None:
    assert names(ThingKind.ORGANISATION, words) == []


def test_a_code_is_found_from_its_beginning(federation: Organisation) -> None:
    assert names(ThingKind.ORGANISATION, federation.uscc[:9].lower()) == ["海珠区慈善会"]


def test_the_same_name_comes_first_then_names_that_begin_so(session: Session) -> None:
    with writing() as writer:
        for name in ("大海珠基金", "海珠基金会专项", "海珠基金", "爱心海珠"):
            factories.fund(writer, name=name)
    assert names(ThingKind.FUND, "海珠基金") == ["海珠基金", "海珠基金会专项", "大海珠基金"]


def test_what_is_not_public_is_not_found_and_what_is_renamed_is_found_anew(federation: Organisation) -> None:
    with writing() as session:
        session.get_one(Organisation, federation.id).name = "琶洲慈善会"
    assert names(ThingKind.ORGANISATION, "海珠") == [] and names(ThingKind.ORGANISATION, "琶洲") == [
        "琶洲慈善会"
    ]
    with writing() as session:
        session.get_one(Organisation, federation.id).status = Status.SUSPENDED
    assert names(ThingKind.ORGANISATION, "琶洲") == ["琶洲慈善会"]
    for hidden in (Status.APPLIED, Status.CHECKED, Status.REFUSED):
        with writing() as session:
            session.get_one(Organisation, federation.id).status = hidden
        assert names(ThingKind.ORGANISATION, "琶洲") == []
    assert not list(doubtful_search(db.session()))


def test_a_station_is_found_by_its_street_and_community(session: Session) -> None:
    with writing() as writer:
        street = factories.street(writer, name="昌岗街道")
        community = factories.community(writer, street_id=street.id, name="晓园社区居委会")
        factories.station(
            writer, name="便民站", street_id=street.id, community_id=community.id, address="示范路 8 号"
        )
    for words in ("昌岗", "晓园", "示范路", "bianmin"):
        assert names(ThingKind.STATION, words) == ["便民站"]
    with writing() as writer:
        writer.get_one(Street, street.id).name = "新港街道"
    assert names(ThingKind.STATION, "昌岗") == [] and names(ThingKind.STATION, "新港") == ["便民站"]
    assert not list(doubtful_search(db.session()))


def test_bills_are_found_by_whose_they_are_and_the_month(session: Session) -> None:
    with writing() as writer:
        fund = factories.fund(writer, name="琶洲慈善基金")
    last, before = Month.of(today()).plus(-1), Month.of(today()).plus(-2)
    gifts.posted_gift(fund, 100, before.first)
    for month in (before, last):
        bills.publish(fund.code, month, "本月助学支出较多", people.clerk())
    assert len(names(ThingKind.BILL, "琶洲")) == 2 and len(names(ThingKind.BILL, "助学支出")) == 2
    year, number = str(last).split("-")
    assert (
        names(ThingKind.BILL, f"琶洲 {year}年{int(number)}月")[0]
        == f"琶洲慈善基金 {year}年{int(number)}月账单"
    )


@pytest.mark.one_engine
def test_names_are_suggested(session: Session) -> None:
    with writing() as writer:
        load_district(writer, Settings().district_dir)
        factories.fund(writer, name="琶洲街道社区慈善基金")
    assert "琶洲街道" in suggestions(db.session(), "琶洲")[:3]
    assert suggestions(db.session(), "pazhou") and suggestions(db.session(), " ") == []
