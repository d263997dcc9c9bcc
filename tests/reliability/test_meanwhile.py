"""Somebody else posts and has the log signed while one is busy: nobody is alarmed by it, nobody gets an error."""

import threading
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.ledger.models import Entry
from portal.ledger.verification import Report
from portal.periods import now
from portal.registry.models import Fund
from portal.translog import publishing, reading
from portal.translog.beginning import signer_of
from portal.translog.checkpoints import Checkpoint
from portal.translog.models import SignedCheckpoint
from portal.translog.signing import Signer
from portal.watch import cli
from portal.watch.doubts import current_doubts
from tests import factories, gifts, people

Meanwhile = Callable[[], None]


@pytest.fixture
def signer(app: Flask) -> Signer:
    """The signer of the app."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return signer_of(settings)


@pytest.fixture
def meanwhile(app: Flask, session: Session, signer: Signer) -> Meanwhile:
    """Lets somebody else post a gift and have it signed, on another connection."""
    with writing() as writer:
        fund_id = factories.fund(writer).id
    people.clerk()
    people.reviewer()
    db.session.rollback()

    def post_and_publish() -> None:
        with app.app_context():
            gifts.posted_gift(db.session.get_one(Fund, fund_id))
            publishing.publish(signer)

    return lambda: elsewhere(post_and_publish)


def elsewhere(deed: Callable[[], object]) -> None:
    thread = threading.Thread(target=deed)
    thread.start()
    thread.join(timeout=30)


def test_a_page_drawn_meanwhile_says_nothing_of_an_old_backup(session: Session, meanwhile: Meanwhile) -> None:
    assert session.scalar(select(Entry.id)) is None  # the page shows the books as they are at this moment
    meanwhile()
    assert current_doubts().reason(session) is None


def test_books_verified_meanwhile_are_not_called_behind(
    app_context: None, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    recompute = cli.recompute

    def slowly(session: Session, signer: Signer) -> Report:
        report = recompute(session, signer)
        meanwhile()
        return report

    monkeypatch.setattr(cli, "recompute", slowly)
    answer = CliRunner().invoke(cli.verify_command)
    assert answer.exit_code == 0, answer.output


def test_two_that_had_the_same_head_signed_both_keep_it(
    app: Flask, session: Session, meanwhile: Meanwhile, signer: Signer
) -> None:
    size = reading.log_size(session)
    note = signer.extend(0, list(reading.leaves(session, 0, size)), reading.head(session).root())
    head, written = Checkpoint.parse(note), threading.Event()
    go_on = threading.Event()

    def keep() -> None:
        with app.app_context(), writing() as writer:
            writer.add(SignedCheckpoint(size=size, root=head.root, note=note.render(), signed_at=now()))
            writer.flush()
            written.set()
            go_on.wait(0.5)

    other = threading.Thread(target=keep)
    other.start()
    assert written.wait(30)
    signed = publishing.publish(signer)
    other.join(30)
    assert signed is not None and signed.note == note.render()
