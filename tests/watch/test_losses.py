"""What is said to be erased or lost is accepted only where that is on record."""

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.imports.erasing import erase_donor
from portal.ledger.models import Entry
from portal.registry.models import Fund
from portal.translog import publishing
from portal.translog.beginning import signer_of
from portal.watch.losses import note_recovered, unrecorded_losses
from portal.watch.recomputing import recompute
from tests import factories, gifts, people, tampering


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made = factories.fund(writer)
        gifts.asks_for_no_evidence(writer, made)
    return made


def findings() -> list[tuple[str, str | None]]:
    db.session.rollback()
    return [(kind, entry_no) for kind, entry_no, _message in unrecorded_losses(db.session())]


def put_on_record(entry: Entry) -> None:
    with writing() as session:
        note_recovered(session, entry.index)


def test_a_gift_marked_as_lost_is_a_finding_until_that_is_on_record(fund: Fund) -> None:
    entry = gifts.posted_gift(fund, 1_000, donor_name="李小明").entry
    tampering.behind_the_back("UPDATE donation SET seal_lost = TRUE, donor_salt = NULL, donor_name = '别人'")
    assert findings() == [("loss", entry.entry_no)]
    put_on_record(entry)
    assert findings() == []


def test_a_gift_marked_as_erased_is_a_finding_unless_the_log_says_so(
    app: Flask, fund: Fund, settings: Settings
) -> None:
    erased, changed = (gifts.posted_gift(fund, 1_000, donor_name=name) for name in ("李小明", "陈大文"))
    erase_donor(erased.id, people.clerk(), erased.donation_no)
    entry_no = changed.entry.entry_no
    tampering.behind_the_back(
        f"UPDATE donation SET erased_at = made_at, donor_salt = NULL WHERE id = {changed.id}"  # noqa: S608
    )
    assert findings() == [("erasure", entry_no)]
    put_on_record(changed.entry)
    assert findings() == [("erasure", entry_no)], "that it came back is no reason to erase it"
    signer = signer_of(settings)
    publishing.publish(signer)
    assert "erasure" in {one.kind for one in recompute(db.session(), signer).differences}


def test_a_payout_marked_as_lost_is_a_finding_and_its_words_are_still_compared(
    fund: Fund, settings: Settings
) -> None:
    gifts.posted_gift(fund, 10_000)
    payout = gifts.posted_payout(fund, 1_000)
    entry = payout.entry
    tampering.behind_the_back("UPDATE disbursement SET seal_lost = TRUE, recipient = '别的单位'")
    assert findings() == [("loss", entry.entry_no)]
    put_on_record(entry)
    assert findings() == []
    kinds = {one.kind for one in recompute(db.session(), signer_of(settings)).differences}
    assert "use_seal" in kinds, "the salt is there, so what it seals can be compared"


def test_words_and_numbers_whose_salt_is_gone_are_findings(fund: Fund) -> None:
    gifts.posted_gift(fund, 10_000)
    paid = gifts.posted_payout(fund, 1_000)
    gifts.arrived(paid, 400, 12)
    wrong = gifts.posted_gift(fund, 200).entry
    gifts.reversed_entry(wrong)
    assert findings() == []
    tampering.behind_the_back("UPDATE ledger_entry SET words_salt = NULL")
    tampering.behind_the_back("UPDATE ledger_arrival SET people_salt = NULL, people = 900")
    found = findings()
    assert ("loss", paid.entry.entry_no) in found and len(found) >= 2


def test_what_was_marked_before_losses_were_recorded_gets_its_line(fund: Fund) -> None:
    gifts.posted_gift(fund, 10_000)
    paid = gifts.posted_payout(fund, 1_000)
    gifts.arrived(paid, 400, 12)
    gifts.reversed_entry(gifts.posted_gift(fund, 200).entry)
    for statement in (
        "UPDATE donation SET seal_lost = TRUE, donor_salt = NULL",
        "UPDATE ledger_entry SET words_salt = NULL",
        "UPDATE ledger_arrival SET people_salt = NULL",
    ):
        tampering.behind_the_back(statement)
    assert findings()
    with writing(even_in_doubt=True) as session:
        migration = importlib.import_module("migrations.versions.0065_recorded_losses")
        with Operations.context(MigrationContext.configure(session.connection())):
            migration.upgrade()
    assert findings() == []
