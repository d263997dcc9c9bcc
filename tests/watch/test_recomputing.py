"""What somebody with the database in hand changes behind the back of the portal is found when all is recomputed."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.evidence.leaves import lost_evidence
from portal.periods import today
from portal.registry.models import Fund
from portal.translog.appending import append
from portal.translog.beginning import signer_of
from portal.watch.recomputing import recompute
from tests import factories, gifts
from tests.tampering import behind_the_back


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift of a donor who agreed to be named."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 12_345, donor_name="何桂芳", publish_name=True)
    return made


def found(app: Flask) -> set[str]:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    db.session.rollback()
    return {one.kind for one in recompute(db.session(), signer_of(settings)).differences}


def test_books_that_nobody_touched_are_in_order(app: Flask, fund: Fund) -> None:
    assert found(app) == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE donation SET amount_fen = amount_fen * 100",
        "UPDATE donation SET received_on = '2020-02-02'",
        "UPDATE donation SET entry_id = NULL, state = 'withdrawn'",
    ],
)
def test_a_gift_that_is_no_longer_what_was_posted_is_found(app: Flask, fund: Fund, change: str) -> None:
    behind_the_back(change)
    assert "donation" in found(app)


def test_published_evidence_that_is_gone_is_found(app: Flask, fund: Fund) -> None:
    leaf = {
        "kind": "evidence",
        "date": today().isoformat(),
        "subject": "disbursement",
        "document": "P-2026-000001",
    }
    with writing() as session:
        append(session, {**leaf, "evidence": "voucher", "sha256": "0" * 64})
    assert [kind for kind, *_rest in lost_evidence(db.session())] == ["evidence"]
