"""What the stored log answers: leaves, tiles, roots, proofs and checkpoints."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.translog import notes, tree
from portal.translog.models import Cosignature, Leaf, LogHead, Node, SignedCheckpoint
from portal.translog.notes import Note
from portal.translog.proofs import Proof
from portal.translog.tiles import HEIGHT, NoTile, Tile, bundle
from portal.translog.tree import Frontier, Subtrees

_CHUNK = 1_000


def log_size(session: Session) -> int:
    """How many leaves there are, signed or not."""
    return session.scalar(select(LogHead.size)) or 0


def head(session: Session) -> Frontier:
    """The right edge as it is kept."""
    row = session.execute(select(LogHead.size, LogHead.frontier)).one_or_none()
    return Frontier.unpack(row.size, row.frontier) if row else Frontier.empty()


def subtrees(session: Session) -> Subtrees:
    """Hashes of perfect subtrees, folded from the stored rows; each row is read once."""

    @cache
    def hash_of(level: int, index: int) -> bytes:
        row, step = divmod(level, HEIGHT)
        hashes = _hashes(session, row, index << step, 1 << step)
        while len(hashes) > 1:
            hashes = [tree.node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    return hash_of


def leaf(session: Session, index: int) -> bytes | None:
    """The bytes of a leaf."""
    return session.scalar(select(Leaf.data).where(Leaf.index == index))


def leaves(session: Session, start: int, end: int) -> Iterator[bytes]:
    """The bytes of leaves from ``start`` up to ``end``, in order, in constant memory."""
    while start < end:
        stop = min(start + _CHUNK, end)
        found = session.scalars(
            select(Leaf.data).where(Leaf.index >= start, Leaf.index < stop).order_by(Leaf.index)
        ).all()
        if len(found) != stop - start:
            raise LookupError(f"leaves are missing between {start} and {stop}")
        yield from found
        start = stop


def tile(session: Session, wanted: Tile, size: int) -> bytes:
    """A tile of hashes, or a bundle of leaves, of the log's first ``size`` leaves.

    Raises:
        NoTile: there is none of this name.
    """
    wanted.require_within(size)
    if wanted.level is None:
        return bundle(leaves(session, wanted.first, wanted.first + wanted.width))
    return b"".join(_hashes(session, wanted.level, wanted.first, wanted.width))


def prove(session: Session, index: int, signed: SignedCheckpoint) -> Proof:
    """A leaf's way to a signed checkpoint.

    Raises:
        ValueError: the checkpoint does not reach as far as the leaf.
    """
    data = leaf(session, index)
    if data is None:
        raise ValueError(f"there is no leaf {index}")
    path = tree.inclusion_proof(index, signed.size, subtrees(session))
    return Proof(data, index, path, cosigned(session, signed))


def latest_checkpoint(session: Session) -> SignedCheckpoint | None:
    """The newest head that was signed."""
    return session.scalar(select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(1))


def cosigned(session: Session, signed: SignedCheckpoint) -> Note:
    """A checkpoint with the signatures of all witnesses that have signed it."""
    note = notes.parse(signed.note)
    lines = session.scalars(
        select(Cosignature.line).where(Cosignature.size == signed.size).order_by(Cosignature.witness)
    )
    return note.with_signatures(notes.signature(line) for line in lines)


def _hashes(session: Session, row: int, first: int, count: int) -> list[bytes]:
    if row == 0:
        query = select(Leaf.hash).where(Leaf.index >= first, Leaf.index < first + count).order_by(Leaf.index)
    else:
        query = (
            select(Node.hash)
            .where(Node.level == row, Node.index >= first, Node.index < first + count)
            .order_by(Node.index)
        )
    found = list(session.scalars(query))
    if len(found) != count:
        raise NoTile(f"{row}/{first}+{count}")
    return found
