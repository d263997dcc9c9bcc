"""Entries are found by their public words, on both databases alike, from the moment they are posted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import entries
from portal.disclosure.entries import LedgerQuery
from portal.giving import consent
from portal.giving.consent_models import ConsentShown
from portal.giving.models import Donation
from portal.imports.erasing import erase_donor
from portal.ledger.figures import Filters
from portal.ledger.models import Direction
from portal.registry.models import Fund
from portal.search.checking import doubtful_search
from portal.search.models import EntryWords, SearchState
from portal.search.rebuilding import fill, fill_if_outdated
from tests import factories, gifts, goods, people, tampering


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with money in it, from somebody who is not named."""
    with writing() as writer:
        made = factories.fund(writer, name="琶洲街道社区慈善基金")
    gifts.posted_gift(made, 900_000, donor_name="秘密捐赠人")
    return made


def found(words: str, **filters: Any) -> Sequence[str]:
    """The numbers of the entries that words find, newest first."""
    query = LedgerQuery(Filters(**filters), text=words)
    return [one.entry_no for one in entries.page(db.session(), query).entries]


def agrees() -> bool:
    """Whether the index says what the books say."""
    return not list(doubtful_search(db.session()))


def test_one_character_or_more_of_a_purpose_find_a_payout(fund: Fund) -> None:
    entry = gifts.posted_payout(fund, purpose="发放秋季助学金", recipient="困难家庭学生").entry
    assert entry is not None
    for words in ("秋", "助学", "季助学金", "發放秋季助學金", "助学金 学生", "家庭"):
        assert found(words) == [entry.entry_no], words
    for words in ("学助", "金学助", "助金", "助学 医疗", "秘密"):
        assert found(words) == [], words
    assert agrees()


@pytest.mark.parametrize("character", ["𬭎", "㛃"])
def test_rare_characters_are_found(fund: Fund, character: str) -> None:
    entry = gifts.posted_gift(fund, donor_name=f"王{character}明", publish_name=True).entry
    assert entry is not None
    for words in (character, f"王{character}", f"王{character}明"):
        assert found(words) == [entry.entry_no]
    assert found(f"{character}王") == []


@pytest.mark.parametrize(
    "words", ['"', "'", "助学' OR 1=1 --", 'a" OR "b', "NEAR(", "*", "%", "_", "→", "\\", "AND"]
)
def test_what_is_typed_is_words_and_never_syntax(fund: Fund, words: str) -> None:
    gifts.posted_payout(fund, purpose="助学")
    assert found(words) == []


def test_goods_and_reasons_are_found(fund: Fund) -> None:
    gift = goods.gift(fund, goods.line("口罩", 3))
    issued = goods.issue(fund, (goods.item("口罩"), 2))
    reversal = gifts.reversed_entry(gifts.posted_gift(fund, 777).entry, "重复登记的一笔")
    assert gift.entry is not None and issued.entry is not None
    assert found("口罩") == [issued.entry.entry_no, gift.entry.entry_no]
    assert found("重复登记") == [reversal.entry_no]
    assert agrees()


def test_a_reversal_is_found_with_what_it_reverses(fund: Fund) -> None:
    entry = gifts.posted_payout(fund, purpose="敬老慰问").entry
    assert entry is not None
    reversal = gifts.reversed_entry(entry)
    assert found("敬老") == [reversal.entry_no, entry.entry_no]
    sums = entries.Selected(db.session(), LedgerQuery(text="敬老")).summary()
    assert sums is not None and sums.disbursed_fen == 0


def test_a_name_is_found_while_there_is_consent_and_not_a_moment_longer(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="鹭鸶女士", remark="不要告诉邻居")
    assert gift.entry is not None
    assert found("鹭鸶") == []
    consent.give_consent(gift.id, people.clerk())
    assert found("鹭鸶") == [gift.entry.entry_no]
    consent.give_consent(gift.id, people.clerk(), shown=ConsentShown.MASKED)
    assert found("鹭鸶") == [] and found("鹭") == [gift.entry.entry_no]
    consent.withdraw_consent(gift.id, people.clerk())
    assert found("鹭") == [] and found("邻居") == []
    assert agrees()


def test_erasing_a_donor_takes_the_name_out_of_the_index_with_its_reversal(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="金丝雀女士", publish_name=True)
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    assert len(found("金丝雀")) == 2
    erase_donor(gift.id, people.clerk(), gift.donation_no)
    assert found("金丝雀") == []
    assert not db.session.scalars(select(EntryWords).where(EntryWords.terms.contains("金丝"))).all()
    assert agrees()


def test_the_database_itself_forgets_a_name_without_consent(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="金丝雀女士", publish_name=True)
    with writing() as session:
        session.execute(text("UPDATE donation SET publish_name = false WHERE id = :id"), {"id": gift.id})
    assert found("金丝雀") == []
    assert agrees()


def test_consent_that_is_not_committed_changes_nothing(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="金丝雀女士", publish_name=True)
    assert gift.entry is not None
    with pytest.raises(RuntimeError, match="power cut"), writing() as session:
        session.get_one(Donation, gift.id).publish_name = False
        session.flush()
        raise RuntimeError("power cut")
    assert found("金丝雀") == [gift.entry.entry_no]


def test_filters_narrow_what_words_find(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    gifts.posted_gift(other, 100_000)
    here = gifts.posted_payout(fund, purpose="助学", day=date(2026, 1, 31)).entry
    there = gifts.posted_payout(other, purpose="助学").entry
    gift = gifts.posted_gift(fund, donor_name="助学志愿者", publish_name=True).entry
    assert here is not None and there is not None and gift is not None
    assert found("助学") == [gift.entry_no, there.entry_no, here.entry_no]
    assert found("助学", fund_id=other.id) == [there.entry_no]
    assert found("助学", direction=Direction.IN) == [gift.entry_no]
    january = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}
    assert found("助学", **january) == [here.entry_no]
    year = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}
    assert found("助学", **year) == []


def test_entries_are_found_by_the_names_of_what_they_belong_to(fund: Fund) -> None:
    assert len(found("琶洲街道")) == 1
    assert len(found("琶洲街道", direction=Direction.OUT)) == 0
    assert found("洲琶") == []


def test_numbers_and_sums_are_found(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 123_456)
    assert gift.entry is not None
    for words in (
        gift.entry.entry_no.lower(),
        gift.entry.receipt_no or "",
        gift.donation_no,
        "1,234.56",
        "1234.56",
    ):
        assert found(words) == [gift.entry.entry_no], words
    reversal = gifts.reversed_entry(gift.entry)
    assert found("1234.56") == [reversal.entry_no, gift.entry.entry_no]
    assert len(found("0.9万")) == 1


def test_pages_follow_each_other_without_a_gap(fund: Fund) -> None:
    numbers = [gifts.posted_payout(fund, 100 + step, purpose="助学").entry for step in range(5)]
    query = LedgerQuery(text="助学")
    first = entries.page(db.session(), query, limit=3)
    second = entries.page(db.session(), query, limit=3, after=first.following)
    assert [one.entry_no for one in (*first.entries, *second.entries)] == [
        one.entry_no for one in reversed(numbers) if one is not None
    ]
    assert second.following is None


def test_too_many_are_shown_and_not_added_up(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(3):
        gifts.posted_payout(fund, 100 + step, purpose="助学")
    monkeypatch.setattr(entries, "MOST_SUMMED", 2)
    assert entries.Selected(db.session(), LedgerQuery(text="助学")).summary() is None


def test_an_index_is_filled_from_the_books_and_missing_words_are_noticed(fund: Fund) -> None:
    entry = gifts.posted_payout(fund, purpose="助学").entry
    assert entry is not None
    with writing() as session:
        session.execute(delete(EntryWords))
    differences = list(doubtful_search(db.session()))
    assert [(kind, number) for kind, number, _message in differences] == [("search_entry", entry.entry_no)]
    assert fill_if_outdated() == 1
    assert fill_if_outdated() is None
    assert found("助学") == [entry.entry_no] and agrees()
    with writing() as session:
        session.get_one(SearchState, 1).version = 0
    assert fill_if_outdated() == 1 == fill()
    assert agrees()


def test_words_that_somebody_slipped_into_the_index_are_noticed(fund: Fund) -> None:
    with writing() as session:
        session.add(EntryWords(entry_id=1, terms="秘密"))
    assert [kind for kind, *_rest in doubtful_search(db.session())] == ["search_entry"]


def test_a_changed_document_behind_the_back_is_noticed(fund: Fund) -> None:
    gifts.posted_payout(fund, purpose="助学")
    tampering.behind_the_back("UPDATE disbursement SET purpose = '医疗'")
    assert not agrees()
