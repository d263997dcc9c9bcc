"""A judge of Atom feeds: the grammar of RFC 4287 by jing, and the rules that the RFC and W3C's validator say in words.

W3C's own program is in no package index; its rules for errors are those of RFC 4287, which are checked here one by one.
"""

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tools.judges.portal import Portal

_GRAMMAR = Path(__file__).parent / "atom.rnc"
_ATOM = "{http://www.w3.org/2005/Atom}"
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAG = re.compile(r"tag:[^,\s]+,\d{4}(-\d\d(-\d\d)?)?:\S*")
_MARKUP = re.compile(r"</?[a-z][^>]*>|&\w+;", re.IGNORECASE)
_CLOCKS_DIFFER = timedelta(minutes=10)


def examine(portal: Portal, paths: Iterable[str]) -> list[str]:
    """Everything that is wrong with the feeds at these paths."""
    found = []
    for path in paths:
        answer = portal.answer(path)
        if answer.status != 200 or answer.media_type != "application/atom+xml":
            found.append(f"{path} answers {answer.status} {answer.media_type}")
            continue
        found += [f"{path}: {finding}" for finding in judge(answer.content, portal.address + path)]
    return found


def judge(content: bytes, address: str) -> list[str]:
    """Everything that is wrong with one feed that was found at an address."""
    return [*_grammar(content), *rules(content, address)]


def rules(content: bytes, address: str) -> list[str]:
    """What is wrong with a feed by the rules that no grammar can say."""
    try:
        feed = ElementTree.fromstring(content)  # noqa: S314 - our own portal's answer
    except ElementTree.ParseError as problem:
        return [f"not well-formed: {problem}"]
    return [*_feed_rules(feed, address), *_entry_rules(feed)]


def _grammar(content: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".atom") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(
            ["jing", "-c", str(_GRAMMAR), file.name], capture_output=True, text=True, check=False
        )
        said = done.stdout.replace(f"{file.name}:", "").strip().splitlines()
    yield from said
    if done.returncode and not said:
        yield f"jing failed: {done.stderr[-300:]}"


def _feed_rules(feed: Element, address: str) -> Iterator[str]:
    if feed.tag != f"{_ATOM}feed":
        yield f"{feed.tag} is no feed"
    own = [link.get("href") for link in feed.findall(f"{_ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"the link to itself is {own}, it was found at {address}"
    ids = Counter(element.text or "" for element in feed.iter(f"{_ATOM}id"))
    yield from (f"the id {one} stands {count} times" for one, count in ids.items() if count > 1)
    yield from (f"the id {one!r} is no absolute address" for one in ids if not _names_for_good(one))
    for link in feed.iter(f"{_ATOM}link"):
        if not urlsplit(link.get("href", "")).scheme:
            yield f"the link {link.get('href')} is not absolute"
    for name in ("title", "summary", "subtitle", "rights"):
        for element in feed.iter(_ATOM + name):
            yield from _text_rules(name, element)
    for name in ("updated", "published"):
        for element in feed.iter(_ATOM + name):
            yield from _instant_rules(name, element.text or "")


def _entry_rules(feed: Element) -> Iterator[str]:
    spoken_for = feed.find(f"{_ATOM}author") is not None
    for entry in feed.iter(f"{_ATOM}entry"):
        name = entry.findtext(f"{_ATOM}id", "an entry without an id")
        if not spoken_for and entry.find(f"{_ATOM}author") is None:
            yield f"{name} has no author"
        links = entry.findall(f"{_ATOM}link")
        alternates = [
            (one.get("type"), one.get("hreflang"))
            for one in links
            if one.get("rel", "alternate") == "alternate"
        ]
        if not alternates and entry.find(f"{_ATOM}content") is None:
            yield f"{name} has neither content nor a link to it"
        if len(alternates) != len(set(alternates)):
            yield f"{name} has two alternates of one type and language"


def _names_for_good(identity: str) -> bool:
    """Whether this is an absolute IRI, and well formed where it is a UUID or a tag."""
    if identity.startswith("urn:uuid:"):
        return bool(_UUID.fullmatch(identity))
    if identity.startswith("tag:"):
        return bool(_TAG.fullmatch(identity))
    parts = urlsplit(identity)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", identity)


def _text_rules(name: str, element: Element) -> Iterator[str]:
    text = "".join(element.itertext())
    if not text.strip():
        yield f"an empty {name}"
    if element.get("type", "text") == "text" and _MARKUP.search(text):
        yield f"markup in the plain text of a {name}: {text[:80]}"


def _instant_rules(name: str, text: str) -> Iterator[str]:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        yield f"{name} {text!r} is no instant of RFC 3339"
        return
    if instant.tzinfo is None:
        yield f"{name} {text} has no zone"
    elif instant > datetime.now(UTC) + _CLOCKS_DIFFER:
        yield f"{name} {text} lies in the future"
