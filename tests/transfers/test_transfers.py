"""Transfers: restricted money keeps its restriction, nothing is promised twice, and every sum stays right."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bills, entries
from portal.disclosure.bill_reading import figures_of
from portal.disclosure.bill_scopes import BillScope
from portal.disclosure.entries import LedgerQuery
from portal.ledger.balances import available_fen
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.models import Direction, EntryKind
from portal.ledger.trail import shares_of
from portal.ledger.verification import verify
from portal.periods import Month, today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund, FundKind, Organisation, Status
from portal.registry.purposes import CharitablePurpose
from portal.registry.services.organisations import ORGANISATIONS
from portal.reversals import service as reversals
from portal.staff.documents import DocumentState
from portal.transfers import service
from tests import factories, gifts, moves, people
from tests.people import ClerkOf

CARE, CULTURE, DISASTER = CharitablePurpose.CARE, CharitablePurpose.CULTURE, CharitablePurpose.DISASTER


@pytest.fixture
def funds(session: Session) -> list[Fund]:
    """Two funds of one organisation and one of another; the first holds a thousand yuan."""
    with writing() as writer:
        owner = factories.organisation(writer)
        made = [factories.fund(writer, organisation_id=owner.id) for _ in range(2)]
        made.append(factories.fund(writer))
    gifts.posted_gift(made[0], 100_000)
    return made


def _bound(*purposes: CharitablePurpose, of: Fund | None = None, fen: int = 0) -> Fund:
    with writing() as writer:
        owner = of.organisation_id if of else None
        made = factories.fund(writer, organisation_id=owner, purposes=purposes)
    if fen:
        gifts.posted_gift(made, fen)
    return made


def _held(*funds: Fund) -> list[int]:
    db.session.rollback()
    held = fund_balances(db.session(), [fund.id for fund in funds])
    return [held[fund.id] for fund in funds]


def test_a_waiting_transfer_is_set_aside_and_posting_it_moves_the_money(funds: list[Fund]) -> None:
    home, other, _ = funds
    waiting = moves.transfer(home, other, 60_000)
    assert _held(home, other) == [100_000, 0]
    assert available_fen(db.session(), home.id) == 40_000
    done = service.approve(waiting.id, people.reviewer(), waiting.version)
    assert done.state is DocumentState.POSTED and done.entry is not None
    assert done.entry.kind is EntryKind.TRANSFER and done.entry.reason == waiting.reason
    assert _held(home, other) == [40_000, 60_000]
    assert available_fen(db.session(), home.id) == 40_000
    assert verify(db.session()).ok


def test_what_is_returned_or_withdrawn_is_free_again(funds: list[Fund]) -> None:
    home, other, _ = funds
    first, second = moves.transfer(home, other, 30_000), moves.transfer(home, other, 40_000)
    service.return_to_maker(first.id, people.reviewer(), first.version, "请先问捐赠人")
    service.withdraw(first.id, people.clerk(), first.version)
    service.withdraw(second.id, people.clerk(), second.version)
    db.session.rollback()
    assert available_fen(db.session(), home.id) == 100_000


def test_a_transfer_cannot_promise_what_the_fund_has_not(funds: list[Fund]) -> None:
    moves.transfer(funds[0], funds[1], 60_000)
    with pytest.raises(Invalid) as refusal:
        moves.transfer(funds[0], funds[1], 50_000)
    assert "400.00" in str(refusal.value.errors["amount"])


def test_who_requested_a_transfer_does_not_approve_it(funds: list[Fund]) -> None:
    waiting = moves.transfer(funds[0], funds[1])
    with pytest.raises(Forbidden):
        service.approve(waiting.id, people.clerk(), waiting.version)


def test_the_same_request_twice_is_one_transfer(funds: list[Fund]) -> None:
    details = service.TransferDetails(funds[0].code, funds[1].code, 500, "合并使用", today())
    first = service.request(details, people.clerk(), "twice")
    assert service.request(details, people.clerk(), "twice").id == first.id
    other = service.TransferDetails(funds[0].code, funds[1].code, 600, "合并使用", today())
    with pytest.raises(Conflict):
        service.request(other, people.clerk(), "twice")


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ((DISASTER,), (DISASTER,), True),
        ((DISASTER, CARE), (CARE,), True),
        ((DISASTER,), (DISASTER, CARE), False),
        ((DISASTER,), (CULTURE,), False),
        ((DISASTER,), (), False),
        ((), (CARE,), True),
    ],
)
def test_restricted_money_keeps_its_restriction(
    funds: list[Fund],
    source: tuple[CharitablePurpose, ...],
    target: tuple[CharitablePurpose, ...],
    kept: bool,
) -> None:
    left, entered = _bound(*source, of=funds[0], fen=5_000), _bound(*target, of=funds[0])
    if kept:
        assert moves.posted_transfer(left, entered).entry_id
        return
    with pytest.raises(Invalid) as refusal:
        moves.transfer(left, entered)
    said = str(refusal.value.errors["to_fund"])
    assert left.name in said and left.restriction in said and "变更用途" in said


def test_a_fund_that_was_widened_while_a_transfer_waited_is_noticed(funds: list[Fund]) -> None:
    left, entered = _bound(DISASTER, of=funds[0], fen=5_000), _bound(DISASTER, of=funds[0])
    waiting = moves.transfer(left, entered)
    with writing() as writer:
        fund = writer.get_one(Fund, entered.id)
        fund.restricted, fund.restriction = False, ""
    with pytest.raises(Invalid):
        service.approve(waiting.id, people.reviewer(), waiting.version)


def test_a_grant_to_another_organisation_is_one_entry_and_counts_once(funds: list[Fund]) -> None:
    home, _, foreign = funds
    granted = moves.posted_transfer(home, foreign, 60_000)
    assert granted.entry is not None
    accounts = [(line.account_code, line.fund_id, line.amount_fen) for line in granted.entry.postings]
    assert accounts == [
        ("5101", home.id, 60_000),
        ("1002", home.id, -60_000),
        ("1002", foreign.id, 60_000),
        ("410102", foreign.id, -60_000),
    ]
    session = db.session()
    of_all = totals(session, Filters())
    assert (of_all.received_fen, of_all.disbursed_fen, of_all.balance_fen) == (100_000, 0, 100_000)
    giver = totals(session, Filters(organisation_id=home.organisation_id))
    taker = totals(session, Filters(organisation_id=foreign.organisation_id))
    assert (giver.moved.out_fen, giver.balance_fen) == (60_000, 40_000)
    assert (taker.received_fen, taker.moved.in_fen, taker.balance_fen) == (0, 60_000, 60_000)
    assert verify(session).ok


def test_the_way_of_a_gift_leads_through_a_grant(funds: list[Fund]) -> None:
    home, _, foreign = funds
    gift = gifts.posted_gift(home, 5_000)
    granted = moves.posted_transfer(home, foreign, 103_000)
    paid = gifts.posted_payout(foreign, 101_000)
    shares = shares_of(db.session(), gift.entry_id or 0)
    assert [(one.entry_id, one.amount_fen, one.through) for one in shares] == [
        (paid.entry_id, 1_000, (granted.entry_id,)),
        (None, 2_000, ()),
        (None, 2_000, (granted.entry_id,)),
    ]


def test_both_funds_list_a_transfer_and_neither_sum_counts_it(funds: list[Fund]) -> None:
    home, other, foreign = funds
    moved = moves.posted_transfer(home, other, 60_000).entry_id
    granted = moves.posted_transfer(home, foreign, 10_000).entry_id
    session = db.session()

    def listed(**filters: object) -> list[int]:
        page = entries.page(session, LedgerQuery(Filters(**filters)))  # type: ignore[arg-type]
        return [one.id for one in page.entries if one.moves]

    assert listed(fund_id=home.id) == [granted, moved]
    assert listed(fund_id=other.id) == [moved]
    assert listed(fund_id=foreign.id) == listed(organisation_id=foreign.organisation_id) == [granted]
    assert listed(organisation_id=home.organisation_id) == [granted, moved]
    assert listed() == listed(direction=Direction.OUT) == [granted, moved]
    assert listed(direction=Direction.IN) == listed(direction=Direction.OUT, fund_id=other.id) == []
    assert listed(direction=Direction.IN, fund_id=other.id) == [moved]
    narrow = entries.Selected(session, LedgerQuery(Filters(fund_id=home.id), least_fen=1)).summary()
    assert (narrow.received_fen, narrow.disbursed_fen) == (100_000, 0)


def test_a_long_list_of_a_fund_turns_its_pages_through_transfers(funds: list[Fund]) -> None:
    home, other, _ = funds
    wanted = []
    for number in range(4):
        wanted += [
            gifts.posted_gift(other, 100 + number).entry_id,
            moves.posted_transfer(home, other).entry_id,
        ]
    session, after, seen = db.session(), None, []
    while True:
        page = entries.page(session, LedgerQuery(Filters(fund_id=other.id)), after=after, limit=3)
        seen += [one.id for one in page.entries]
        if page.following is None:
            break
        after = page.following
    assert seen == wanted[::-1]


def test_bills_add_up_with_what_was_moved(funds: list[Fund]) -> None:
    home, other, foreign = funds
    moves.posted_transfer(home, other, 60_000)
    moves.posted_transfer(home, foreign, 10_000)
    gifts.posted_payout(other, 25_000)
    session, month = db.session(), Month.of(today())

    def figures(scope: BillScope) -> tuple[int, ...]:
        bill = figures_of(session, scope, month)
        moved = bill.moved
        assert bill.closing_fen == (
            bill.opening_fen + bill.income_fen - bill.outgo_fen + moved.in_fen - moved.out_fen
        )
        assert len(bill.rows) == bill.entry_count
        return (bill.income_fen, bill.outgo_fen, moved.in_fen, moved.out_fen, bill.closing_fen)

    owner, taker = home.organisation, foreign.organisation
    assert figures(BillScope(home)) == (100_000, 0, 0, 70_000, 30_000)
    assert figures(BillScope(other)) == (0, 25_000, 60_000, 0, 35_000)
    assert figures(BillScope(owner)) == (100_000, 25_000, 0, 10_000, 65_000)
    assert figures(BillScope(taker)) == (0, 0, 10_000, 0, 10_000)


def test_a_transfer_into_closed_books_of_the_receiver_needs_a_reason(session: Session) -> None:
    last_month = Month.of(today()).plus(-1)
    with writing() as writer:
        home, foreign = factories.fund(writer), factories.fund(writer)
    gifts.posted_gift(home, 10_000, last_month.first)
    bills.publish(foreign.organisation.uscc, last_month, "", people.clerk())
    with pytest.raises(Invalid) as refusal:
        moves.transfer(home, foreign, moved_on=last_month.last)
    assert "late_reason" in refusal.value.errors
    late = moves.posted_transfer(home, foreign, moved_on=last_month.last, late_reason="银行回单晚到")
    assert late.entry is not None and late.entry.booked_on == today()


def test_a_published_bill_keeps_what_was_moved(session: Session) -> None:
    last_month = Month.of(today()).plus(-1)
    with writing() as writer:
        owner = factories.organisation(writer)
        home, other = (factories.fund(writer, organisation_id=owner.id) for _ in range(2))
    gifts.posted_gift(home, 10_000, last_month.first)
    moves.posted_transfer(home, other, 4_000, moved_on=last_month.last)
    bill = bills.publish(other.code, last_month, "", people.clerk())
    assert (bill.moved_in_fen, bill.moved_out_fen, bill.closing_fen) == (4_000, 0, 4_000)
    assert verify(db.session()).ok


def test_a_reversed_transfer_brings_the_money_back(funds: list[Fund]) -> None:
    home, other, _ = funds
    moved = moves.posted_transfer(home, other, 60_000)
    assert moved.entry is not None
    gifts.reversed_entry(moved.entry, "转错了基金")
    assert _held(home, other) == [100_000, 0]
    sums = totals(db.session(), Filters(fund_id=other.id))
    assert (sums.moved.in_fen, sums.balance_fen) == (0, 0)
    assert verify(db.session()).ok


def test_only_who_reaches_both_organisations_takes_a_grant_back(funds: list[Fund], clerk_of: ClerkOf) -> None:
    home, _, foreign = funds
    granted = moves.posted_transfer(home, foreign, 60_000)
    assert granted.entry is not None
    with pytest.raises(Invalid):
        reversals.request(granted.entry.entry_no, "转错了", clerk_of(home.organisation_id), "grant-back")
    gifts.reversed_entry(granted.entry, "转错了")
    assert _held(home, foreign) == [100_000, 0]


def test_another_organisations_clerk_neither_sees_nor_moves_the_money(
    funds: list[Fund], clerk_of: ClerkOf
) -> None:
    home, _, foreign = funds
    stranger = clerk_of(foreign.organisation_id)
    waiting = moves.transfer(home, foreign)
    with pytest.raises(NotFound):
        service.find(db.session(), waiting.id, stranger)
    details = service.TransferDetails(home.code, foreign.code, 500, "拿过来", today())
    with pytest.raises(Invalid) as refusal:
        service.request(details, stranger, "stranger")
    assert "from_fund" in refusal.value.errors


def test_what_leaves_a_community_fund_needs_its_committee(session: Session) -> None:
    with writing() as writer:
        owner, street = factories.organisation(writer), factories.street(writer)
        home = factories.fund(writer, organisation_id=owner.id, kind=FundKind.COMMUNITY, street_id=street.id)
        other = factories.fund(writer, organisation_id=owner.id)
    gifts.posted_gift(home, 50_000)
    with pytest.raises(Invalid) as refusal:
        moves.transfer(home, other)
    assert "committee_decision" in refusal.value.errors
    moves.committee(home)
    decided = moves.confirmed_decision(home, 10_000)
    waiting = moves.transfer(home, other, 8_000, committee_decision_id=decided.id)
    db.session.refresh(decided)
    assert (decided.committed_fen, decided.spent_fen) == (8_000, 0)
    with pytest.raises(Invalid):
        moves.transfer(home, other, 3_000, committee_decision_id=decided.id)
    service.approve(waiting.id, people.reviewer(), waiting.version)
    db.session.refresh(decided)
    assert (decided.committed_fen, decided.spent_fen, decided.left_fen) == (0, 8_000, 2_000)


def test_much_money_leaves_for_another_organisation_with_two_reviewers(funds: list[Fund]) -> None:
    with writing() as writer:
        writer.get_one(Organisation, funds[0].organisation_id).second_approval_fen = 50_000
    waiting = moves.transfer(funds[0], funds[2], 60_000)
    first = service.approve(waiting.id, people.reviewer(), waiting.version)
    assert first.state is DocumentState.PENDING and _held(funds[2]) == [0]
    with pytest.raises(Forbidden):
        service.approve(waiting.id, people.reviewer(), waiting.version)
    service.approve(waiting.id, people.second_reviewer(), waiting.version)
    assert _held(funds[2]) == [60_000]
    assert moves.posted_transfer(funds[0], funds[1], 40_000).entry_id is not None, "within one organisation"


def test_a_threshold_is_not_lifted_for_one_grant(funds: list[Fund]) -> None:
    with writing() as writer:
        writer.get_one(Organisation, funds[0].organisation_id).second_approval_fen = 50_000
    waiting = moves.transfer(funds[0], funds[2], 60_000)
    owner = db.session.get_one(Organisation, funds[0].organisation_id, populate_existing=True)
    details = replace(ORGANISATIONS.details(owner), second_approval_fen=None)
    ORGANISATIONS.edit(people.clerk(), owner.uscc, details, "放宽限额")
    service.approve(waiting.id, people.reviewer(), waiting.version)
    assert _held(funds[2]) == [0]


def test_money_does_not_enter_a_fund_that_was_closed_meanwhile(funds: list[Fund]) -> None:
    waiting = moves.transfer(funds[0], funds[1], 10_000)
    with writing() as writer:
        writer.get_one(Fund, funds[1].id).status = Status.CLOSED
    db.session.rollback()
    with pytest.raises(Invalid):
        service.approve(waiting.id, people.reviewer(), waiting.version)


@pytest.mark.parametrize(("direction", "listed"), [(Direction.IN, 1), (Direction.OUT, 0), (None, 1)])
def test_what_came_by_transfer_is_listed_as_coming_in(
    funds: list[Fund], direction: Direction | None, listed: int
) -> None:
    moves.posted_transfer(funds[0], funds[1], 10_000)
    query = LedgerQuery(filters=Filters(fund_id=funds[1].id, direction=direction))
    assert len(entries.page(db.session(), query).entries) == listed
