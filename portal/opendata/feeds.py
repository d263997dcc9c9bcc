"""What is new of one thing of the registry, of bills and of corrections, as plain items of a feed.

A feed is copied by others and kept by them, so it never names a donor: a name could not be taken back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import bills, entries
from portal.disclosure.bill_corrections import corrections_of
from portal.disclosure.bill_lines import corrected_words
from portal.disclosure.bill_names import sums_in_words, title_of
from portal.disclosure.bill_scopes import BillScope
from portal.disclosure.directory import Shelf
from portal.disclosure.entries import LedgerQuery
from portal.disclosure.models import Bill
from portal.disclosure.public_entries import PublicEntry
from portal.i18n import gettext as _
from portal.ledger.figures import Filters
from portal.ledger.models import Direction, Entry
from portal.money import format_yuan

NEWEST = 40
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """One item of a feed; ``address`` begins with a slash and is its identity for good."""

    address: str
    title: str
    summary: str
    updated: datetime


def of_thing(session: Session, shelf: Shelf, thing: Any) -> list[Item]:
    """The newest entries of an organisation, fund, station, project or campaign, with its newest bills."""
    filters = Filters(**{str(shelf.dimension): thing.id})
    found = [_entry(one) for one in entries.page(session, LedgerQuery(filters), limit=NEWEST).entries]
    published = (
        bills.listing(session, organisation_id=thing.id, limit=NEWEST)
        if shelf.word == "organisations"
        else bills.listing(session, scope=BillScope(thing), limit=NEWEST)
    )
    return _newest([*found, *(_bill(one) for one in published)])


def of_bills(session: Session) -> list[Item]:
    """The newest published bills, and what was corrected of them."""
    published = bills.listing(session, limit=NEWEST)
    return _newest([*(_bill(one) for one in published), *_corrections(session, published)])


def of_corrections(session: Session) -> list[Item]:
    """The newest reversals, each with its reason."""
    ids = session.scalars(
        select(Entry.id).where(Entry.reverses_id.is_not(None)).order_by(Entry.index.desc()).limit(NEWEST)
    ).all()
    return _newest([_entry(one) for one in entries.of_ids(session, ids)])


def _entry(entry: PublicEntry) -> Item:
    words = {
        "amount": format_yuan(abs(entry.amount_fen)),
        "fund": entry.fund.name,
        "no": entry.reverses or entry.entry_no,
    }
    if entry.reverses:
        title = _("红冲 %(no)s：%(amount)s 元，%(fund)s", **words)
        summary = entry.reason
    elif entry.direction is Direction.IN:
        title = _("收入 %(amount)s 元，%(fund)s", **words)
        summary = entry.station.name if entry.station else entry.organisation.name
    else:
        title = _("支出 %(amount)s 元，%(fund)s", **words)
        summary = " → ".join(word for word in (entry.purpose, entry.recipient) if word)
    return Item(f"/ledger/{entry.entry_no}", plain(title), plain(summary or title), entry.published_at)


def _bill(bill: Bill) -> Item:
    return Item(
        f"/bills/{bill.bill_no}",
        plain(title_of(bill)),
        sums_in_words(bill),
        bill.published_at,
    )


def _corrections(session: Session, bills_shown: Sequence[Bill]) -> list[Item]:
    """What was corrected of bills after they were published; the address leads to the bill."""
    return [
        Item(
            f"/bills/{bill.bill_no}#correction-{one.entry_no or one.at.isoformat(timespec='seconds')}",
            plain(_("更正：%(title)s", title=title_of(bill))),
            plain(_("%(what)s：%(reason)s", what=corrected_words(one), reason=one.reason)),
            one.at,
        )
        for bill in bills_shown
        for one in corrections_of(session, bill)
    ]


def plain(text: str) -> str:
    """A text without the signs that XML does not know."""
    return _NOT_IN_XML.sub("", text)


def _newest(found: Sequence[Item]) -> list[Item]:
    return sorted(found, key=lambda one: one.updated, reverse=True)[:NEWEST]
