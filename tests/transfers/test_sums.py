"""Whatever is moved, the sums of all funds stay; and eight who move at once never move what is not there."""

import subprocess
import sys

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.ledger.balances import available_fen
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.verification import verify
from portal.refusals import Refusal
from portal.registry.models import Fund
from portal.registry.purposes import CharitablePurpose
from portal.transfers import service
from portal.transfers.models import FundTransfer
from tests import factories, gifts, moves, people

MOVERS, TIMES, FEN, AFFORDABLE = 8, 5, 100, 20

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "change", "approve", "approve", "return", "withdraw", "reverse"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(1, 3_000),
    ),
    min_size=3,
    max_size=20,
)


def _funds() -> list[Fund]:
    """Two free and two bound funds of two organisations, each with a hundred yuan."""
    bound: list[list[CharitablePurpose]] = [[], [], [CharitablePurpose.CARE], [CharitablePurpose.CULTURE]]
    with writing() as writer:
        owners = [factories.organisation(writer).id for _ in range(2)]
        made = [
            factories.fund(writer, organisation_id=owners[number % 2], purposes=purposes)
            for number, purposes in enumerate(bound)
        ]
    for fund in made:
        gifts.posted_gift(fund, 10_000)
    return made


def _step(funds: list[Fund], made: list[FundTransfer], step: tuple[str, int, int, int]) -> None:
    what, source, target, amount = step
    if what == "move":
        made.append(moves.transfer(funds[source], funds[target], amount))
    elif what == "change":
        made.append(moves.change(funds[source], funds[target], amount))
    elif made:
        one = made[amount % len(made)]
        if what == "reverse" and one.entry is not None:
            gifts.reversed_entry(one.entry)
        elif what == "withdraw":
            service.withdraw(one.id, people.clerk(), one.version)
        elif what == "return":
            service.return_to_maker(one.id, people.reviewer(), one.version, "不需要了")
        elif what == "approve":
            if one.change is not None:
                moves.proven(one)
            service.approve(one.id, people.reviewer(), one.version)


@pytest.mark.one_engine
def test_moving_changes_no_sum(app: Flask, app_context: None) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def hold(steps: list[tuple[str, int, int, int]]) -> None:
        funds, made = _funds(), list[FundTransfer]()
        for step in steps:
            try:
                _step(funds, made, step)
            except Refusal:
                continue
        session = db.session()
        held = fund_balances(session, [fund.id for fund in funds])
        assert sum(held.values()) == 40_000
        waiting = sum(one.reserved_fen for one in made)
        assert sum(available_fen(session, fund.id) for fund in funds) == 40_000 - waiting
        for fund in funds:
            assert totals(session, Filters(fund_id=fund.id)).balance_fen == held[fund.id]
        owners = {fund.organisation_id for fund in funds}
        assert sum(totals(session, Filters(organisation_id=one)).balance_fen for one in owners) == 40_000

    hold()
    assert verify(db.session()).ok


def test_eight_at_once_move_exactly_what_a_fund_holds(app: Flask, session: Session) -> None:
    configured: Settings = app.config["PORTAL_SETTINGS"]
    with writing() as writer:
        owner = factories.organisation(writer)
        home, other = (factories.fund(writer, organisation_id=owner.id) for _ in range(2))
    gifts.posted_gift(home, AFFORDABLE * FEN + FEN // 2)
    people.clerk(), people.reviewer()
    command = [sys.executable, "-m", "tests.transfers.mover", home.code, other.code, str(TIMES), str(FEN)]
    movers = [
        subprocess.Popen(
            [*command, configured.database_url],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(MOVERS)
    ]
    for mover in movers:
        assert mover.stdout is not None and mover.stdout.readline().strip() == "ready"
    for mover in movers:
        assert mover.stdin is not None
        mover.stdin.write("go\n")
        mover.stdin.flush()
    moved = [int(mover.stdout.readline()) for mover in movers if mover.stdout is not None]
    assert all(mover.wait(timeout=120) == 0 for mover in movers)
    assert sum(moved) == AFFORDABLE
    db.session.rollback()
    assert fund_balances(db.session(), [home.id, other.id]) == {
        home.id: FEN // 2,
        other.id: AFFORDABLE * FEN,
    }
    assert verify(db.session()).ok
