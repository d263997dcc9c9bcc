"""The tree of RFC 6962, section 2.1, word for word and from hashlib alone: what tests compare with."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256


def split(count: int) -> int:
    """The k of the definitions: the largest power of two smaller than a count."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


class Textbook:
    """The definitions over D, a list of leaves; ``start`` and ``end`` stand for D[start:end]."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.mth = lru_cache(maxsize=None)(self._mth)

    def _mth(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]), section 2.1."""
        if start == end:
            return sha256(b"").digest()
        if end - start == 1:
            return sha256(b"\x00" + self.leaves[start]).digest()
        middle = start + split(end - start)
        return sha256(b"\x01" + self.mth(start, middle) + self.mth(middle, end)).digest()

    def root(self, size: int) -> bytes:
        """The root over the first leaves."""
        return self.mth(0, size)

    def subtree(self, level: int, index: int) -> bytes:
        """A perfect subtree, as a store of them would answer; asking for leaves that are not there fails."""
        assert (index + 1) << level <= len(self.leaves)
        return self.mth(index << level, (index + 1) << level)

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH(m, D[n]), section 2.1.1, where m counts from the start of the whole list."""
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.mth(middle, end)]
        return [*self.path(index, middle, end), self.mth(start, middle)]

    def proof(self, old: int, new: int) -> list[bytes]:
        """PROOF(m, D[n]), section 2.1.2."""
        return self.subproof(old, 0, new, whole=True)

    def subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """SUBPROOF(m, D[n], b), section 2.1.2."""
        if old == end - start:
            return [] if whole else [self.mth(start, end)]
        k = split(end - start)
        if old <= k:
            return [*self.subproof(old, start, start + k, whole=whole), self.mth(start + k, end)]
        return [*self.subproof(old - k, start + k, end, whole=False), self.mth(start, start + k)]


def way_up(index: int, size: int) -> str:
    """On which side of a leaf's way up the hashes of its path stand, from below."""
    if size == 1:
        return ""
    k = split(size)
    return f"{way_up(index, k)}>" if index < k else f"{way_up(index - k, size - k)}<"


def way_from(old: int, new: int, *, whole: bool = True) -> str:
    """What a consistency proof begins with, and on which side its hashes stand, from below."""
    if old == new:
        return "whole " if whole else "part "
    k = split(new)
    if old <= k:
        return f"{way_from(old, k, whole=whole)}>"
    return f"{way_from(old - k, new - k, whole=False)}<"
