"""A backup holds every file that people handed in; each is checked against its hash on the way out and back."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.backup import bundles, copies, sqlite_copies
from portal.backup.reapplying import reapply
from portal.backup.verifying import Damaged
from portal.config import Settings
from portal.db import db, writing
from portal.evidence import publishing
from portal.evidence.models import Evidence
from portal.files import storage
from portal.spending.models import Disbursement
from portal.translog import publishing as log
from portal.translog.beginning import signer_of
from portal.watch.recomputing import recompute
from tests import factories, gifts, people
from tests.backup.test_backup import let_go
from tests.evidence import pieces


@pytest.fixture
def settings_of(app: Flask) -> Settings:
    """The settings of the app."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return settings


@pytest.fixture
def payout(session: Session) -> Disbursement:
    """A payout in the ledger."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 100_000)
    return gifts.posted_payout(fund, 60_000)


def held(settings: Settings) -> dict[str, bytes]:
    """Every file of the storage folder."""
    folder = Path(settings.storage_dir)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_comes_back_and_the_books_agree_with_them(
    payout: Disbursement, settings_of: Settings, tmp_path: Path
) -> None:
    pieces.published(payout)
    storage.keep("imports", b"a list")
    before = held(settings_of)
    made = copies.back_up(settings_of, tmp_path / "copy", create_app)
    assert made.files == len(before) == 4
    let_go()
    shutil.rmtree(settings_of.storage_dir)
    restored = copies.restore(settings_of, tmp_path / "copy", create_app)
    assert restored.files == 4 and held(settings_of) == before
    assert recompute(db.session(), signer_of(settings_of)).ok
    assert not list(Path(settings_of.storage_dir).parent.glob(".*restoring*"))


def test_a_file_that_rotted_is_told_when_it_is_copied(
    payout: Disbursement, settings_of: Settings, tmp_path: Path
) -> None:
    name = storage.keep("imports", b"a list")
    path = storage.path_of("imports", name)
    assert path is not None
    path.write_bytes(b"a lost")
    with pytest.raises(Damaged, match=name):
        copies.back_up(settings_of, tmp_path / "copy", create_app)
    assert not (tmp_path / "copy").exists()


def test_a_changed_file_in_a_backup_is_refused_and_changes_nothing(
    payout: Disbursement, settings_of: Settings, tmp_path: Path
) -> None:
    storage.keep("imports", b"a list of names")
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    content = (tmp_path / "copy").read_bytes()
    assert content.count(b"a list of names") == 1
    (tmp_path / "copy").write_bytes(content.replace(b"a list of names", b"a list of shame"))
    gifts.posted_gift(payout.fund, 777)
    before = held(settings_of)
    let_go()
    with pytest.raises(Damaged):
        copies.restore(settings_of, tmp_path / "copy", create_app)
    assert held(settings_of) == before and factories.count(db.session(), Disbursement) == 1


@pytest.mark.one_engine
def test_a_backup_without_a_published_file_is_refused(
    payout: Disbursement, settings_of: Settings, tmp_path: Path
) -> None:
    pieces.published(payout)
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    bundles.unpack(tmp_path / "copy", tmp_path / "database", tmp_path / "files")
    bundles.pack(tmp_path / "database", tmp_path / "nothing", tmp_path / "copy")
    let_go()
    with pytest.raises(Damaged, match="evidence_file"):
        copies.restore(settings_of, tmp_path / "copy", create_app)


@pytest.mark.one_engine
def test_a_backup_of_the_first_format_is_still_put_back(
    payout: Disbursement, settings_of: Settings, tmp_path: Path
) -> None:
    assert settings_of.database_file is not None
    sqlite_copies.copy(settings_of.database_file, tmp_path / "old")
    let_go()
    restored = copies.restore(settings_of, tmp_path / "old", create_app)
    assert restored.files == 0 and restored.leaves > 0


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["../escape", "files/imports/../../escape", "files/imports/abc"])
def test_a_backup_never_writes_outside_its_place(session: Session, tmp_path: Path, name: str) -> None:
    with bundles.tarfile.open(tmp_path / "copy", "w") as bundle:
        bundle.addfile(bundles._member(name, 1), bundles.io.BytesIO(b"x"))
    with pytest.raises(Damaged):
        bundles.unpack(tmp_path / "copy", tmp_path / "in" / "database", tmp_path / "in" / "files")
    assert not (tmp_path / "escape").exists()


def test_what_was_erased_after_a_backup_is_erased_again_by_the_published_list(
    payout: Disbursement, settings_of: Settings, client: FlaskClient, tmp_path: Path
) -> None:
    piece = pieces.published(payout)
    piece_id, name = piece.id, piece.sha256
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    publishing.withdraw(piece_id, people.clerk(), "家长要求")
    publishing.erase(piece_id, people.reviewer())
    log.publish(signer_of(settings_of))
    published = client.get("/log/entries.jsonl").data.splitlines()
    let_go()
    copies.restore(settings_of, tmp_path / "copy", create_app)
    assert storage.kept("evidence", name) is not None
    reapply(published, signer_of(settings_of))
    assert storage.kept("evidence", name) is None
    assert db.session.get_one(Evidence, piece_id).erased_at is not None
    assert recompute(db.session(), signer_of(settings_of)).ok
