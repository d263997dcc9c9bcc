"""A list's way: draft, mended, submitted, reviewed by another person, in the ledger as a whole."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving.models import Donation
from portal.imports import counting, listing, mending, service
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.imports.previewing import preview
from portal.imports.reading import Fault, UnreadableFile
from portal.imports.target import Target
from portal.ledger.closing import close_books
from portal.ledger.figures import fund_balances
from portal.ledger.models import Entry
from portal.ledger.verification import verify
from portal.periods import today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund, Status
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember
from tests import factories, gifts, people
from tests.imports import sheets

HEADER = ["捐赠人", "金额", "日期", "备注"]
DAY = today().isoformat()


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made: Fund = factories.fund(writer)
    return made


def counts(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    assert batch.accepted + batch.duplicates + batch.rejected + batch.needs_review == batch.rows
    return batch.rows, batch.accepted, batch.duplicates, batch.rejected, batch.needs_review


def rows_of(batch: ImportBatch) -> list[ImportRow]:
    db.session.rollback()
    return list(listing.rows(db.session(), batch))


def balance(fund: Fund) -> int:
    db.session.rollback()
    return fund_balances(db.session(), [fund.id]).get(fund.id, 0)


def test_an_approved_list_is_in_the_ledger_row_by_row(fund: Fund) -> None:
    posted = sheets.posted_batch(fund)
    assert (posted.state, counts(posted)) == (DocumentState.POSTED, (3, 3, 0, 0, 0))
    assert balance(fund) == 3_300 == posted.accepted_fen == posted.declared_total_fen
    made = db.session.scalars(
        select(Donation).where(Donation.batch_id == posted.id).order_by(Donation.id)
    ).all()
    assert [(one.donor_name, one.amount_fen, one.publish_name) for one in made] == [
        ("捐赠人0", 1_000, False),
        ("捐赠人1", 1_100, False),
        ("捐赠人2", 1_200, False),
    ]
    assert verify(db.session()).ok


def test_a_preview_writes_nothing(fund: Fund) -> None:
    seen = preview(db.session(), sheets.csv_file(sheets.small_list()), "名单.csv")
    assert (seen.count(RowState.ACCEPTED), seen.accepted_fen) == (3, 3_300)
    assert factories.count(db.session(), ImportBatch) == 0


def test_the_same_list_saved_again_is_all_duplicates_waiting_or_posted(fund: Fund) -> None:
    first = sheets.waiting_batch(fund)
    assert counts(sheets.batch(fund)) == (3, 0, 3, 0, 0)
    service.approve(first.id, people.reviewer(), first.version)
    content = sheets.workbook(sheets.small_list())
    again = service.create_batch(content, "另存.xlsx", Target(fund.code), people.clerk())
    assert counts(again) == (3, 0, 3, 0, 0)
    with pytest.raises(Conflict):
        service.submit(again.id, people.clerk(), again.version)
    assert preview(db.session(), content, "再另存.xlsx").count(RowState.DUPLICATE) == 3
    assert balance(fund) == 3_300


def test_equal_gifts_of_one_list_are_all_booked(fund: Fund) -> None:
    posted = sheets.posted_batch(fund, [HEADER, *[["爱心人士", "100", DAY, ""]] * 3])
    assert (posted.accepted, balance(fund)) == (3, 30_000)


def test_what_a_withdrawn_list_held_can_be_brought_in_again(fund: Fund) -> None:
    first = sheets.waiting_batch(fund)
    second = sheets.batch(fund)
    service.withdraw(first.id, people.clerk(), first.version)
    sent = service.submit(second.id, people.clerk(), second.version)
    assert counts(sent) == (3, 3, 0, 0, 0)


def test_the_maker_never_approves_and_nobody_approves_twice(fund: Fund) -> None:
    waiting = sheets.waiting_batch(fund)
    with pytest.raises(Forbidden):
        service.approve(waiting.id, people.clerk(), waiting.version)
    service.approve(waiting.id, people.reviewer(), waiting.version)
    with pytest.raises(Conflict):
        service.approve(waiting.id, people.reviewer(), waiting.version)
    assert balance(fund) == 3_300
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 3


def test_only_the_version_that_was_shown_is_approved(fund: Fund) -> None:
    waiting = sheets.waiting_batch(fund)
    with pytest.raises(Conflict):
        service.approve(waiting.id, people.reviewer(), waiting.version + 1)
    assert balance(fund) == 0


def test_a_returned_list_comes_back_with_a_reason(fund: Fund) -> None:
    waiting = sheets.waiting_batch(fund)
    with pytest.raises(Invalid):
        service.return_to_maker(waiting.id, people.reviewer(), waiting.version, " ")
    returned = service.return_to_maker(waiting.id, people.reviewer(), waiting.version, "请核对第 2 行")
    assert returned.state is DocumentState.RETURNED
    sent = service.submit(returned.id, people.clerk(), returned.version)
    assert sent.state is DocumentState.PENDING


def test_what_came_into_the_books_meanwhile_is_marked_and_the_reviewer_looks_again(fund: Fund) -> None:
    waiting = sheets.waiting_batch(fund)
    shown = waiting.version
    other = sheets.batch(fund, sheets.small_list(1))
    assert other.duplicates == 1
    with writing() as session:
        # As if an earlier version of the other list had been posted by another process.
        row = session.scalar(select(ImportRow).where(ImportRow.batch_id == other.id))
        assert row is not None
        row.state = RowState.ACCEPTED
        session.get_one(ImportBatch, other.id).state = DocumentState.PENDING
        counting.recount(session, session.get_one(ImportBatch, other.id))
    service.approve(other.id, people.reviewer(), other.version)
    with pytest.raises(Conflict):
        service.approve(waiting.id, people.reviewer(), shown)
    db.session.rollback()
    marked = db.session.get_one(ImportBatch, waiting.id)
    assert (counts(marked), marked.version, balance(fund)) == ((3, 2, 1, 0, 0), shown + 1, 1_000)
    service.approve(marked.id, people.reviewer(), marked.version)
    assert balance(fund) == 3_300


BAD = [
    HEADER,
    ["甲", "10", DAY, ""],
    ["乙", "十块", DAY, "助学"],
    ["丙", "5", "", ""],
    ["合计", "25", "", ""],
]


def test_a_bad_row_waits_and_is_mended_by_hand(fund: Fund) -> None:
    batch = sheets.batch(fund, BAD)
    assert counts(batch) == (3, 1, 0, 0, 2)
    bad = rows_of(batch)[1]
    assert [problem.fault for problem in bad.problems] == [Fault.BAD_AMOUNT]
    details = mending.RowDetails("乙", 1_000, today(), remark="助学")
    mended = mending.mend_row(batch.id, bad.position, details, people.clerk(), batch.version)
    assert (mended.state, mended.problems) == (RowState.ACCEPTED, [])
    left = mending.leave_out_row(batch.id, 3, people.clerk(), 2)
    assert left.state is RowState.REJECTED
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, batch.id)
    assert (counts(batch), batch.version) == ((3, 2, 0, 1, 0), 3)
    sent = service.submit(batch.id, people.clerk(), batch.version)
    service.approve(sent.id, people.reviewer(), sent.version)
    assert balance(fund) == 2_000


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount_fen": 0}, "amount"),
        ({"received_on": today() + timedelta(days=1)}, "received_on"),
        ({"donor_name": "甲" * 201}, "donor_name"),
    ],
)
def test_a_mended_row_keeps_the_counters_rules(fund: Fund, given: dict[str, Any], field: str) -> None:
    batch = sheets.batch(fund, BAD)
    details = mending.RowDetails(**{"donor_name": "乙", "amount_fen": 1_000, "received_on": today(), **given})
    with pytest.raises(Invalid) as refusal:
        mending.mend_row(batch.id, 2, details, people.clerk(), batch.version)
    assert list(refusal.value.errors) == [field]


def test_a_day_for_the_whole_list_completes_the_rows_without_one(fund: Fund) -> None:
    undated = [["姓名", "金额"], *[["爱心人士", "100"]] * 2, ["张*", "5"]]
    batch = sheets.batch(fund, undated)
    assert counts(batch) == (3, 0, 0, 0, 3)
    revised = mending.revise(batch.id, Target("", dated=today()), people.clerk(), batch.version)
    assert (counts(revised), revised.problems) == ((3, 3, 0, 0, 0), [])
    sent = service.submit(revised.id, people.clerk(), revised.version)
    service.approve(sent.id, people.reviewer(), sent.version)
    assert balance(fund) == 20_500
    again = sheets.batch(fund, undated, dated=today())
    assert counts(again) == (3, 0, 3, 0, 0)
    other_day = sheets.batch(fund, undated, dated=today() - timedelta(days=1))
    assert [problem.fault for problem in other_day.problems] == [Fault.SAME_LIST]


def test_a_second_equal_gift_can_be_kept_but_not_a_second_order_number(fund: Fund) -> None:
    sheets.posted_batch(fund, [HEADER, ["张*", "100", DAY, ""]])
    batch = sheets.batch(fund, [HEADER, ["张*", "100", DAY, ""]])
    kept = mending.keep_row(batch.id, 1, people.clerk(), batch.version)
    assert kept.state is RowState.ACCEPTED
    numbered = [["交易单号", "金额", "日期"], ["4200000000001", "8", DAY]]
    sheets.posted_batch(fund, numbered)
    second = sheets.batch(fund, numbered)
    with pytest.raises(Conflict):
        mending.keep_row(second.id, 1, people.clerk(), second.version)


def test_names_are_public_only_where_consent_is_stated(fund: Fund) -> None:
    hidden = sheets.posted_batch(fund)
    shown = sheets.posted_batch(fund, [HEADER, ["李某", "8", DAY, ""]], publish_names=True)
    names = {
        one.batch_id: one.public_donor
        for one in db.session.scalars(select(Donation).where(Donation.batch_id.is_not(None)))
    }
    assert (names[hidden.id], names[shown.id]) == ("爱心人士", "李某")


@pytest.mark.parametrize("wrong", ["closed", "unknown", "foreign_station", "future", "foreign_fund"])
def test_the_rules_of_a_single_gift_hold_for_a_list(fund: Fund, wrong: str) -> None:
    by, given = people.clerk(), {"fund": fund.code}
    with writing() as session:
        if wrong == "closed":
            session.get_one(Fund, fund.id).status = Status.CLOSED
        elif wrong == "unknown":
            given["fund"] = "NOSUCH"
        elif wrong == "future":
            given["dated"] = today() + timedelta(days=1)  # type: ignore[assignment]
        elif wrong == "foreign_station":
            given["station"] = factories.station(session).code
            by = people.member("own.clerk", Role.FEDERATION_CLERK, fund.organisation_id)
        else:
            by = people.member("other.clerk", Role.FEDERATION_CLERK, factories.organisation(session).id)
    content = sheets.csv_file(sheets.small_list())
    with pytest.raises(Invalid):
        service.create_batch(content, "名单.csv", Target(**given), by)
    db.session.rollback()
    assert factories.count(db.session(), ImportBatch) == 0


def test_a_fund_that_was_closed_meanwhile_takes_nothing(fund: Fund) -> None:
    waiting = sheets.waiting_batch(fund)
    with writing() as session:
        session.get_one(Fund, fund.id).status = Status.CLOSED
    with pytest.raises(Invalid):
        service.approve(waiting.id, people.reviewer(), waiting.version)
    db.session.rollback()
    assert db.session.get_one(ImportBatch, waiting.id).state is DocumentState.PENDING
    assert balance(fund) == 0


def test_days_outside_the_campaign_need_a_look(fund: Fund) -> None:
    with writing() as session:
        campaign = factories.campaign(session, organisation_id=fund.organisation_id)
    early = campaign.starts_on - timedelta(days=1)
    batch = sheets.batch(
        fund, [HEADER, ["甲", "1", DAY, ""], ["乙", "2", early.isoformat(), ""]], campaign=campaign.code
    )
    assert counts(batch) == (2, 1, 0, 0, 1)
    assert [problem.fault for problem in rows_of(batch)[1].problems] == [Fault.OUTSIDE_CAMPAIGN]


def test_a_list_of_a_published_month_needs_a_reason(fund: Fund) -> None:
    batch = sheets.batch(fund)
    with writing() as session:
        close_books(session, fund.organisation_id, None, today())
    with pytest.raises(Invalid) as refusal:
        service.submit(batch.id, people.clerk(), batch.version)
    assert "late_reason" in refusal.value.errors
    revised = mending.revise(batch.id, Target("", late_reason="名单迟到"), people.clerk(), batch.version)
    sent = service.submit(revised.id, people.clerk(), revised.version)
    service.approve(sent.id, people.reviewer(), sent.version)
    entry = db.session.scalars(select(Entry)).first()
    assert entry is not None and entry.late and entry.late_reason == "名单迟到"


def test_a_foreign_list_looks_like_an_absent_one(fund: Fund, clerk: StaffMember) -> None:
    batch = sheets.batch(fund)
    with writing() as session:
        other = people.member("elsewhere", Role.FEDERATION_CLERK, factories.organisation(session).id)
    with pytest.raises(NotFound):
        service.find(db.session(), batch.id, other)


def test_the_file_is_kept_and_a_refused_one_is_not(fund: Fund, tmp_path: Path) -> None:
    batch = sheets.batch(fund)
    kept = list((tmp_path / "storage").rglob(batch.file_sha256))
    assert len(kept) == 1 and kept[0].read_bytes() == sheets.csv_file(sheets.small_list())
    with pytest.raises(UnreadableFile):
        service.create_batch(b"MZ" + b"\0" * 99, "名单.xlsx", Target(fund.code), people.clerk())
    assert len([path for path in (tmp_path / "storage").rglob("*") if path.is_file()]) == 1


def test_a_list_beside_single_gifts_adds_up(fund: Fund) -> None:
    gifts.posted_gift(fund, 500)
    sheets.posted_batch(fund)
    gifts.posted_gift(fund, 700)
    assert balance(fund) == 4_500
    assert verify(db.session()).ok
