"""The signed heads of the log as pages need them: always the newest, with what witnesses added."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Unavailable
from portal.translog import notes, publishing, reading
from portal.translog.beginning import signer_of
from portal.translog.checkpoints import Checkpoint
from portal.translog.models import Cosignature, SignedCheckpoint
from portal.translog.notes import Note, NoteError, VerifierKey
from portal.translog.signing import SignerRefusal


@dataclass(frozen=True)
class Mark:
    """A checkpoint in short, as it stands at the foot of pages and papers."""

    size: int
    root: str
    signed_at: datetime
    witnesses: int
    note: str

    @property
    def short_root(self) -> str:
        """The first characters of the root: enough to compare two papers by eye."""
        return self.root[:16]


def mark(session: Session) -> Mark | None:
    """The newest checkpoint in short; None while nothing is signed."""
    signed = reading.latest_checkpoint(session)
    if signed is None:
        return None
    count = session.scalar(
        select(func.count()).select_from(Cosignature).where(Cosignature.size == signed.size)
    )
    return Mark(signed.size, signed.root.hex(), signed.signed_at, count or 0, signed.note)


def newest() -> SignedCheckpoint:
    """The newest checkpoint; leaves that are not yet signed are signed first, where the signer answers.

    Raises:
        Unavailable: nothing is signed yet.
    """
    session = db.session()
    signed = reading.latest_checkpoint(session)
    if signed is None or signed.size < reading.log_size(session):
        try:
            signed = publishing.publish(signer_of(_settings()))
        except SignerRefusal as problem:
            current_app.logger.warning("signer refused: %s", problem)
    if signed is None:
        raise Unavailable(_l("账本还没有签过名。"))
    return signed


def verifier_keys() -> list[VerifierKey]:
    """The keys that sign the log now.

    Raises:
        Unavailable: the signer does not answer.
    """
    try:
        return signer_of(_settings()).verifier_keys()
    except SignerRefusal as problem:
        raise Unavailable(_l("签名程序没有应答，请稍后再试。")) from problem


def add_cosignatures(rendered: str, witnesses: str) -> list[str]:
    """Keep the signatures of known witnesses under a checkpoint of ours; return their names.

    Raises:
        NoteError: it is no note, no checkpoint of ours, or a signature of a known witness does not fit.
    """
    note = notes.parse(rendered)
    known = [VerifierKey.parse(line) for line in witnesses.replace(",", "\n").splitlines() if line.strip()]
    size = Checkpoint.parse(note).size
    added = []
    with writing(even_in_doubt=True) as session:
        signed = session.get(SignedCheckpoint, size)
        if signed is None or notes.parse(signed.note).text != note.text:
            raise NoteError("not a checkpoint of this log")
        for key in known:
            line = _line_of(note, key)
            if line is None:
                continue
            if session.get(Cosignature, (size, key.name)) is None:
                session.add(Cosignature(size=size, witness=key.name, line=line, signed_at=now()))
            added.append(key.name)
    return added


def _line_of(note: Note, key: VerifierKey) -> str | None:
    """The line a witness signed the note with; raises NoteError when it does not fit."""
    for one in note.signatures:
        if (one.name, one.key_id) == (key.name, key.key_id):
            key.verify(note.text, one)
            return one.line().rstrip("\n")
    return None


def _settings() -> Settings:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return settings
