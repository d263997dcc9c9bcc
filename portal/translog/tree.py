"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: hashes, the right edge, inclusion and consistency proofs.

Pure functions. A tree of n leaves is cut into perfect subtrees; ``(level, index)`` names the one whose leaves are
``index * 2**level`` up to ``(index + 1) * 2**level``. Proofs ask a ``Subtrees`` for hashes of such perfect subtrees.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Subtrees = Callable[[int, int], bytes]
"""The hash of the perfect subtree ``(level, index)``."""


class ProofError(ValueError):
    """A proof does not show what it is said to show."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The right edge of a tree: the hashes of its perfect subtrees, largest first; all that appending needs."""

    size: int
    hashes: list[bytes]

    @classmethod
    def empty(cls) -> "Frontier":
        """The tree without leaves."""
        return cls(0, [])

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> "Frontier":
        """From the hashes written one after the other.

        Raises:
            ValueError: there are not as many hashes as a tree of this size has.
        """
        if size < 0 or len(packed) != HASH_SIZE * size.bit_count():
            raise ValueError(f"{len(packed)} bytes are not the right edge of a tree of {size} leaves")
        return cls(size, [packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)])

    def pack(self) -> bytes:
        """All hashes, one after the other."""
        return b"".join(self.hashes)

    def copy(self) -> "Frontier":
        """Another one that can be extended on its own."""
        return Frontier(self.size, list(self.hashes))

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf's hash; return the subtrees that became perfect by it, as ``(level, index, hash)``."""
        completed: list[tuple[int, int, bytes]] = []
        level, index, current = 0, self.size, leaf
        while index & 1:
            current = node_hash(self.hashes.pop(), current)
            level, index = level + 1, index >> 1
            completed.append((level, index, current))
        self.hashes.append(current)
        self.size += 1
        return completed

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of leaves in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        current = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            current = node_hash(left, current)
        return current


def frontier_at(size: int, subtrees: Subtrees) -> Frontier:
    """The right edge of the tree's first ``size`` leaves."""
    hashes, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            hashes.append(subtrees(level, start >> level))
            start += 1 << level
    return Frontier(size, hashes)


def root_at(size: int, subtrees: Subtrees) -> bytes:
    """The hash of the tree's first ``size`` leaves."""
    return frontier_at(size, subtrees).root()


def inclusion_proof(index: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """The hashes beside the way from a leaf up to the root, lowest first (RFC 6962, 2.1.1).

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, subtrees)


def consistency_proof(old: int, new: int, subtrees: Subtrees) -> list[bytes]:
    """What shows that the tree of ``new`` leaves begins with that of ``old`` leaves (RFC 6962, 2.1.2).

    Raises:
        ValueError: the sizes are not those of an earlier and a later tree.
    """
    if not 0 < old <= new:
        raise ValueError(f"no consistency from {old} to {new} leaves")
    return [] if old == new else _subproof(old, 0, new, subtrees, whole=True)


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf's hash stands at an index of the tree with this root (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: it does not.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    _require_hashes(leaf, root, *path)
    current = leaf
    for beside, on_the_left in zip(path, _sides(index, size - 1, len(path)), strict=True):
        current = node_hash(beside, current) if on_the_left else node_hash(current, beside)
    if current != root:
        raise ProofError("the path does not lead to the root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree with the new root begins with the tree with the old root (RFC 9162, 2.1.4.2).

    Raises:
        ProofError: it does not.
    """
    if not 0 <= old <= new:
        raise ProofError(f"no consistency from {old} to {new} leaves")
    _require_hashes(old_root, new_root, *proof)
    if old in (0, new):
        if proof or (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise ProofError("the trees differ")
        return
    # An old tree that is one perfect subtree of the new is the start itself; the proof does not repeat its root.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofError("the proof is empty")
    level = (~(old - 1) & old).bit_length() - 1
    first = second = path[0]
    sides = _sides(old - 1 >> level, new - 1 >> level, len(path) - 1)
    for beside, on_the_left in zip(path[1:], sides, strict=True):
        if on_the_left:
            first = node_hash(beside, first)
        second = node_hash(beside, second) if on_the_left else node_hash(second, beside)
    if (first, second) != (old_root, new_root):
        raise ProofError("the trees differ")


def _require_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("the proof holds something that is no hash")


def _sides(at: int, last: int, count: int) -> list[bool]:
    """For each of so many hashes of a path: whether it stands on the left of the way up.

    Raises:
        ProofError: the tree is not as high as the path is long.
    """
    sides = []
    for _ in range(count):
        if last == 0:
            raise ProofError("the path is longer than the tree is high")
        on_the_left = bool(at & 1) or at == last
        sides.append(on_the_left)
        # The last node of an uneven row has no neighbour: it moves up as it is.
        while on_the_left and not at & 1 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the path is shorter than the tree is high")
    return sides


def _split(count: int) -> int:
    """The largest power of two below a count of leaves (at least two)."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(start: int, end: int, subtrees: Subtrees) -> bytes:
    """The hash over leaves ``start`` up to ``end``, where the start is aligned as the tree cuts it."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtrees(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_hash(start, middle, subtrees), _range_hash(middle, end, subtrees))


def _path(index: int, start: int, end: int, subtrees: Subtrees) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, subtrees), _range_hash(middle, end, subtrees)]
    return [*_path(index, middle, end, subtrees), _range_hash(start, middle, subtrees)]


def _subproof(old: int, start: int, end: int, subtrees: Subtrees, *, whole: bool) -> list[bytes]:
    if old == end - start:
        return [] if whole else [_range_hash(start, end, subtrees)]
    half = _split(end - start)
    middle = start + half
    if old <= half:
        return [
            *_subproof(old, start, middle, subtrees, whole=whole),
            _range_hash(middle, end, subtrees),
        ]
    return [
        *_subproof(old - half, middle, end, subtrees, whole=False),
        _range_hash(start, middle, subtrees),
    ]
