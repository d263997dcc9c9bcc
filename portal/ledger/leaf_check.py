"""Compare leaves with the rows they were made from: each entry has one, it says what the rows say, closes add up."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.codes import all_codes
from portal.ledger.leaves import entry_leaf, words_of
from portal.ledger.models import Entry, EntryKind, LedgerArrival, Posting
from portal.translog.canonical import canonical, seal
from portal.translog.models import Leaf

Finding = tuple[str, str]
Sums = Mapping[int, int]
_ENTRY_KINDS = {kind.value for kind in EntryKind}
_ENTRY_COLUMNS = tuple(Entry.__table__.columns.keys())
_POSTING_COLUMNS = tuple(Posting.__table__.columns.keys())


class LeafCheck:
    """Goes along the log while the entries are walked in their order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._codes = all_codes(session)
        self._funds = {code: id_ for (kind, id_), code in self._codes.found.items() if kind == "fund"}
        self._numbers: dict[int, str] = {}
        self._loaded: dict[int, bytes] = {}
        others = select(Leaf.index, Leaf.data).where(Leaf.index.not_in(select(Entry.index)))
        self._arrivals = set(session.scalars(select(LedgerArrival.index)))
        self._others = [(index, data) for index, data in session.execute(others.order_by(Leaf.index.desc()))]

    def load(self, entries: Sequence[Entry]) -> None:
        """Read the leaves of entries that will be checked next."""
        query = select(Leaf.index, Leaf.data).where(Leaf.index.between(entries[0].index, entries[-1].index))
        self._loaded = {index: data for index, data in self._session.execute(query)}  # noqa: C416 - rows, not pairs

    def before(self, index: int | None, came: Sums, went: Sums) -> Iterator[Finding]:
        """What does not agree about the leaves of no entry that come before an index (None: before the end)."""
        while self._others and (index is None or self._others[-1][0] < index):
            at, data = self._others.pop()
            leaf = json.loads(data)
            if leaf["kind"] in _ENTRY_KINDS:
                yield "leaf", f"leaf {at} belongs to no entry"
            if leaf["kind"] == "arrival" and at not in self._arrivals:
                yield "arrival", f"leaf {at} belongs to no arrival"
            if leaf["kind"] == "close" and not self._close_agrees(leaf, came, went):
                yield "close", f"the close of {leaf['date']} is not what its entries add up to"

    def check(self, entry: Entry, postings: Sequence[Posting]) -> Iterator[Finding]:
        """What does not agree about an entry's leaf."""
        self._numbers[entry.id] = entry.entry_no
        data = self._loaded.get(entry.index)
        if data is None:
            yield "leaf", "has no leaf"
        elif data != self._expected(entry, postings, json.loads(data)):
            yield "leaf", "its leaf does not say what the books say"

    def _expected(self, entry: Entry, postings: Sequence[Posting], stored: Mapping[str, Any]) -> bytes:
        row = {name: getattr(entry, name) for name in _ENTRY_COLUMNS}
        row["reverses"] = self._numbers.get(entry.reverses_id or 0)
        lines = [{name: getattr(line, name) for name in _POSTING_COLUMNS} for line in postings]
        sealed = dict(stored.get("sealed", {}))
        if entry.words_salt:
            sealed["words"] = seal(entry.words_salt, words_of(entry.reason, entry.late_reason))
        return canonical({"v": 1, "seq": entry.index, **entry_leaf(row, lines, self._codes, sealed)})

    def _close_agrees(self, leaf: Mapping[str, Any], came: Sums, went: Sums) -> bool:
        if leaf["entries"] != len(self._numbers):
            return False
        return all(
            sums
            == {"in": came.get(self._funds.get(code, 0), 0), "out": went.get(self._funds.get(code, 0), 0)}
            for code, sums in leaf["funds"].items()
        )
