"""The entries of a bill, the last booked first: page by page, or one after another for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.disclosure import entries as public_entries
from portal.disclosure.bill_scopes import BillScope
from portal.disclosure.bill_sums import booked, sides_of
from portal.disclosure.entries import CHUNK
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.models import Entry
from portal.periods import Period


@dataclass(frozen=True)
class RowsPage:
    """Entries, and the cursor of the next page, if there is one."""

    entries: Sequence[PublicEntry] = ()
    following: str | None = None


def page(session: Session, scope: BillScope, period: Period, *, after: str = "", limit: int = 50) -> RowsPage:
    """One page; ``after`` is the cursor of the page before, and one that is none begins anew."""
    query = (
        select(Entry.booked_on, Entry.id)
        .where(*booked(period.first, period.last))
        .order_by(Entry.booked_on.desc(), Entry.id.desc())
        .limit(limit + 1)
    )
    cursor = _read(after)
    if cursor is not None:
        query = query.where(tuple_(Entry.booked_on, Entry.id) < cursor)
    # Each side by its own index; one condition for both would read the whole ledger.
    both = [row for side in sides_of(scope) for row in session.execute(query.where(*side))]
    found = sorted(both, key=lambda row: (row.booked_on, row.id), reverse=True)[: limit + 1]
    shown = found[:limit]
    loaded = {one.id: one for one in public_entries.of_ids(session, [row.id for row in shown])}
    following = f"{shown[-1].booked_on.isoformat()}_{shown[-1].id}" if len(found) > limit else None
    return RowsPage([loaded[row.id] for row in shown], following)


def every(
    session: Session, scope: BillScope, period: Period, *, most: int | None = None
) -> Iterator[PublicEntry]:
    """All entries of a bill in constant memory; ``most`` is where it ends."""
    after, left = "", most
    while left is None or left > 0:
        part = page(session, scope, period, after=after, limit=CHUNK if left is None else min(left, CHUNK))
        yield from part.entries
        if part.following is None:
            return
        after = part.following
        left = None if left is None else left - len(part.entries)


def _read(text: str) -> tuple[date, int] | None:
    day, _between, id_ = text.partition("_")
    if not (id_.isascii() and id_.isdigit() and len(id_) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(id_)
    except ValueError:
        return None
