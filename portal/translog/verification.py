"""Recompute the stored log from the bytes of its leaves, and compare: hashes, rows, right edge, signed heads."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.translog import notes, reading
from portal.translog.checkpoints import Checkpoint
from portal.translog.models import Leaf, Node, SignedCheckpoint
from portal.translog.notes import NoteError, VerifierKey
from portal.translog.tiles import HEIGHT
from portal.translog.tree import Frontier, leaf_hash

_CHUNK = 2_000

Finding = tuple[str, str]
"""A kind of difference, and what it is."""


def verify_log(session: Session, keys: Sequence[VerifierKey]) -> Iterator[Finding]:
    """Everything about the log that does not agree; without keys, signatures are not checked."""
    kept = reading.head(session)
    signed = {one.size: one for one in session.scalars(select(SignedCheckpoint))}
    nodes = {(row.level, row.index): row.hash for row in session.scalars(select(Node))}
    session.expunge_all()
    computed = Frontier.empty()
    for index, data, stored in _leaves(session):
        if index != computed.size:
            yield "leaf_gap", f"leaf {index} follows {computed.size} leaves"
            return
        hashed = leaf_hash(data)
        if hashed != stored:
            yield "leaf_hash", f"leaf {index} is not what was hashed"
        for level, at, node in computed.append(hashed):
            if level % HEIGHT == 0 and nodes.pop((level // HEIGHT, at), None) != node:
                yield "tree", f"row {level // HEIGHT} of the tree is wrong at {at}"
        if computed.size in signed:
            yield from _check_signed(signed.pop(computed.size), computed, keys)
    if (kept.size, kept.hashes) != (computed.size, computed.hashes):
        yield "log_head", f"the head stands at {kept.size} leaves, there are {computed.size}"
    for size in sorted(signed):
        yield "checkpoint", f"{size} leaves were signed, there are {computed.size}"
    if nodes:
        yield "tree", "the tree has rows that no leaf leads to"


def _check_signed(
    signed: SignedCheckpoint, computed: Frontier, keys: Sequence[VerifierKey]
) -> Iterator[Finding]:
    if signed.root != computed.root():
        yield "checkpoint", f"the root signed at {signed.size} leaves is not theirs"
    try:
        note = notes.parse(signed.note)
        head = Checkpoint.parse(note)
        if (head.size, head.root) != (signed.size, signed.root):
            yield "checkpoint", f"the note of {signed.size} leaves says something else"
        if keys:
            notes.verify(note, keys)
    except NoteError as problem:
        yield "signature", f"the checkpoint of {signed.size} leaves: {problem}"


def _leaves(session: Session) -> Iterator[tuple[int, bytes, bytes]]:
    last = session.scalar(select(func.max(Leaf.index)))
    start = 0
    while last is not None and start <= last:
        rows = session.execute(
            select(Leaf.index, Leaf.data, Leaf.hash)
            .where(Leaf.index >= start, Leaf.index < start + _CHUNK)
            .order_by(Leaf.index)
        )
        for row in rows:
            yield row[0], row[1], row[2]
        start += _CHUNK
