"""What charity is for, in the categories of the law, and what a restricted fund's money may be used for.

A category is the coarse sieve that a computer can hold a payout against. What a donor or a fund binds more narrowly
stands in words, and a person judges it.
"""

from collections.abc import Iterable
from enum import StrEnum


class CharitablePurpose(StrEnum):
    """The six categories of charitable activity (慈善法 3)."""

    POVERTY = "poverty"
    CARE = "care"
    DISASTER = "disaster"
    CULTURE = "culture"
    ENVIRONMENT = "environment"
    OTHER = "other"


PURPOSE_KNOWN = "purpose IN ('poverty', 'care', 'disaster', 'culture', 'environment', 'other')"
"""The condition that a table of purposes carries."""


def in_order(purposes: Iterable[CharitablePurpose | str]) -> tuple[CharitablePurpose, ...]:
    """Categories in the order of the law, each once."""
    wanted = {CharitablePurpose(one) for one in purposes}
    return tuple(one for one in CharitablePurpose if one in wanted)
