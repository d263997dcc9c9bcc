"""Files by month: the same figures as the API, made once for a state, made anew when anything of it changed."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving import consent
from portal.imports.erasing import erase_donor
from portal.ledger.models import Entry
from portal.opendata.columns import ENTRIES
from portal.refusals import NotFound
from portal.registry.models import Fund
from tests import factories, gifts, goods, people
from tests.opendata.taking import LAST, THIS, api, content, documents, open_data, rows, take, within


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with gifts of money and goods last month, one of them reversed, and a payout this month."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 123_456, within(LAST), donor_name="陈𠮷祥", publish_name=True)
    goods.gift(made, goods.line("口罩", 3, value_fen=4_000), day=within(LAST, 7))
    wrong = gifts.posted_gift(made, 70_000, within(LAST, 6), donor_name="不愿公开的人")
    gifts.reversed_entry(_entry(wrong))
    gifts.posted_payout(made, 20_000, THIS.first, beneficiary_count=12)
    return made


def _entry(document: object) -> Entry:
    entry = document.entry  # type: ignore[attr-defined]
    assert isinstance(entry, Entry)
    return entry


def test_every_figure_is_that_of_the_api(client: FlaskClient, fund: Fund) -> None:
    days = f"from={LAST.first}&to={LAST.last}"
    entries = api(client, f"ledger?{days}")["entries"]
    summary = api(client, f"summary?{days}")
    assert sorted(documents(content(LAST, "jsonl")), key=lambda one: -one["index"]) == entries
    table = rows(content(LAST, "csv"))
    assert [row["entry_no"] for row in table] == [
        one["entry_no"] for one in documents(content(LAST, "jsonl"))
    ]
    assert sum(int(row["amount_fen"]) for row in table) == summary["received_fen"] == 127_456
    assert sum(Decimal(row["amount"]) for row in table) == Decimal("1274.56")
    by_no = {one["entry_no"]: one for one in entries}
    for row in table:
        for column in ENTRIES.columns:
            value = column.of(by_no[row["entry_no"]])
            assert row[column.name] == ("" if value is None else str(value)), column.name
    assert take(LAST, "csv").slice.rows == len(table) == 4


def test_a_workbook_holds_the_same_with_numbers_that_add_up(client: FlaskClient, fund: Fund) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(LAST, "xlsx")))
    header, *body = book.get_sheet_by_name("entries").to_python()
    assert header == ENTRIES.header
    table = rows(content(LAST, "csv"))
    assert [row[0] for row in body] == [row["entry_no"] for row in table]
    place = header.index("amount_fen")
    assert sum(row[place] for row in body) == 127_456
    assert round(sum(row[header.index("amount")] for row in body), 2) == 1274.56
    assert {type(row[header.index("occurred_on")]).__name__ for row in body} == {"date"}


def test_a_month_is_made_once_and_has_the_same_bytes_when_made_again(session: Session, fund: Fund) -> None:
    for name in ("csv", "xlsx", "jsonl", "hledger", "beancount", "datapackage"):
        first = take(LAST, name).kept
        made_at = first.path.stat().st_mtime_ns
        gifts.posted_gift(fund, 100, THIS.first)
        again = take(LAST, name).kept
        assert (again, again.path.stat().st_mtime_ns) == (first, made_at), name
        first.path.unlink()
        assert take(LAST, name).kept == first, name


def test_what_comes_late_is_in_the_file_at_once_and_makes_a_new_state(session: Session, fund: Fund) -> None:
    before = take(LAST, "csv")
    gifts.posted_gift(fund, 5_000, within(LAST, 9))
    after = take(LAST, "csv")
    assert after.slice.rows == before.slice.rows + 1
    assert after.slice.tree_size > before.slice.tree_size
    assert after.kept.sha256 != before.kept.sha256 and not before.kept.path.exists()


def test_a_reversal_changes_the_month_of_what_it_cancels(session: Session, fund: Fund) -> None:
    given = _entry(gifts.posted_gift(fund, 5_000, within(LAST, 9)))
    before = take(LAST, "jsonl")
    done = gifts.reversed_entry(given)
    after = take(LAST, "jsonl")
    shown = {one["entry_no"]: one for one in documents(after.kept.path.read_bytes())}
    assert shown[given.entry_no]["reversed_by"] == done.entry_no
    assert after.slice.tree_size == done.index + 1 > before.slice.tree_size


def test_what_reached_its_people_changes_the_month_of_the_payout(session: Session, fund: Fund) -> None:
    with writing() as writer:
        gifts.asks_for_no_evidence(writer, fund)
    paid = gifts.posted_payout(fund, 2_000, within(LAST, 9))
    before = take(LAST, "csv")
    gifts.arrived(paid, 1_500)
    after = take(LAST, "csv")
    (row,) = [one for one in rows(after.kept.path.read_bytes()) if one["direction"] == "out"]
    assert row["arrived_fen"] == "1500" and after.slice.tree_size > before.slice.tree_size


def test_a_withdrawn_name_is_gone_from_the_next_file_and_from_the_disk(session: Session, fund: Fund) -> None:
    given = gifts.posted_gift(fund, 5_000, within(LAST, 9), donor_name="Canary 金丝雀", publish_name=True)
    for name in ("csv", "jsonl", "xlsx", "hledger", "beancount", "datapackage"):
        take(LAST, name)
    assert b"Canary" in content(LAST, "csv")
    consent.withdraw_consent(given.id, people.clerk())
    assert b"Canary" not in content(LAST, "csv")
    assert open_data().sweep(session) == 0, "asking for one file removed all of the old state"
    consent.give_consent(given.id, people.clerk())
    old = take(LAST, "csv").kept.path
    assert "Canary" in old.read_text()
    erase_donor(given.id, people.clerk(), given.donation_no)
    assert open_data().sweep(session) == 1 and not old.exists(), "even if nobody asks"
    assert b"Canary" not in content(LAST, "csv")


def test_a_name_that_was_never_shown_may_change_without_a_new_file(session: Session, fund: Fund) -> None:
    given = gifts.posted_gift(fund, 5_000, within(LAST, 9), donor_name="不公开")
    before = take(LAST, "csv").slice.key
    erase_donor(given.id, people.clerk(), given.donation_no)
    assert take(LAST, "csv").slice.key == before


def test_what_is_renamed_has_its_new_name_in_every_month(session: Session, fund: Fund) -> None:
    before = take(LAST, "csv")
    with writing() as writer:
        writer.get_one(Fund, fund.id).name = "改了名的基金"
    after = take(LAST, "csv")
    assert {row["fund_name"] for row in rows(after.kept.path.read_bytes())} == {"改了名的基金"}
    assert after.slice.words == before.slice.words + 1


def test_a_month_that_changed_after_it_was_over_is_a_new_version(session: Session, fund: Fund) -> None:
    assert take(LAST, "csv").slice.version == 1
    given = gifts.posted_gift(fund, 5_000, THIS.first, donor_name="某某", publish_name=True)
    consent.withdraw_consent(given.id, people.clerk())
    assert take(THIS, "csv").slice.version == 1, "a month that runs is in its first"


def test_the_catalogue_counts_on_from_what_it_knew(app: Flask, session: Session, fund: Fund) -> None:
    known = open_data()
    first = known.catalogue(session)
    gifts.reversed_entry(_entry(gifts.posted_payout(fund, 500, within(LAST, 8))))
    session.rollback()
    assert known.catalogue(session) == open_data().catalogue(session) != first
    assert [one.grants for one in known.catalogue(session).months] == [0, 1]


@pytest.mark.one_engine
def test_no_text_becomes_a_formula(session: Session, fund: Fund) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(1)", " =1+1", "＝1", "\t=1"]
    for words in evil:
        gifts.posted_payout(fund, 100, within(LAST, 9), purpose=f"{words} x", recipient=words.strip() or "x")
    for row in rows(content(LAST, "csv")):
        for column in ("purpose", "recipient"):
            assert not row[column] or row[column][0] not in "=+-@＝\t", row[column]
    # Amounts keep their sign: a reversal would otherwise count as a gift.
    assert min(int(row["amount_fen"]) for row in rows(content(LAST, "csv"))) == -70_000
    header, *body = (
        CalamineWorkbook.from_filelike(io.BytesIO(content(LAST, "xlsx"))).get_sheet_by_index(0).to_python()
    )
    assert any(row[header.index("purpose")].startswith("=cmd") for row in body), "a text that stays a text"


@pytest.mark.one_engine
def test_what_nothing_happened_in_is_not_found(session: Session, fund: Fund) -> None:
    for period in ("1999-01", "1999", "2026-13", "x", "2026-1"):
        with pytest.raises(NotFound):
            take(period, "csv")
    with pytest.raises(NotFound):
        take(LAST, "360giving")  # only gifts


@pytest.mark.one_engine
def test_files_of_other_books_are_not_taken_for_ours(session: Session, fund: Fund, tmp_path: Path) -> None:
    mine = take(LAST, "csv")
    known = open_data()
    known.catalogue(session)
    assert known.catalogue(session).mark and mine.slice.key.split("-")[1] == str(mine.slice.tree_size)
