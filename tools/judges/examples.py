"""Examples for pages that show one thing, found on the served portal as a reader would find them."""

import re
from collections.abc import Callable
from typing import Any

from tools.judges.portal import Portal

_LONGEST_LOOK = 40


class Examples:
    """Finds one thing of each kind, and remembers it."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._known: dict[str, str] = {}

    def named(self, word: str) -> str:
        """The code or number of one thing of a kind.

        Raises:
            LookupError: there is none, or nobody knows how to find one.
        """
        if word not in self._known:
            self._known[word] = self._find(word)
        return self._known[word]

    def _find(self, word: str) -> str:
        if word in _ENTRIES:
            return self._entry(word, *_ENTRIES[word])
        if word in _BUSIEST:
            shelf, code = _BUSIEST[word]
            return str(max(self._items(shelf), key=lambda one: int(one["donations"]))[code])
        if word == "bill":
            return str(max(self._items("bills"), key=lambda one: int(one["entries"]))["bill_no"])
        if word == "street":
            return next(str(one["street"]["code"]) for one in self._items("funds") if one["street"])
        if word == "question":
            return next(
                str(one["question_no"]) for one in self._items("questions") if one["state"] == "answered"
            )
        if word == "complaint":
            return self._complaint()
        if word == "year":
            return str(self._portal.json("/api/v1/indicators/per-capita")["current"]["year"])
        if word in _LISTED:
            return self._linked(*_LISTED[word])
        raise LookupError(f"no way to find an example of {word}")

    def _items(self, shelf: str) -> list[Any]:
        items: list[Any] = self._portal.json(f"/api/v1/{shelf}?limit=200")["items"]
        if not items:
            raise LookupError(f"the portal has no {shelf}")
        return items

    def _entry(self, word: str, query: str, fits: Callable[[Any], bool]) -> str:
        after = ""
        for _look in range(_LONGEST_LOOK):
            page = self._portal.json(f"/api/v1/ledger?limit=200{query}{after}")
            for entry in page["entries"]:
                if fits(entry):
                    return str(entry["entry_no"])
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        raise LookupError(f"the ledger has no {word}")

    def _complaint(self) -> str:
        for one in self._items("questions"):
            page = self._portal.fetch(f"/questions/{one['question_no']}").decode()
            found = re.search(r'href="/complaints/(?!questions/)([^"]+)"', page)
            if found is not None:
                return found[1]
        raise LookupError("no question leads to a complaint")

    def _linked(self, path: str, pattern: str) -> str:
        found = re.search(pattern, self._portal.fetch(path).decode())
        if found is None:
            raise LookupError(f"{path} leads to none: {pattern}")
        return found[1]


_ENTRIES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "gift": ("&direction=in&form=money", lambda entry: not entry["reverses"] and not entry["reversed_by"]),
    "goods": ("&direction=in&form=goods", lambda entry: not entry["reverses"]),
    "payout": ("&direction=out&form=money", lambda entry: bool(entry["beneficiary_count"])),
    "reversal": ("", lambda entry: bool(entry["reverses"])),
    "reversed": ("", lambda entry: bool(entry["reversed_by"])),
    "transfer": ("", lambda entry: entry["kind"] == "transfer"),
}
_BUSIEST = {
    "organisation": ("organisations", "uscc"),
    "fund": ("funds", "code"),
    "station": ("stations", "code"),
    "project": ("projects", "code"),
    "campaign": ("campaigns", "code"),
}
_LISTED = {
    "landmark": ("/sitemap.xml", r"/landmarks/([^<]+)<"),
    "notice": ("/notices", r'href="/notices/([^"]+)"'),
}
