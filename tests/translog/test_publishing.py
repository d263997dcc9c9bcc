"""From the books to the signed head: every posting has its leaf, and only what continues the past is signed."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.giving import service
from portal.ledger.models import Entry
from portal.registry.models import Fund
from portal.translog import beginning, notes, publishing, reading, tree
from portal.translog.appending import append
from portal.translog.checkpoints import Checkpoint
from portal.translog.signing import Signer
from tests import factories, gifts, people
from tests.tampering import forget_last_leaf


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund without gifts."""
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def signer(app: Flask) -> Signer:
    """The signer of the app."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return beginning.signer_of(settings)


def test_a_log_begins_with_its_rules_and_its_key(session: Session, signer: Signer) -> None:
    kinds = list(reading.leaves(session, 0, reading.log_size(session)))
    assert b'"kind":"policy"' in kinds[0] and signer.verifier_keys()[0].line().encode() in kinds[1]


def test_every_entry_has_exactly_one_leaf_and_proves_it(fund: Fund, signer: Signer) -> None:
    for amount in (1, 22, 333):
        gifts.posted_gift(fund, amount)
    signed = publishing.publish(signer)
    assert signed is not None and signed.size == 5
    for entry in db.session.query(Entry):
        proof = reading.prove(db.session(), entry.index, signed)
        assert proof.verify(signer.verifier_keys())
        assert f'"no":"{entry.entry_no}"'.encode() in proof.leaf


def test_a_later_head_is_consistent_with_every_earlier_one(fund: Fund, signer: Signer) -> None:
    heads = []
    for amount in range(1, 8):
        gifts.posted_gift(fund, amount)
        signed = publishing.publish(signer)
        assert signed is not None
        heads.append(Checkpoint.parse(notes.parse(signed.note)))
    subtrees = reading.subtrees(db.session())
    for old in heads:
        proof = tree.consistency_proof(old.size, heads[-1].size, subtrees)
        tree.verify_consistency(old.size, heads[-1].size, old.root, heads[-1].root, proof)


def test_a_gift_that_is_not_committed_leaves_no_leaf(fund: Fund) -> None:
    before = reading.log_size(db.session())
    waiting = gifts.gift(fund)
    with pytest.raises(KeyboardInterrupt), writing():
        service.approve(waiting.id, people.reviewer(), waiting.version)
        raise KeyboardInterrupt
    assert reading.log_size(db.session()) == before


def test_an_older_copy_of_the_books_is_not_signed(fund: Fund, signer: Signer) -> None:
    gifts.posted_gift(fund)
    publishing.publish(signer)
    forget_last_leaf()
    with pytest.raises(publishing.Behind):
        publishing.publish(signer)


def test_rewritten_history_is_not_signed(fund: Fund, signer: Signer) -> None:
    gifts.posted_gift(fund)
    publishing.publish(signer)
    forget_last_leaf()
    with writing(even_in_doubt=True) as session:
        append(session, {"kind": "policy", "date": "2026-01-01", "policy": "another", "text": "past"})
    with pytest.raises(publishing.Forked):
        publishing.publish(signer)


def test_publishing_again_signs_nothing_new(fund: Fund, signer: Signer) -> None:
    gifts.posted_gift(fund)
    first = publishing.publish(signer)
    again = publishing.publish(signer)
    assert first is not None and again is not None and first.note == again.note
