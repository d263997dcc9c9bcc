"""All public pages of the books, gathered under one blueprint."""

from portal.disclosure import (
    bill_pages,
    feed_pages,
    ledger_pages,
    overview_pages,
    profile_pages,
    station_pages,
    verify_pages,
)
from portal.disclosure.blueprint import disclosure

__all__ = [
    "bill_pages",
    "disclosure",
    "feed_pages",
    "ledger_pages",
    "overview_pages",
    "profile_pages",
    "station_pages",
    "verify_pages",
]
