"""One form for words that mean the same to who looks for them: width, case, traditional or simplified."""

import unicodedata
from functools import cache
from importlib import import_module

_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


def fold(text: str) -> str:
    """``ＡＢＣ 慈善會`` → ``abc 慈善会``. What is stored and what is typed are folded alike."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    """Each traditional character with its simplified one.

    Character by character: a phrase would be read differently in a whole name and in the half of it that is typed.
    """
    characters = [chr(code) for first, last in _HAN for code in range(first, last + 1)]
    # Loaded by whoever folds first: a process that makes a report never does.
    converted: list[str] = import_module("opencc").OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, converted, strict=True) if old != new}
