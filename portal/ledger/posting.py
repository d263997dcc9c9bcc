"""The one way into the books: ``post`` and ``post_all``; and ``reverse``, the one way to undo.

All run inside the caller's ``writing()`` transaction, so that the document, its entry, the balances and the daily
totals stand or fall together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.crashing import crash_point
from portal.db import Base, connection_of, insert_many, is_any_in, texts_for
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger import (
    accounts,
    arrivals,
    balances,
    cancelling,
    daily_totals,
    day_places,
    transfers,
    year_totals,
)
from portal.ledger.closing import closed_through
from portal.ledger.codes import codes_of
from portal.ledger.daily_close import close_days
from portal.ledger.entries import Dimensions, Line, NewEntry, PostedEntry, between_funds
from portal.ledger.head import HeadState, lock, move
from portal.ledger.in_kind import use_key
from portal.ledger.leaves import entry_leaf, words_of
from portal.ledger.models import Entry, EntryKind, Form, Posting
from portal.ledger.receipts import take_numbers
from portal.ledger.touched import touch
from portal.periods import local, now
from portal.refusals import Conflict, Invalid
from portal.translog.appending import Appending
from portal.translog.canonical import new_salt, seal

__all__ = ["dimensions_of", "lock", "post", "post_all", "reverse"]

_ENTRY = Base.metadata.tables[Entry.__tablename__]
_KNOWN = {
    dialect: select(
        _ENTRY.c.id,
        _ENTRY.c["index"],
        _ENTRY.c.entry_no,
        _ENTRY.c.receipt_no,
        _ENTRY.c.idempotency_key,
        _ENTRY.c.content_hash,
    ).where(is_any_in(dialect, _ENTRY.c.idempotency_key, bindparam("keys")))
    for dialect in ("sqlite", "postgresql")
}
"""Built once: every posting asks it, and building a statement costs more than running it."""


def post(session: Session, entry: NewEntry) -> PostedEntry:
    """Post one entry. The same key with the same content answers as before.

    Raises:
        Conflict: the key was used for other content.
        Invalid: the day lies in closed books and no reason is given, or the fund does not hold enough.
    """
    return post_all(session, [entry])[0]


def post_all(session: Session, entries: Sequence[NewEntry]) -> list[PostedEntry]:
    """Post entries in order, all or none; raises as ``post``."""
    if not session.info.get("writing"):
        raise RuntimeError("entries are posted inside writing()")
    head = lock(session)
    known = _already_posted(session, entries)
    fresh = [entry for entry in entries if entry.idempotency_key not in known]
    posted = known | _write(session, head, fresh) if fresh else known
    return [posted[entry.idempotency_key] for entry in entries]


def reverse(session: Session, entry_id: int, *, reason: str, idempotency_key: str) -> PostedEntry:
    """Cancel an entry by its mirror image; both stay. What arrived of a payout is taken back first.

    The use of a service goes with the gift of it. The reversal counts on the day of the entry it cancels while that
    day's books are open, else today.

    Raises:
        Conflict: the entry was reversed already, or is a reversal itself.
        Invalid: the fund no longer holds the money of a gift.
    """
    lock(session)
    entry = session.get_one(Entry, entry_id)
    if entry.kind is EntryKind.REVERSAL:
        raise Conflict(_l("这一笔本身就是红冲，不能再红冲。需要时请重新登记一笔。"))
    done = session.scalar(select(Entry).where(Entry.reverses_id == entry.id))
    if done is not None and done.idempotency_key != idempotency_key:
        raise Conflict(_l("这一笔已经红冲过了，每一笔只能红冲一次。"))
    _reverse_use(session, entry, reason, idempotency_key)
    arrivals.give_up(session, entry.id)
    lines = tuple(Line(line.account_code, line.fund_id, -line.amount_fen) for line in entry.postings)
    still_open = _still_open(session, entry, lines)
    mirrored = NewEntry(
        kind=EntryKind.REVERSAL,
        direction=entry.direction,
        form=entry.form,
        channel=entry.channel,
        amount_fen=-entry.amount_fen,
        occurred_on=entry.occurred_on if still_open else local(now()).date(),
        dimensions=dimensions_of(entry),
        lines=lines,
        idempotency_key=idempotency_key,
        reverses_id=entry.id,
        reason=reason,
        agency=entry.agency,
    )
    if still_open and entry.late:
        mirrored = replace(mirrored, late_reason=entry.late_reason)
    return post(session, mirrored)


def mirror_day(session: Session, entry: Entry) -> date:
    """The day on which a reversal of an entry would stand: its own while its month is open, else today."""
    lines = tuple(Line(line.account_code, line.fund_id, -line.amount_fen) for line in entry.postings)
    return entry.occurred_on if _still_open(session, entry, lines) else local(now()).date()


def _still_open(session: Session, entry: Entry, lines: tuple[Line, ...]) -> bool:
    last_closed = _Closed(session, [(dimensions_of(entry), lines)]).last(dimensions_of(entry), lines)
    return last_closed is None or entry.booked_on > last_closed


def _reverse_use(session: Session, gift: Entry, reason: str, idempotency_key: str) -> None:
    """Take back the use of a service first: what was used up could not be given back."""
    use = session.scalar(select(Entry.id).where(Entry.idempotency_key == use_key(gift.idempotency_key)))
    done = select(Entry.id).where(Entry.reverses_id == use, Entry.idempotency_key != use_key(idempotency_key))
    if use is not None and session.scalar(done) is None:
        reverse(session, use, reason=reason, idempotency_key=use_key(idempotency_key))


def dimensions_of(entry: Entry) -> Dimensions:
    """What a posted entry is counted under."""
    return Dimensions(
        organisation_id=entry.organisation_id,
        fund_id=entry.fund_id,
        station_id=entry.station_id,
        street_id=entry.street_id,
        project_id=entry.project_id,
        campaign_id=entry.campaign_id,
    )


def _already_posted(session: Session, entries: Sequence[NewEntry]) -> dict[str, PostedEntry]:
    wanted = {entry.idempotency_key: entry for entry in entries}
    if len(wanted) != len(entries):
        raise ValueError("two entries of one command carry the same key")
    found: dict[str, PostedEntry] = {}
    connection = connection_of(session)
    dialect = connection.dialect.name
    for row in connection.execute(_KNOWN[dialect], {"keys": texts_for(dialect, list(wanted))}):
        if row.content_hash != wanted[row.idempotency_key].content_hash():
            raise Conflict(_l("这次提交与先前用同一编号提交的内容不同，账上没有任何改动。请刷新后重新填写。"))
        found[row.idempotency_key] = PostedEntry(row.id, row[1], row.entry_no, row.receipt_no)
    return found


def _write(session: Session, head: HeadState, entries: Sequence[NewEntry]) -> dict[str, PostedEntry]:
    posted_at = now()
    today = local(posted_at).date()
    log = Appending(session)
    close_days(session, log, head, today)
    booked = list(_booking_days(session, entries, today))
    positions = balances.apply(session, entries)
    receipts = take_numbers(session, entries, today.year)
    codes = codes_of(session, entries)
    reversed_numbers = _numbers(session, [entry.reverses_id for entry in entries if entry.reverses_id])
    posting_rows: list[dict[str, object]] = []
    entry_rows: list[dict[str, object]] = []
    posted: dict[str, PostedEntry] = {}
    for offset, (entry, (booked_on, late)) in enumerate(zip(entries, booked, strict=True)):
        id_ = head.size + offset + 1
        lines = positions.rows(entry, id_)
        row = {
            "id": id_,
            "entry_no": document_no("E", today.year, id_),
            "kind": entry.kind,
            "direction": entry.direction,
            "form": entry.form,
            "channel": entry.channel,
            "amount_fen": entry.amount_fen,
            "occurred_on": entry.occurred_on,
            "booked_on": booked_on,
            "posted_at": posted_at,
            **vars(entry.dimensions),
            "reverses_id": entry.reverses_id,
            "receipt_no": receipts[offset],
            "agency": entry.agency,
            "late": late,
            "late_reason": entry.late_reason,
            "reason": entry.reason,
            "idempotency_key": entry.idempotency_key,
            "content_hash": entry.content_hash(),
            "document_no": entry.document_no,
        }
        row["words_salt"], sealed = _sealed(entry)
        reverses = reversed_numbers.get(entry.reverses_id or 0)
        index = log.add(entry_leaf(row | {"reverses": reverses}, lines, codes, sealed))
        posting_rows += lines
        entry_rows.append(row | {"index": index})
        posted[entry.idempotency_key] = PostedEntry(id_, index, str(row["entry_no"]), receipts[offset])
    # Postings go first: inserting the entry seals them (triggers.py).
    insert_many(session, Posting, posting_rows)
    cancelling.note(session, entries, head.size + 1, posting_rows)
    crash_point("after_lines")
    insert_many(session, Entry, entry_rows)
    touch(
        session, (posted[entry.idempotency_key].id for entry in entries if entry.reverses_id or entry.reason)
    )
    transfers.note(session, entries, head.size + 1)
    move(session, head.size + len(entries))
    day_places.note(session, ((entry.occurred_on, posted[entry.idempotency_key].index) for entry in entries))
    daily_totals.add(session, entries)
    year_totals.add(session, entries)
    crash_point("before_leaf")
    log.write()
    crash_point("after_leaf")
    return posted


def _sealed(entry: NewEntry) -> tuple[bytes | None, dict[str, str]]:
    """The salt of an entry's own words, if it has any, and the stand-ins of all its private parts."""
    sealed = dict(entry.sealed)
    if not (entry.reason or entry.late_reason):
        return None, sealed
    salt = new_salt()
    return salt, sealed | {"words": seal(salt, words_of(entry.reason, entry.late_reason))}


def _numbers(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Entry.id, Entry.entry_no).where(Entry.id.in_(ids)))
    return {row.id: row.entry_no for row in rows}


class _Closed:
    """Up to which day the books are closed for an entry: those of both funds where it moves money between two."""

    def __init__(self, session: Session, entries: Sequence[tuple[Dimensions, Sequence[Line]]]) -> None:
        ends = {
            fund_id
            for dimensions, lines in entries
            if between_funds(lines) and (fund_id := transfers.other_end(dimensions.fund_id, lines))
        }
        self._owners = transfers.organisations_of(session, ends) if ends else {}
        owners = {dimensions.organisation_id for dimensions, _lines in entries} | set(self._owners.values())
        self._closed = closed_through(session, owners)

    def last(self, dimensions: Dimensions, lines: Sequence[Line]) -> date | None:
        """The last closed day, or None while nothing is closed."""
        own = self._closed.get((dimensions.organisation_id, dimensions.fund_id))
        if not self._owners or not between_funds(lines):
            return own
        fund_id = transfers.other_end(dimensions.fund_id, lines)
        other = self._closed.get((self._owners[fund_id], fund_id))
        return max((day for day in (own, other) if day is not None), default=None)


def _booking_days(session: Session, entries: Sequence[NewEntry], today: date) -> Iterator[tuple[date, bool]]:
    closed = _Closed(session, [(entry.dimensions, entry.lines) for entry in entries])
    for entry in entries:
        _check_lines(entry)
        last_closed = closed.last(entry.dimensions, entry.lines)
        late = last_closed is not None and entry.occurred_on <= last_closed
        if late and not (entry.late_reason or entry.kind is EntryKind.REVERSAL):
            raise Invalid(
                {
                    "late_reason": _l(
                        "%(day)s 所在月份的账已经公布，补记必须写明原因。", day=entry.occurred_on.isoformat()
                    )
                }
            )
        yield (today if late else entry.occurred_on), late


def _check_lines(entry: NewEntry) -> None:
    sums: dict[int, int] = defaultdict(int)
    for line in entry.lines:
        sums[line.fund_id] += line.amount_fen
    if not entry.lines and not entry.amount_fen and entry.form is not Form.MONEY:
        return
    if len(entry.lines) < 2 or any(sums.values()):
        raise ValueError(f"entry does not balance within every fund: {dict(sums)}")
    moved = sum(
        line.amount_fen
        for line in entry.lines
        if accounts.is_asset(line.account_code) and (line.amount_fen > 0 or not entry.between_funds)
    )
    if abs(moved) != abs(entry.amount_fen):
        raise ValueError("the entry's amount is not what its postings move")
