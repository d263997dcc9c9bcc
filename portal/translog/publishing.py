"""From leaves to a signed head: hand the signer what it has not signed, and keep the note it gives."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.crashing import crash_point
from portal.db import db, writing
from portal.periods import now
from portal.translog import reading, tree
from portal.translog.checkpoints import Checkpoint
from portal.translog.models import SignedCheckpoint
from portal.translog.notes import Note
from portal.translog.signing import OutOfStep, Signed, Signer, SignerRefusal
from portal.translog.tiles import NoTile

_STEP = 5_000
"""Leaves that are handed to the signer at once."""
_ATTEMPTS = 5
"""Two processes may publish at once; one of them finds the signer ahead of it, and looks again."""


class Behind(SignerRefusal):
    """The database holds fewer leaves than were signed: an older copy of it was put back."""


class Forked(SignerRefusal):
    """The database holds other leaves than were signed, or not all of them: history was rewritten."""


def publish(signer: Signer) -> SignedCheckpoint | None:
    """Have everything signed that is not; return the newest checkpoint, or None while the log is empty.

    Raises:
        Behind, Forked: the database does not continue what was signed.
        SignerRefusal: the signer refuses for another reason.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _publish(signer)
        except OutOfStep:
            continue
    return _publish(signer)


def _publish(signer: Signer) -> SignedCheckpoint | None:
    db.session.rollback()
    session = db.session()
    signed, size = check(session, signer), reading.log_size(session)
    steps = list(range(signed.size, size, _STEP)) or [signed.size]
    for start in steps if size else []:
        latest = reading.latest_checkpoint(session)
        if latest is not None and latest.size == size == start:
            return latest
        end = min(start + _STEP, size)
        try:
            leaves = list(reading.leaves(session, start, end))
        except LookupError as gap:
            raise Forked(str(gap)) from gap
        _keep(signer.extend(start, leaves, _root_at(session, end)))
        session = db.session()
    return reading.latest_checkpoint(session)


def check(session: Session, signer: Signer) -> Signed:
    """How far the signer has signed, if the database continues it.

    Raises:
        Behind, Forked: it does not.
    """
    signed = signer.signed()
    size = reading.log_size(session)
    if size < signed.size:
        raise Behind(f"the database holds {size} leaves, {signed.size} were signed")
    if signed.size and _root_at(session, signed.size) != signed.root:
        raise Forked(f"the first {signed.size} leaves of the database are not those that were signed")
    return signed


def _root_at(session: Session, size: int) -> bytes:
    try:
        return tree.root_at(size, reading.subtrees(session))
    except NoTile as gap:
        raise Forked(f"leaves are missing: {gap}") from gap


def _keep(note: Note) -> None:
    head = Checkpoint.parse(note)
    crash_point("before_publish")
    with writing(even_in_doubt=True) as session:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        # Two processes may have had the same head signed, and keep it at the same moment.
        session.execute(
            dialect.insert(SignedCheckpoint)
            .values(size=head.size, root=head.root, note=note.render(), signed_at=now())
            .on_conflict_do_nothing()
        )
