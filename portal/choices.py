"""Options of select boxes: a value and its words."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.labels import label


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Options in the order given."""
    return [SelectChoice(value, str(words)) for value, words in pairs]


def member_options(kind: type[StrEnum]) -> list[Any]:
    """Options of all members of an enumeration, in their own words."""
    return options((one.value, label(one)) for one in kind)


def member_pairs(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Value and words of all members of an enumeration, for the filters of a page."""
    return [(one.value, str(label(one))) for one in kind]
