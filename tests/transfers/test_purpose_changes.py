"""A change of purpose rests on consent, a notice of sixty days, or a filed plan; until then the money stays bound."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.balances import available_fen
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.models import EntryKind
from portal.ledger.trail import shares_of
from portal.ledger.verification import verify
from portal.periods import now, today
from portal.refusals import Conflict, Forbidden, Invalid
from portal.registry.models import Fund
from portal.registry.purposes import CharitablePurpose
from portal.registry.services import changes
from portal.registry.services.funds import FUNDS
from portal.reversals import service as reversals
from portal.staff.documents import DocumentState
from portal.transfers import noticing, service
from portal.transfers.models import ChangeBasis, FundTransfer
from tests import factories, gifts, moves, people
from tests.people import LogIn

CULTURE, DISASTER = CharitablePurpose.CULTURE, CharitablePurpose.DISASTER


@pytest.fixture
def funds(session: Session) -> list[Fund]:
    """A fund bound to disasters with a thousand yuan, and one bound to schooling, of one organisation."""
    with writing() as writer:
        owner = factories.organisation(writer)
        made = [
            factories.fund(writer, organisation_id=owner.id, purposes=[purpose], restriction=words)
            for purpose, words in ((DISASTER, "只用于救灾"), (CULTURE, "只用于助学"))
        ]
    gifts.posted_gift(made[0], 100_000)
    return made


@pytest.fixture
def noticed(funds: list[Fund]) -> FundTransfer:
    """A change whose notice was opened today."""
    waiting = moves.change(funds[0], funds[1], 60_000, basis=ChangeBasis.NOTICE)
    return noticing.open_notice(waiting.id, people.reviewer(), waiting.version)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=True) as traveller:
        yield traveller


def _approve(transfer: FundTransfer) -> FundTransfer:
    moves.proven(transfer)
    return service.approve(transfer.id, people.reviewer(), transfer.version)


def _after(clock: time_machine.Traveller, days: int) -> None:
    clock.shift(timedelta(days=days))
    db.session.rollback()


def test_consent_changes_the_purpose_by_an_entry_of_its_own(funds: list[Fund]) -> None:
    home, school = funds
    changed = _approve(moves.change(home, school, 60_000))
    assert changed.entry is not None and changed.entry.kind is EntryKind.PURPOSE_CHANGE
    assert "救助台风灾民 → 资助困难学生" in changed.entry.reason
    session = db.session()
    assert fund_balances(session, [home.id, school.id]) == {home.id: 40_000, school.id: 60_000}
    sums = totals(session, Filters())
    assert (sums.received_fen, sums.disbursed_fen) == (100_000, 0)
    assert verify(session).ok


def test_a_change_without_a_paper_of_the_decision_is_not_approved(funds: list[Fund]) -> None:
    waiting = moves.change(*funds)
    with pytest.raises(Invalid) as refusal:
        service.approve(waiting.id, people.reviewer(), waiting.version)
    assert set(refusal.value.errors) == {"evidence"}


@pytest.mark.parametrize("basis", list(ChangeBasis))
def test_each_basis_wants_its_own_proof(funds: list[Fund], basis: ChangeBasis) -> None:
    missing = {
        ChangeBasis.CONSENT: {"consent": ""},
        ChangeBasis.NOTICE: {"notice_text": "", "objections_to": ""},
        ChangeBasis.PLAN: {"filing_no": "", "filed_on": None},
    }[basis]
    with pytest.raises(Invalid) as refusal:
        moves.change(*funds, basis=basis, **missing)
    assert set(refusal.value.errors) == set(missing)


def test_a_plan_is_filed_within_ten_days_after_it_was_decided(funds: list[Fund]) -> None:
    late = {"decided_on": today() - timedelta(days=11), "filed_on": today()}
    with pytest.raises(Invalid) as refusal:
        moves.change(*funds, basis=ChangeBasis.PLAN, **late)
    assert "10" in str(refusal.value.errors["filed_on"])
    in_time = {"decided_on": today() - timedelta(days=10), "filed_on": today()}
    assert _approve(moves.change(*funds, basis=ChangeBasis.PLAN, **in_time)).entry_id


def test_a_change_goes_where_the_new_purpose_is_allowed(funds: list[Fund]) -> None:
    with pytest.raises(Invalid) as refusal:
        moves.change(*funds, new_kind=CharitablePurpose.ENVIRONMENT)
    assert "只用于助学" in str(refusal.value.errors["new_kind"])


def test_without_the_donor_money_stays_bound(funds: list[Fund]) -> None:
    with writing() as writer:
        free = factories.fund(writer, organisation_id=funds[0].organisation_id)
    with pytest.raises(Invalid) as refusal:
        moves.change(funds[0], free, basis=ChangeBasis.PLAN)
    assert "to_fund" in refusal.value.errors
    assert _approve(moves.change(funds[0], free)).entry_id


def test_a_change_never_leaves_the_organisation(funds: list[Fund]) -> None:
    with writing() as writer:
        foreign = factories.fund(writer, purposes=[CULTURE])
    with pytest.raises(Invalid) as refusal:
        moves.change(funds[0], foreign)
    assert "to_fund" in refusal.value.errors


def test_a_notice_is_opened_by_another_person(funds: list[Fund]) -> None:
    waiting = moves.change(*funds, basis=ChangeBasis.NOTICE)
    with pytest.raises(Forbidden):
        noticing.open_notice(waiting.id, people.clerk(), waiting.version)
    with pytest.raises(Invalid) as refusal:
        _approve(waiting)
    assert "notice" in refusal.value.errors
    opened = noticing.open_notice(waiting.id, people.reviewer(), waiting.version)
    assert opened.change is not None
    assert (opened.change.notice_first_day, opened.change.notice_last_day) == (
        today(),
        today() + timedelta(days=59),
    )
    with pytest.raises(Conflict):
        noticing.open_notice(waiting.id, people.reviewer(), waiting.version)


def test_a_notice_runs_sixty_whole_days(
    noticed: FundTransfer, funds: list[Fund], clock: time_machine.Traveller
) -> None:
    assert available_fen(db.session(), funds[0].id) == 40_000
    _after(clock, 59)
    with pytest.raises(Invalid) as refusal:
        _approve(noticed)
    assert today().isoformat() in str(refusal.value.errors["notice"])
    _after(clock, 1)
    changed = _approve(noticed)
    assert changed.state is DocumentState.POSTED and changed.moved_on == today()


def test_an_open_objection_holds_a_change_up(noticed: FundTransfer, clock: time_machine.Traveller) -> None:
    _after(clock, 60)
    made = noticing.object_to(noticed.id, today(), "张先生", "我的钱是给灾民的", people.clerk())
    with pytest.raises(Invalid) as refusal:
        _approve(noticed)
    assert "1" in str(refusal.value.errors["notice"])
    noticing.settle(made.id, "已退回张先生的捐款，张先生撤回异议", people.clerk())
    with pytest.raises(Conflict):
        noticing.settle(made.id, "再答复一次", people.clerk())
    assert _approve(noticed).entry_id


def test_the_public_reads_a_running_notice_and_nobodys_objection(
    noticed: FundTransfer, funds: list[Fund], client_of: LogIn
) -> None:
    noticing.object_to(noticed.id, today(), "张先生", "我的钱是给灾民的", people.clerk())
    browser = client_of(people.reviewer()).application.test_client()
    pages = [
        browser.get(address).get_data(as_text=True)
        for address in ("/notices", f"/notices/{noticed.transfer_no}", f"/funds/{funds[0].code}")
    ]
    assert all("资助困难学生" in page and "公示中" in page for page in pages)
    assert "020-00000000" in pages[1] and "收到 1 条，已答复 0 条" in pages[1]
    assert not any("张先生" in page or "给灾民" in page for page in pages)


def test_a_notice_that_was_never_opened_is_not_public(funds: list[Fund], client_of: LogIn) -> None:
    waiting = moves.change(*funds, basis=ChangeBasis.NOTICE)
    browser = client_of(people.reviewer()).application.test_client()
    assert browser.get(f"/notices/{waiting.transfer_no}").status_code == 404
    assert waiting.transfer_no not in browser.get("/notices").get_data(as_text=True)


def test_a_fund_may_be_given_another_purpose_as_a_whole(funds: list[Fund]) -> None:
    home = funds[0]
    gift = gifts.posted_gift(home, 500)
    with pytest.raises(Invalid) as refusal:
        moves.change(home, home, 60_000)
    assert "1,005.00" in str(refusal.value.errors["amount"])
    changed = _approve(moves.change(home, home, 100_500))
    session = db.session()
    assert changed.entry is not None and changed.entry.kind is EntryKind.PURPOSE_CHANGE
    fund = session.get_one(Fund, home.id)
    assert (fund.purposes, fund.restriction) == ((CULTURE,), "资助困难学生")
    assert changes.history(session, FUNDS.subject, fund.id)[0].reason == "变更用途"
    assert fund_balances(session, [home.id])[home.id] == 100_500
    assert [(one.amount_fen, one.through) for one in shares_of(session, gift.entry_id or 0)] == [
        (500, (changed.entry_id,))
    ]
    assert verify(session).ok
    with pytest.raises(Conflict):
        reversals.request(changed.entry.entry_no, "改回去", people.clerk(), "change-back")


def test_what_came_after_a_change_was_asked_for_keeps_the_old_purpose(funds: list[Fund]) -> None:
    home = funds[0]
    waiting = moves.proven(moves.change(home, home, 100_000))
    gifts.posted_gift(home, 500)
    with pytest.raises(Invalid) as refusal:
        service.approve(waiting.id, people.reviewer(), waiting.version)
    assert set(refusal.value.errors) == {"amount"}


def test_the_entry_tells_the_public_what_a_change_rests_on(funds: list[Fund], client_of: LogIn) -> None:
    changed = _approve(moves.change(*funds))
    assert changed.entry is not None
    browser = client_of(people.reviewer()).application.test_client()
    page = browser.get(f"/ledger/{changed.entry.entry_no}").get_data(as_text=True)
    for words in ("变更用途", "只是换了基金或用途", "捐赠人同意", "书面同意", "理事会第 3 次会议"):
        assert words in page
    answer = browser.get(f"/api/v1/ledger/{changed.entry.entry_no}").get_json()
    assert (answer["kind"], answer["direction"]) == ("purpose_change", "out")
    assert (answer["recipient"], answer["fund"]["code"]) == (funds[1].name, funds[0].code)


@pytest.fixture
def client_of(log_in: LogIn) -> LogIn:
    """A browser; the tests above use a fresh one of the same app."""
    return log_in
