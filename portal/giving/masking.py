"""A name in the form that its bearer chose to be seen in: the surname, and stars (docs: domain, "Names").

A masked name is still personal (PIPL 73): it is only shown with consent, like the whole one.
"""

import re
import unicodedata

_LATIN = re.compile(r"[A-Za-z]")


def mask(name: str) -> str:
    """``王小明`` → ``王**``, ``阿依古丽·买买提`` → ``阿**·买**``, ``Ann Lee`` → ``A***``."""
    return "·".join(_mask_part(part) for part in name.split("·"))


def _mask_part(part: str) -> str:
    text = part.strip()
    if not text:
        return ""
    first = _first_character(text)
    return f"{first}***" if _LATIN.match(unicodedata.normalize("NFKC", first)) else f"{first}**"


def _first_character(text: str) -> str:
    """The first character as a reader sees it: with the marks and variation selectors that belong to it."""
    end = 1
    while end < len(text) and (
        unicodedata.combining(text[end]) or unicodedata.category(text[end]) in ("Mn", "Me")
    ):
        end += 1
    return text[:end]
