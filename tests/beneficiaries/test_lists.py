"""Lists of persons: judged row by row, mended, and never a name in the clear."""

import time
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.beneficiaries import listing, lists
from portal.beneficiaries.judging import judge_of
from portal.beneficiaries.lists import NewList
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person
from portal.db import db, writing
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Fund
from portal.staff.scope import Scope
from tests import factories, people
from tests.beneficiaries.persons import card, citizen, made_list, row
from tests.people import ClerkOf

CHILD = date(2016, 3, 1)


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def faults(of_list: BeneficiaryList, position: int = 1) -> list[str]:
    session = db.session()
    found = lists.find_row(session, of_list, position)
    judge = judge_of(session, of_list, Scope.district())
    return [one.fault.value for one in judge.findings(found, Person.of(found), found.amount_fen)]


def test_a_list_in_order_counts_and_sums(fund: Fund) -> None:
    made = made_list(fund)
    assert (made.rows, made.fine, made.total_fen, made.mended) == (3, 3, 300_000, True)


def test_nothing_of_a_person_stands_in_the_database_in_the_clear(fund: Fund, session: Session) -> None:
    made_list(fund, row(1, name="独一无二名", remark="低保户", guardian="监护某"))
    for query in ("SELECT * FROM beneficiary", "SELECT * FROM beneficiary_list", "SELECT * FROM audit_event"):
        kept = repr(session.execute(text(query)).all())
        for word in ("独一无二名", "低保户", "监护某", citizen(1), card(1), "13800000001"):
            assert word not in kept


@pytest.mark.parametrize(
    ("given", "amount", "fault"),
    [
        ({"name": ""}, 1, "no_name"),
        ({"name": "440105"}, 1, "odd_name"),
        ({}, None, "no_amount"),
        ({"amount_words": "三千"}, None, "bad_amount"),
        ({"document_no": citizen(1)[:17] + "A"}, 1, "document_signs"),
        ({"document_no": citizen(1)[:16]}, 1, "document_length"),
        ({"document_no": "4.40105E+17"}, 1, "lost_digits"),
        ({"account": "6.21700E+18"}, 1, "lost_digits"),
        ({"document_kind": "passport", "document_no": "E1"}, 1, "document_form"),
        ({"phone": "139"}, 1, "bad_phone"),
        ({"account": "卡号未知"}, 1, "bad_account"),
        ({"account": card(1)[:-1] + str((int(card(1)[-1]) + 1) % 10)}, 1, "card_check"),
        ({"document_no": citizen(1, CHILD)}, 1, "no_guardian"),
        ({"street": "没有这条街道"}, 1, "unknown_street"),
    ],
)
def test_what_is_wrong_is_named(fund: Fund, given: dict[str, str], amount: int | None, fault: str) -> None:
    made = made_list(fund, row(1, amount, **given))
    assert faults(made) == [fault]
    assert not made.mended


def test_a_child_with_a_guardian_and_a_passbook_are_fine(fund: Fund) -> None:
    assert made_list(
        fund, row(1, document_no=citizen(1, CHILD), guardian="家长"), row(2, account="44050110")
    ).mended


def test_the_same_person_twice_is_found_by_document_or_by_name_and_number(fund: Fund) -> None:
    made = made_list(
        fund, row(1), row(1, account=card(8), phone=""), row(2, document_no=""), row(2, account="")
    )
    assert [faults(made, position) for position in (1, 2, 3, 4)] == [[], ["same_person"], [], ["same_person"]]


def test_two_people_of_one_name_with_documents_are_two(fund: Fund) -> None:
    other = row(2, name=row(1).person.name, phone=row(1).person.phone, account="")
    assert made_list(fund, row(1), other).mended


def test_two_people_with_one_account_are_looked_at(fund: Fund) -> None:
    made = made_list(fund, row(1), row(2, account=card(1)))
    assert faults(made, 2) == ["same_account"]
    assert made.to_confirm == 1
    kept = lists.keep(made.id, 2, people.clerk(), made.version)
    assert kept.mended and kept.total_fen == 200_000


def test_a_row_is_mended_and_left_out(fund: Fund) -> None:
    made = made_list(fund, row(1, None), row(2), row(3, phone="1"))
    mended = lists.mend(made.id, 1, row(1, 50_000), people.clerk(), made.version)
    assert (mended.fine, mended.to_mend, mended.total_fen) == (2, 1, 150_000)
    left = lists.leave_out(made.id, 3, people.clerk(), mended.version)
    assert left.mended and left.left_out == 1
    with pytest.raises(Conflict):
        lists.mend(made.id, 1, row(1), people.clerk(), made.version - 1)


def test_leaving_one_of_two_out_clears_the_other(fund: Fund) -> None:
    made = made_list(fund, row(1), row(1))
    assert lists.leave_out(made.id, 1, people.clerk(), made.version).mended


def test_an_empty_list_is_filled_by_hand(fund: Fund) -> None:
    made, _fresh = lists.create(NewList(fund.organisation_id, "孤寡老人"), [], people.clerk())
    assert not made.mended
    filled = lists.add(made.id, row(1), people.clerk(), made.version)
    assert filled.mended and filled.total_fen == 100_000


def test_the_same_list_is_noticed_and_not_taken_in_twice(fund: Fund) -> None:
    first = made_list(fund)
    again, fresh = lists.create(
        NewList(fund.organisation_id, "困难家庭学生"), [row(3), row(1), row(2)], people.clerk()
    )
    assert (again.id, fresh) == (first.id, False)


def test_a_dropped_list_keeps_nobody(fund: Fund, session: Session) -> None:
    made = made_list(fund)
    lists.drop(made.id, people.clerk(), made.version)
    assert session.scalars(select(Beneficiary)).all() == []
    with pytest.raises(NotFound):
        lists.find(session, made.id, people.clerk())


def test_the_group_names_nobody(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        made_list(fund, row(1, name="王小明"), group="学生王小明")
    assert "王小明" in str(refusal.value.errors["group"])


def test_a_list_of_another_organisation_is_not_there(fund: Fund, session: Session, clerk_of: ClerkOf) -> None:
    made = made_list(fund)
    with writing() as writer:
        other = factories.organisation(writer)
    with pytest.raises(NotFound):
        lists.find(session, made.id, clerk_of(other.id))
    with pytest.raises(NotFound):
        lists.create(NewList(fund.organisation_id, "学生"), [row(1)], clerk_of(other.id))


def test_five_thousand_persons_are_taken_in_in_a_moment(fund: Fund, session: Session) -> None:
    began = time.perf_counter()
    made = made_list(
        fund,
        *(
            row(
                1,
                name=f"学生{chr(0x4E00 + n)}{chr(0x5E00 + n)}",
                document_no="",
                phone=f"139{n:08d}",
                account=card(n),
            )
            for n in range(5_000)
        ),
    )
    assert made.mended, faults(made)
    assert time.perf_counter() - began < 15
    assert len(listing.rows(session, made, state=PersonState.FINE)) == listing.ROWS
