"""A payout and its list: one amount, one count, and what its reviewer is told of the persons on it."""

import io
import time
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.beneficiaries import bank_file, interests, lists, payouts, pointers, register, taking
from portal.beneficiaries.interests import InterestKind
from portal.beneficiaries.models import Beneficiary, BeneficiaryList
from portal.db import insert_many, writing
from portal.periods import today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund, Organisation, SubjectKind
from portal.registry.record_models import Body, Officer
from portal.spending import reviewing
from portal.spending import service as spending
from portal.spending.models import Disbursement, DisbursementKind
from portal.staff.models import AuditEvent, Role
from tests import factories, gifts, goods, people
from tests.beneficiaries.persons import card, citizen, made_list, person, row


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000_000, donor_name="大额捐赠人", donor_phone="13700001111")
    return made


def requested(fund: Fund, of_list: BeneficiaryList, **given: Any) -> Disbursement:
    facts = {"beneficiary_count": None, "beneficiary_list": of_list.id, **given}
    return gifts.payout(fund, facts.pop("amount_fen", of_list.total_fen), **facts)


def approved(disbursement: Disbursement) -> Disbursement:
    return reviewing.approve(disbursement.id, people.reviewer(), disbursement.version)


def test_a_payout_helps_as_many_as_stand_on_its_list(fund: Fund) -> None:
    made = made_list(fund)
    payout = requested(fund, made)
    assert (payout.beneficiary_count, payout.amount_fen, made.disbursement_id) == (3, 300_000, payout.id)


def test_an_amount_that_is_not_the_sum_is_refused(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        requested(fund, made_list(fund), amount_fen=299_900)
    assert "3,000.00" in str(refusal.value.errors["amount"])


def test_a_list_with_somebody_to_mend_is_refused(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        requested(fund, made_list(fund, row(1), row(2, None)), amount_fen=100_000)
    assert "beneficiary_list" in refusal.value.errors


def test_one_list_is_for_one_payout_until_that_is_gone(fund: Fund) -> None:
    made = made_list(fund)
    first = requested(fund, made)
    with pytest.raises(Conflict):
        requested(fund, made)
    spending.withdraw(first.id, people.clerk(), first.version)
    assert requested(fund, made).beneficiary_count == 3


def test_a_list_of_another_organisation_is_refused(fund: Fund) -> None:
    with writing() as writer:
        other = factories.fund(writer)
    with pytest.raises(Invalid):
        requested(fund, made_list(other))


def test_aid_above_the_limit_carries_its_list(fund: Fund) -> None:
    taking.set_limit(fund.organisation_id, 50_000, people.clerk())
    assert gifts.payout(fund, 50_000, beneficiary_count=3).beneficiary_count == 3
    with pytest.raises(Invalid) as refusal:
        gifts.payout(fund, 50_001, beneficiary_count=3)
    assert "500.00" in str(refusal.value.errors["beneficiary_count"])
    assert requested(fund, made_list(fund)).amount_fen == 300_000


@pytest.mark.parametrize("field", ["recipient", "purpose"])
@pytest.mark.parametrize("words", ["资助王小明", "电话13800138000"])
def test_public_words_name_nobody_on_the_list(fund: Fund, field: str, words: str) -> None:
    made = made_list(fund, row(1, name="王小明"), row(2))
    with pytest.raises(Invalid) as refusal:
        requested(fund, made, **{field: words})
    assert list(refusal.value.errors) == [field]


def test_a_reason_for_lateness_names_nobody_either(fund: Fund) -> None:
    payout = approved(requested(fund, made_list(fund, row(1, name="王小明"))))
    with pytest.raises(Invalid) as refusal:
        gifts.paid(payout, late_reason="等王小明的账号")
    assert "late_reason" in refusal.value.errors


def test_a_list_under_review_cannot_be_changed_and_a_returned_one_can(fund: Fund) -> None:
    made = made_list(fund)
    payout = requested(fund, made)
    with pytest.raises(Conflict):
        lists.leave_out(made.id, 1, people.clerk(), made.version)
    reviewing.return_to_maker(payout.id, people.reviewer(), payout.version, "第一行不符合办法")
    seen = payout.version
    lists.leave_out(made.id, 1, people.clerk(), made.version)
    with pytest.raises(Conflict):
        spending.submit(payout.id, people.clerk(), seen)
    with pytest.raises(Invalid):
        spending.submit(payout.id, people.clerk(), seen + 1)
    details = gifts.payout_details(fund, 200_000, beneficiary_count=None, beneficiary_list=made.id)
    mended = spending.mend(payout.id, details, people.clerk(), seen + 1)
    assert (mended.beneficiary_count, mended.amount_fen) == (2, 200_000)


def test_goods_carry_a_list_without_amounts(fund: Fund) -> None:
    goods.gift(fund, goods.line("棉被", 3))
    made = made_list(fund, row(1, None), row(2, None), with_amounts=False)
    payout = goods.request(fund.code, [(goods.item("棉被").id, 2_000)], beneficiary_list=made.id)
    assert (payout.kind, payout.beneficiary_count) == (DisbursementKind.GOODS, 2)


def test_aid_to_the_same_person_is_told_to_the_district_and_hinted_to_others(
    session: Session, fund: Fund
) -> None:
    gifts.paid(approved(requested(fund, made_list(fund, row(1), row(2)))))
    with writing() as writer:
        other = factories.fund(writer)
    gifts.posted_gift(other, 1_000_000)
    again = made_list(other, row(1, 70_000, document_no=""), row(3))
    assert again.to_confirm == 1, "the clerk is asked first"
    lists.keep(again.id, 1, people.clerk(), again.version)
    payout = requested(other, again)
    (told,) = pointers.of_payout(session, payout.id, people.reviewer()).aided
    assert told.row_no == 1 and told.shown == "受**"
    month = f"{today().year} 年 {today().month} 月"
    assert told.words.startswith(f"{month}在{fund.organisation.name}领过 1,000.00 元")
    own = people.member("own.reviewer", Role.REVIEWER, other.organisation_id)
    (hinted,) = pointers.of_payout(session, payout.id, own).aided
    assert hinted.words == "一年内在另一家组织也领过"


def test_aid_that_was_reversed_or_sent_back_is_no_aid(session: Session, fund: Fund) -> None:
    first = gifts.paid(approved(requested(fund, made_list(fund, row(1)))))
    gifts.reversed_entry(first.entry)
    second = made_list(fund, row(1, 50_000), row(2))
    gifts.paid(approved(requested(fund, second)))
    bank_file.mark_returned(lists.find_row(session, second, 2).id, today(), "户名不符", people.clerk())
    third = made_list(fund, row(2))
    assert third.mended


def interested(fund: Fund, *names: str, session: Session, **given: Any) -> list[tuple[str, int]]:
    rows = [row(number, name=name, **given) for number, name in enumerate(names, start=1)]
    payout = requested(fund, made_list(fund, *rows))
    found = interests.interests_in(session, payouts.find(session, payout.id), people.reviewer())
    return [(one.kind.value, one.row_no) for one in found]


def test_a_donor_of_the_fund_is_pointed_out_by_name_and_by_number(session: Session, fund: Fund) -> None:
    assert interested(fund, "大额捐赠人", "某某", session=session) == [("donor_name", 1)]


def test_a_donor_who_is_called_otherwise_is_known_by_the_number(session: Session, fund: Fund) -> None:
    assert interested(fund, "阿某", session=session, phone="137 0000 1111") == [("donor_phone", 1)]


def test_donors_of_another_fund_are_not(session: Session, fund: Fund) -> None:
    with writing() as writer:
        other = factories.fund(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(other, 1_000_000, donor_name="别的捐赠人", donor_phone="13700002222")
    assert interested(other, "大额捐赠人", session=session) == []


def test_officers_and_whoever_handles_the_payout_are_pointed_out(session: Session, fund: Fund) -> None:
    with writing() as writer:
        for name, until in (("现任理事", None), ("前任理事", date(2020, 1, 1))):
            writer.add(
                Officer(
                    subject_kind=SubjectKind.ORGANISATION,
                    subject_id=fund.organisation_id,
                    name=name,
                    position="理事",
                    body=Body.DECIDING,
                    since=date(2018, 1, 1),
                    until=until,
                )
            )
        writer.get_one(Organisation, fund.organisation_id).legal_representative = "法定某"
    names = ("现任理事", "前任理事", "法定某", people.clerk().display_name, people.reviewer().display_name)
    assert interested(fund, *names, session=session) == [
        (InterestKind.OFFICER.value, 1),
        (InterestKind.OFFICER.value, 3),
        (InterestKind.STAFF.value, 4),
        (InterestKind.STAFF.value, 5),
    ]


def test_a_payout_to_somebody_with_an_interest_is_approved_only_with_a_reason(
    session: Session, fund: Fund
) -> None:
    payout = requested(fund, made_list(fund, row(1, name="大额捐赠人")))
    with pytest.raises(Conflict):
        approved(payout)
    for reason in ("", "大额捐赠人核实过了", f"证件 {citizen(1)} 核实过"):
        with pytest.raises(Invalid):
            interests.note_reason(payout.id, reason, people.reviewer())
    with pytest.raises(Forbidden):
        interests.note_reason(payout.id, "我自己核实过了", people.clerk())
    interests.note_reason(payout.id, "第 1 行已核对身份证，只是同名", people.reviewer())
    assert approved(payout).state == "approved"
    kept = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "disbursement.interest_explained")
    ).one()
    assert kept.detail == {"kinds": ["donor_name"], "reason": "第 1 行已核对身份证，只是同名"}


def test_a_reason_given_for_another_version_does_not_count(session: Session, fund: Fund) -> None:
    made = made_list(fund, row(1, name="大额捐赠人"))
    payout = requested(fund, made)
    interests.note_reason(payout.id, "第 1 行只是同名", people.reviewer())
    reviewing.return_to_maker(payout.id, people.reviewer(), payout.version, "请核对账号")
    details = gifts.payout_details(fund, made.total_fen, beneficiary_count=None, beneficiary_list=made.id)
    spending.mend(payout.id, details, people.clerk(), payout.version)
    with pytest.raises(Conflict):
        approved(payout)


def test_the_bank_is_told_exactly_what_was_approved_and_each_export_is_on_record(
    session: Session, fund: Fund
) -> None:
    payout = requested(fund, made_list(fund, row(1), row(2, 50_050, name="=HYPERLINK乙")))
    with pytest.raises(Conflict):
        bank_file.bank_file(payout.id, people.clerk())
    approved(payout)
    book = CalamineWorkbook.from_filelike(io.BytesIO(bank_file.bank_file(payout.id, people.clerk())))
    rows = book.get_sheet_by_index(0).to_python()
    assert [one[1:5] for one in rows[1:]] == [
        [card(1), person(1).name, "中国建设银行广州海珠支行", 1000.0],
        [card(2), "=HYPERLINK乙", "中国建设银行广州海珠支行", 500.5],
    ]
    exports = select(func.count()).where(AuditEvent.action == "beneficiary_list.exported_for_bank")
    assert session.scalar(exports) == 1


def test_without_an_account_there_is_no_bank_file(fund: Fund) -> None:
    payout = approved(requested(fund, made_list(fund, row(1, account=""))))
    with pytest.raises(Conflict) as refusal:
        bank_file.bank_file(payout.id, people.clerk())
    assert "第 1 行" in str(refusal.value)


def test_a_bank_file_of_another_organisation_is_not_there(
    session: Session, fund: Fund, clerk_of: Any
) -> None:
    payout = approved(requested(fund, made_list(fund)))
    with writing() as writer:
        other = factories.organisation(writer)
    with pytest.raises(NotFound):
        bank_file.bank_file(payout.id, clerk_of(other.id))


def test_a_transfer_that_came_back_is_noted(session: Session, fund: Fund) -> None:
    made = made_list(fund)
    payout = approved(requested(fund, made))
    first = lists.find_row(session, made, 1).id
    with pytest.raises(Conflict):
        bank_file.mark_returned(first, today(), "户名不符", people.clerk())
    gifts.paid(payout)
    bank_file.mark_returned(first, today(), "户名不符", people.clerk())
    shown = pointers.of_payout(session, payout.id, people.clerk())
    assert (shown.returned_count, shown.returned_fen) == (1, 100_000)


def test_a_person_who_waits_to_be_paid_is_not_erased_yet(session: Session, fund: Fund) -> None:
    made = made_list(fund, row(1))
    payout = requested(fund, made)
    found = lists.find_row(session, made, 1)
    with pytest.raises(Conflict):
        register.erase(found.id, people.clerk(), person(1).name)
    gifts.paid(approved(payout))
    assert register.erase(found.id, people.clerk(), person(1).name) == 1
    assert payout.beneficiary_count == 1 and payout.amount_fen == 100_000


def copies(session: Session, fund: Fund, number: int) -> None:
    """So many payouts of old to one other person each, as rows."""
    with writing() as writer:
        payout = writer.scalars(select(Disbursement).limit(1)).one()
        columns = {c.name: getattr(payout, c.name) for c in Disbursement.__table__.columns if c.name != "id"}
        model = writer.scalars(select(BeneficiaryList).limit(1)).one()
        of_list = {c.name: getattr(model, c.name) for c in BeneficiaryList.__table__.columns}
        someone = writer.scalars(select(Beneficiary).limit(1)).one()
        facts = {c.name: getattr(someone, c.name) for c in Beneficiary.__table__.columns if c.name != "id"}
        names = [f"{n:064d}" for n in range(number)]
        insert_many(
            writer,
            Disbursement,
            [
                {**columns, "id": 1000 + n, "disbursement_no": f"X{n}", "idempotency_key": f"x{n}"}
                for n in range(number)
            ],
        )
        insert_many(
            writer,
            BeneficiaryList,
            [
                {**of_list, "id": 1000 + n, "disbursement_id": 1000 + n, "fingerprint": ""}
                for n in range(number)
            ],
        )
        digests = [one for one in facts if one.endswith("_digest")]
        insert_many(
            writer,
            Beneficiary,
            [{**facts, "list_id": 1000 + n, **dict.fromkeys(digests, names[n])} for n in range(number)],
        )


def test_among_many_payouts_the_pointers_are_found_as_fast(session: Session, fund: Fund) -> None:
    payout = requested(fund, made_list(fund, *(row(n) for n in range(1, 30))))

    def seconds() -> float:
        taken = []
        for _time in range(5):
            session.rollback()
            began = time.perf_counter()
            assert pointers.of_payout(session, payout.id, people.reviewer()) is not None
            taken.append(time.perf_counter() - began)
        return min(taken)

    few = seconds()
    copies(session, fund, 20_000)
    with writing() as writer:
        writer.execute(text("ANALYZE"))  # the server does so by itself after a while
    assert seconds() < 1.5 * few + 0.01
