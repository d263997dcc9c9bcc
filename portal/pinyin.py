"""Search keys of a name: how it is spelled in pinyin, and its initials."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

LONGEST = 40
"""Letters of a spelling that are kept from any one syllable on."""


def spelled(name: str) -> str:
    """``李小明`` → ``lixiaoming``; letters and digits stay, in lower case."""
    return _plain(_dictionary().lazy_pinyin(name))


def initials_of(name: str) -> str:
    """``李小明`` → ``lxm``."""
    dictionary = _dictionary()
    return _plain(dictionary.lazy_pinyin(name, style=dictionary.Style.FIRST_LETTER))


def beginnings(name: str) -> Iterator[str]:
    """Spelling and initials from each syllable on: what is typed is the start of one of them.

    ``海珠区`` → ``haizhuqu``, ``hzq``, ``zhuqu``, ``zq``, ``qu``, ``q``.
    """
    syllables = [part for part in map(_one, _dictionary().lazy_pinyin(name)) if part]
    for at in range(len(syllables)):
        rest = syllables[at : at + LONGEST]
        yield "".join(rest)[:LONGEST]
        yield "".join(part[0] for part in rest)


@cache
def _dictionary() -> ModuleType:
    # Loaded by whoever asks first: it takes 55 MB, and a process that sets a report never asks.
    return import_module("pypinyin")


def _plain(syllables: list[str]) -> str:
    return _one("".join(syllables))


def _one(syllable: str) -> str:
    return "".join(one for one in syllable.lower() if one.isalnum())
