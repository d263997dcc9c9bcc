"""Show in a text what was looked for."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from portal.search.folding import fold
from portal.search.terms import runs_of


def marked(text: str | None, words: str) -> Markup:
    """A text with each run of the words in ``<mark>``, however it is written there; everything else is escaped."""
    if not text:
        return Markup("")
    plain, places = _plain(text)
    inside = [False] * len(text)
    for run in {"".join(run) for run in runs_of(words)}:
        for at in _occurrences(plain, run):
            first, last = places[at], places[at + len(run) - 1]
            inside[first : last + 1] = [True] * (last + 1 - first)
    return Markup("").join(_pieces(text, inside))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and where each of its characters stands in the text."""
    pairs = [
        (one, place)
        for place, character in enumerate(text)
        for one in fold(character)
        if runs_of(one) or one.isspace()
    ]
    return "".join(one for one, _place in pairs), [place for _one, place in pairs]


def _occurrences(plain: str, run: str) -> Iterator[int]:
    at = plain.find(run)
    while at >= 0:
        yield at
        at = plain.find(run, at + len(run))


def _pieces(text: str, inside: list[bool]) -> Iterator[Markup]:
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or inside[end] != inside[start]:
            piece = escape(text[start:end])
            yield Markup("<mark>{}</mark>").format(piece) if inside[start] else piece
            start = end
