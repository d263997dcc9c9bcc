"""What RFC 4287 asks of a feed, as far as a program can tell."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_OF_BOTH = frozenset("author category contributor id link rights title updated".split())
_OF_FEED = _OF_BOTH | set("generator icon logo subtitle entry".split())
_OF_ENTRY = _OF_BOTH | set("content published source summary".split())


def faults(text: str, address: str) -> Iterator[str]:
    """Everything that is wrong with a feed that is served at an address."""
    feed = ElementTree.fromstring(text)  # noqa: S314 - our own feed
    if feed.tag != f"{ATOM}feed":
        yield f"the root is {feed.tag}"
        return
    yield from _common(feed, _OF_FEED, "feed")
    if not feed.findall(f"{ATOM}author") and any(
        not one.findall(f"{ATOM}author") for one in feed.iter(f"{ATOM}entry")
    ):
        yield "nobody wrote it"
    if [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"] != [address]:
        yield "its link to itself leads elsewhere"
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        yield from _common(entry, _OF_ENTRY, "entry")
        if not any(one.get("rel", "alternate") == "alternate" for one in entry.findall(f"{ATOM}link")):
            yield from () if entry.findall(f"{ATOM}content") else ("an entry with neither content nor link",)
    ids = [_text(one, "id") for one in entries]
    if len(ids) != len(set(ids)):
        yield "two entries have one id"
    updates = [_text(one, "updated") for one in entries]
    if entries and _text(feed, "updated") != max(updates):
        yield "the feed is not as new as its newest entry"


def _common(of: Element, allowed: frozenset[str], what: str) -> Iterator[str]:
    for child in of:
        if child.tag.removeprefix(ATOM) not in allowed:
            yield f"{what}: {child.tag} has no place there"
    for name in ("id", "title", "updated"):
        if len(of.findall(f"{ATOM}{name}")) != 1 or not _text(of, name).strip():
            yield f"{what}: needs one {name}"
    if not urlsplit(_text(of, "id")).scheme:
        yield f"{what}: the id is no IRI"
    if not _INSTANT.fullmatch(_text(of, "updated")):
        yield f"{what}: {_text(of, 'updated')} is no instant"
    kinds = [
        (one.get("rel", "alternate"), one.get("type"), one.get("hreflang"))
        for one in of.findall(f"{ATOM}link")
    ]
    if len([one for one in kinds if one[0] == "alternate"]) != len(
        {one for one in kinds if one[0] == "alternate"}
    ):
        yield f"{what}: two links to the same kind of page"
    for one in of.findall(f"{ATOM}link"):
        if not urlsplit(one.get("href", "")).scheme:
            yield f"{what}: a link without an address"


def _text(of: Element, name: str) -> str:
    return of.findtext(f"{ATOM}{name}") or ""
