"""What becomes known of a published bill later stands on it with old and new value, and in the next bill's count."""

import hashlib
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bill_notes, bills
from portal.disclosure.bill_check import doubtful_bills
from portal.disclosure.bill_corrections import Correction, CorrectionKind, Figure, corrections_of
from portal.disclosure.bill_reading import BillFigures
from portal.periods import Month, Quarter, today
from portal.refusals import Invalid, NotFound
from portal.registry.models import Fund
from portal.staff.models import Role
from portal.translog.models import Leaf
from tests import factories, gifts, moves, people
from tests.tampering import behind_the_back

THIS = Month.of(today())
LAST = THIS.plus(-1)
BEFORE = THIS.plus(-2)


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund whose books of last month are published, with a gift of a thousand yuan in it."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000, LAST.first)
    return made


def published(fund: Fund) -> str:
    return bills.publish(fund.code, LAST, "账目清楚", people.clerk()).bill_no


def bill(number: str) -> BillFigures:
    db.session.rollback()
    db.session.expire_all()
    return bills.bill_figures(db.session(), number, row_limit=0)


def sums(corrections: list[Correction]) -> list[tuple[CorrectionKind, Figure | None, int | None, int | None]]:
    return [(one.kind, one.figure, one.old_fen, one.new_fen) for one in corrections]


def test_a_late_gift_corrects_the_bill_of_its_month(fund: Fund) -> None:
    number = published(fund)
    gifts.posted_gift(fund, 7_000, LAST.last, late_reason="月底漏记")
    [found] = bill(number).corrections
    assert sums([found]) == [(CorrectionKind.LATE, Figure.INCOME, 100_000, 107_000)]
    assert found.reason == "月底漏记"


def test_a_reversal_corrects_the_bill_that_counted_the_entry_and_names_functions_not_people(
    fund: Fund,
) -> None:
    gift = gifts.posted_gift(fund, 7_000, LAST.last)
    number = published(fund)
    assert gift.entry is not None
    reversal = gifts.reversed_entry(gift.entry, "金额录错")
    [found] = bill(number).corrections
    assert sums([found]) == [(CorrectionKind.REVERSAL, Figure.INCOME, 107_000, 100_000)]
    assert (found.entry_no, found.reverses) == (reversal.entry_no, gift.entry.entry_no)
    assert found.reason == "金额录错"
    assert fund.organisation.name in found.by and "经办人" in found.by
    assert people.clerk().display_name not in found.by and people.clerk().username not in found.by


def test_each_correction_begins_where_the_one_before_ended(fund: Fund) -> None:
    number = published(fund)
    late = gifts.posted_gift(fund, 7_000, LAST.last, late_reason="漏记")
    gifts.posted_gift(fund, 500, LAST.last, late_reason="又漏记一笔")
    assert late.entry is not None
    gifts.reversed_entry(late.entry)
    assert [(old, new) for _kind, _figure, old, new in sums(bill(number).corrections)] == [
        (100_000, 107_000),
        (107_000, 107_500),
        (107_500, 100_500),
    ]


def test_what_was_reversed_before_publication_is_no_correction(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 7_000, LAST.last)
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    number = published(fund)
    gifts.posted_gift(fund, 9_000)
    assert bill(number).corrections == []


def test_the_next_bill_of_the_kind_counts_and_lists_what_was_corrected(fund: Fund) -> None:
    early = bills.publish(fund.code, BEFORE, "", people.clerk()).bill_no
    number = published(fund)
    gifts.posted_gift(fund, 7_000, LAST.last, late_reason="漏记")
    gifts.posted_gift(fund, 900, BEFORE.last, late_reason="漏记")
    running = bill(f"{THIS}-{fund.code}")
    assert sorted(one.bill_no for one in running.corrected) == sorted([early, number])
    assert bill(f"{Quarter.of(today())}-{fund.code}").corrected == []


def test_a_transfer_between_an_organisations_funds_corrects_only_the_funds(fund: Fund) -> None:
    with writing() as writer:
        other = factories.fund(writer, organisation_id=fund.organisation_id)
    of_fund = published(fund)
    of_organisation = bills.publish(fund.organisation.uscc, LAST, "", people.clerk()).bill_no
    moves.posted_transfer(fund, other, 40_000, moved_on=LAST.last, late_reason="转账漏记")
    assert sums(bill(of_fund).corrections) == [(CorrectionKind.LATE, Figure.MOVED_OUT, 0, 40_000)]
    assert bill(of_organisation).corrections == []


def test_a_note_is_mended_in_public_and_the_log_keeps_both(fund: Fund) -> None:
    number = published(fund)
    bill_notes.mend_note(number, "账目清楚，含义卖", "漏了一句", people.clerk())
    shown = bill(number)
    assert shown.note == "账目清楚，含义卖"
    [found] = shown.corrections
    assert (found.kind, found.old_note, found.new_note) == (
        CorrectionKind.NOTE,
        "账目清楚",
        "账目清楚，含义卖",
    )
    assert (found.reason, found.by) == ("漏了一句", f"{fund.organisation.name} · 慈善会经办人")
    leaf = json.loads(db.session.scalars(select(Leaf.data).order_by(Leaf.index.desc())).first() or "{}")
    assert (leaf["report"], leaf["no"]) == ("bill_note", f"{number}/1")
    assert [one.kind for one in bill(f"{THIS}-{fund.code}").corrected] == [CorrectionKind.NOTE]


@pytest.mark.parametrize(
    ("note", "reason"), [("账目清楚", "原因"), ("新的", " "), ("长" * 2001, "原因"), ("新", "长" * 501)]
)
def test_a_mended_note_needs_other_words_and_a_reason(fund: Fund, note: str, reason: str) -> None:
    number = published(fund)
    with pytest.raises(Invalid):
        bill_notes.mend_note(number, note, reason, people.clerk())
    assert bill(number).corrections == []


def test_a_second_click_mends_nothing_again(fund: Fund) -> None:
    number = published(fund)
    bill_notes.mend_note(number, "新的", "原因", people.clerk())
    with pytest.raises(Invalid):
        bill_notes.mend_note(number, "新的", "原因", people.clerk())
    assert len(bill(number).corrections) == 1


def test_nobody_mends_the_note_of_another_organisation_or_of_a_running_bill(fund: Fund) -> None:
    number = published(fund)
    with writing() as writer:
        elsewhere = factories.organisation(writer)
    stranger = people.member("clerk.elsewhere", Role.FEDERATION_CLERK, elsewhere.id)
    for asked, by in ((number, stranger), (f"{THIS}-{fund.code}", people.clerk())):
        with pytest.raises(NotFound):
            bill_notes.mend_note(asked, "新的", "原因", by)


def test_a_mended_note_is_written_once_and_verified(fund: Fund) -> None:
    number = published(fund)
    bill_notes.mend_note(number, "新的", "原因", people.clerk())
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text("UPDATE bill_note_correction SET reason = 'x'"))
    assert list(doubtful_bills(db.session())) == []
    behind_the_back("UPDATE bill_note_correction SET new_note = '改过'")
    db.session.expire_all()
    assert [kind for kind, _no, _message in doubtful_bills(db.session())] == ["bill_note"]


def test_a_counted_correction_is_frozen_with_the_bill_that_counts_it(session: Session) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    gift = gifts.posted_gift(fund, 4_000, BEFORE.first)
    bills.publish(fund.code, BEFORE, "", people.clerk())
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    [counted] = bill(f"{THIS}-{fund.code}").corrected
    kept = bills.kept_correction(counted)
    assert kept["old"] == 4_000 and kept["new"] == 0 and "reason" not in kept


def test_the_bill_its_api_and_its_feed_tell_of_a_correction(client: FlaskClient, fund: Fund) -> None:
    number = published(fund)
    file = client.get(f"/bills/{number}.json").data
    gifts.posted_gift(fund, 7_000, LAST.last, late_reason="<b>漏记</b>")
    bill_notes.mend_note(number, "<script>新</script>", "原因", people.clerk())
    page = client.get(f"/bills/{number}").text
    assert "公布之后的更正（2 项）" in page and "&lt;b&gt;漏记" in page and "<script>新" not in page
    document = client.get(f"/api/v1/bills/{number}").json
    assert document is not None
    assert [one["kind"] for one in document["corrections"]] == ["late", "note"]
    assert "更正：" in client.get("/bills/feed.atom").text
    # What the log has the hash of never changes.
    assert client.get(f"/bills/{number}.json").data == file
    leaves = [json.loads(data) for data in db.session.scalars(select(Leaf.data))]
    assert hashlib.sha256(file).hexdigest() in {leaf.get("sha256") for leaf in leaves}


def test_corrections_of_one_bill_are_read_in_order(fund: Fund) -> None:
    number = published(fund)
    bill_notes.mend_note(number, "一", "原因", people.clerk())
    gifts.posted_gift(fund, 1, LAST.last, late_reason="漏记")
    bill_notes.mend_note(number, "二", "原因", people.clerk())
    found = corrections_of(db.session(), bills.published(db.session(), number))
    assert [one.kind.value for one in found] == ["note", "late", "note"]
