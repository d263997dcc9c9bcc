"""A donation's content as one key: the same gift in another file has the same key, whatever the file is called."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from portal.imports.reading.cells import folded
from portal.imports.reading.recognised import Row

SHORTEST_REFERENCE = 6
DISTINCT = 0.9
"""Order numbers that repeat more often than this are none (an account number in every row)."""


def references_tell(references: Sequence[str]) -> bool:
    """Whether a column of order numbers tells donations apart."""
    good = [one for one in references if len(one) >= SHORTEST_REFERENCE]
    return bool(good) and len(set(good)) >= DISTINCT * len(good)


class Keys:
    """Gives each row of a list its key. Equal gifts without an order number are numbered: three equal ones are three.

    A list that is read part by part is told apart by order numbers if its first part is.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._tell: bool | None = None
        self._seen: Counter[bytes] = Counter()

    def give(self, rows: Sequence[Row]) -> None:
        """Give the next rows of the list their keys."""
        if self._tell is None:
            self._tell = references_tell([folded(row.external_ref) for row in rows if row.external_ref])
        for row in rows:
            reference = folded(row.external_ref)
            if self._tell and len(reference) >= SHORTEST_REFERENCE:
                row.content_key = reference_key(reference, row.amount_fen)
                continue
            content = _content(row, reference, self._channel)
            short = hashlib.blake2b("\x1f".join(content).encode(), digest_size=12).digest()
            self._seen[short] += 1
            row.content_key = _digest(("row", *content, str(self._seen[short])))


def reference_key(reference: str, amount_fen: int | None) -> str:
    """The key of a gift that has an order number."""
    return _digest(("ref", folded(reference), _amount(amount_fen)))


def content_key(row: Row, channel: str, occurrence: int) -> str:
    """The key of the so manieth equal gift without an order number."""
    return _digest(("row", *_content(row, folded(row.external_ref), channel), str(occurrence)))


class Fingerprint:
    """One hash for a whole list without its days: it finds a list that comes again under another date."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._digest = hashlib.sha256()
        self.add(rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Go on with the next rows of the list."""
        for row in rows:
            parts = folded(row.donor_name), _amount(row.amount_fen), folded(row.external_ref), row.clock, "\n"
            self._digest.update("\x1f".join(parts).encode())

    @property
    def hexadecimal(self) -> str:
        """The hash of what was added."""
        return self._digest.hexdigest()


def _content(row: Row, reference: str, channel: str) -> tuple[str, ...]:
    day = row.received_on.isoformat() if row.received_on else ""
    return folded(row.donor_name), _amount(row.amount_fen), day, row.clock, reference, channel


def _amount(fen: int | None) -> str:
    return "" if fen is None else str(fen)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
