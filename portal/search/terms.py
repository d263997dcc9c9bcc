"""What is indexed of a text, and what a question asks of the index: the same on both databases.

A unit is one Chinese character or one run of letters and digits. Indexed are the units and the pairs of neighbours, so
that a question of one or two characters is one look-up; a longer one asks for all its pairs, and then whether they
stand in a row. Terms hold letters, digits and characters only: whatever is typed, there is no syntax in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from portal.search.folding import fold

LONGEST_UNIT = 40
MOST_UNITS = 40
"""Units of a question that are looked at."""

BREAK = "|"
"""Stands between pairs that are no neighbours; neither database indexes it."""

_JOINERS = str.maketrans("", "", "·•‧∙・")
_CHINESE = (
    r"\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3041-\u3096\u30a1-\u30fa\u30fc-\u318f\u31a0-\u31ff\u3400-\u9fff"
    r"\uac00-\ud7af\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff\U000f0000-\U0010fffd"
)
_UNIT = re.compile(rf"[{_CHINESE}]|(?:(?![{_CHINESE}])[^\W_])+")
_IS_CHINESE = re.compile(rf"[{_CHINESE}]")


@dataclass(frozen=True)
class Asked:
    """A question to the index.

    ``terms`` must all be there, ``beginnings`` must each begin some term, ``rows`` are pairs that must stand in a row.
    """

    terms: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that could be looked for."""
        return not (self.terms or self.beginnings)

    def marked(self, *marks: str) -> "Asked":
        """The same question among what carries these marks (``mark``)."""
        return Asked((*self.terms, *marks), self.beginnings, self.rows)


@lru_cache(maxsize=10_000)
def mark(kind: str, value: object) -> str:
    """A term that nobody can type: narrows a question by what a thing is, not by its words."""
    return f"→{kind}{value}".replace("_", "")


def runs_of(text: str) -> list[list[str]]:
    """The units of a text, in runs of neighbours."""
    runs: list[list[str]] = []
    end = -1
    for found in _UNIT.finditer(fold(text).translate(_JOINERS)):
        if found.start() != end:
            runs.append([])
        end = found.end()
        runs[-1].append(found.group()[:LONGEST_UNIT])
    return runs


def squeezed(text: str) -> str:
    """A name without what is between its units, to compare names with each other."""
    return "".join(unit for run in runs_of(text) for unit in run)


def terms_of(texts: Iterable[str], extra: Iterable[str] = ()) -> str:
    """The terms of texts with a space between them; ``extra`` are marks and spellings that come along."""
    runs = [run for text in texts for run in runs_of(text)]
    singles = dict.fromkeys([*extra, *(unit for run in runs for unit in run)])
    pairs = f" {BREAK} ".join(" ".join(_pairs(run)) for run in runs if len(run) > 1)
    return " ".join([*singles, pairs]) if pairs else " ".join(singles)


def ask_entries(text: str) -> Asked:
    """What is asked of entries: each run of the text as it stands."""
    terms: dict[str, None] = {}
    rows: list[str] = []
    for run in _first_units(runs_of(text)):
        pairs = _pairs(run)
        terms |= dict.fromkeys(pairs or run)
        if len(pairs) > 1:
            rows.append(" ".join(pairs))
    return Asked(tuple(terms), rows=tuple(rows))


def ask_things(text: str) -> Asked:
    """What is asked of names: Chinese as it stands, letters and digits as the beginning of a spelling or a code."""
    chinese: list[list[str]] = []
    letters: dict[str, None] = {}
    for run in _first_units(runs_of(text)):
        chinese.append([])
        for unit in run:
            if _IS_CHINESE.match(unit):
                chinese[-1].append(unit)
            else:
                letters[unit] = None
                chinese.append([])
    asked = ask_entries(" ".join("".join(run) for run in chinese))
    return Asked(asked.terms, tuple(letters), asked.rows)


def _pairs(run: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(run)]


def _first_units(runs: list[list[str]]) -> list[list[str]]:
    room = MOST_UNITS
    kept: list[list[str]] = []
    for run in runs:
        if room > 0:
            kept.append(run[:room])
        room -= len(run)
    return kept
