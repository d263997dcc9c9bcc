"""Which entries a line of a statement may be: by reference, by amount and day, off by a fee, by a swapped digit.

Plain values in and out; nothing here reads or writes the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

NEAR_DAYS = 5
FEE_PERCENT = 1
"""Platforms keep less than so much of a payment."""


class Likeness(StrEnum):
    """Why a line may be an entry; the sure ones are taken by one key."""

    REFERENCE = "reference"
    SAME_DAY = "same_day"
    NEAR_DAY = "near_day"
    FEE = "fee"
    SWAPPED = "swapped"


SURE = frozenset({Likeness.REFERENCE, Likeness.SAME_DAY})


@dataclass(frozen=True)
class Line:
    """A line of a statement that is still open."""

    id: int
    day: date
    amount_fen: int
    reference: str


@dataclass(frozen=True)
class Booked:
    """An entry that no line was found for; the amount is what it moves in the account."""

    id: int
    day: date
    amount_fen: int
    reference: str


@dataclass(frozen=True)
class Suggestion:
    """A line, the entry it may be, why, and by how many fen they differ (line less entry)."""

    line_id: int
    entry_id: int
    likeness: Likeness
    difference_fen: int

    @property
    def sure(self) -> bool:
        """Whether it may be taken without a second look."""
        return self.likeness in SURE and not self.difference_fen


def suggest(lines: Sequence[Line], entries: Sequence[Booked]) -> list[Suggestion]:
    """The best entry for each line, each entry offered once; the surest ways of finding go first."""
    open_lines = {line.id: line for line in lines}
    open_entries = {entry.id: entry for entry in entries}
    found: list[Suggestion] = []
    for likeness, pairs in (
        (Likeness.REFERENCE, _by_reference),
        (Likeness.SAME_DAY, _on_the_same_day),
        (Likeness.NEAR_DAY, _on_a_near_day),
        (Likeness.FEE, _off_by_a_fee),
        (Likeness.SWAPPED, _with_swapped_digits),
    ):
        for line, entry in pairs(list(open_lines.values()), list(open_entries.values())):
            if line.id in open_lines and entry.id in open_entries:
                difference = line.amount_fen - entry.amount_fen
                found.append(Suggestion(line.id, entry.id, likeness, difference))
                del open_lines[line.id], open_entries[entry.id]
    return found


Pairs = Iterable[tuple[Line, Booked]]
One = TypeVar("One", Line, Booked)


def _by_reference(lines: list[Line], entries: list[Booked]) -> Pairs:
    """The same order number; where it stands on several entries, the one of the same amount first."""
    known: dict[str, list[Booked]] = defaultdict(list)
    for entry in entries:
        if entry.reference:
            known[entry.reference].append(entry)
    for line in lines:
        same = sorted(known.get(line.reference, ()), key=lambda one: abs(one.amount_fen - line.amount_fen))
        yield from ((line, entry) for entry in same if (entry.amount_fen > 0) == (line.amount_fen > 0))


def _on_the_same_day(lines: list[Line], entries: list[Booked]) -> Pairs:
    """Equal amount on the same day, if neither side has another such."""
    of_lines, of_entries = _grouped(lines), _grouped(entries)
    for key, own in of_lines.items():
        others = of_entries.get(key, [])
        if len(own) == len(others) == 1 and not _speak_of_others(own[0], others[0]):
            yield own[0], others[0]


def _on_a_near_day(lines: list[Line], entries: list[Booked]) -> Pairs:
    """Equal amount, the nearest day within some."""
    of_amount: dict[int, list[Booked]] = defaultdict(list)
    for entry in entries:
        of_amount[entry.amount_fen].append(entry)
    for line in lines:
        near = [one for one in of_amount.get(line.amount_fen, ()) if _days_between(line, one) <= NEAR_DAYS]
        yield from ((line, entry) for entry in sorted(near, key=lambda one: _days_between(line, one)))


def _off_by_a_fee(lines: list[Line], entries: list[Booked]) -> Pairs:
    """A little less came in than was given: what the platform kept."""
    for line in lines:
        for entry in entries:
            fee = entry.amount_fen - line.amount_fen
            little = 0 < fee * 100 <= entry.amount_fen * FEE_PERCENT
            if line.amount_fen > 0 and little and _days_between(line, entry) <= NEAR_DAYS:
                yield line, entry


def _with_swapped_digits(lines: list[Line], entries: list[Booked]) -> Pairs:
    """Two neighbouring digits stand the other way round: 1,620.00 for 1,260.00."""
    for line in lines:
        for entry in entries:
            if _days_between(line, entry) <= NEAR_DAYS and swapped(line.amount_fen, entry.amount_fen):
                yield line, entry


def swapped(one: int, other: int) -> bool:
    """Whether two amounts differ by the order of two neighbouring digits."""
    left, right = str(abs(one)), str(abs(other))
    if (one > 0) != (other > 0) or len(left) != len(right):
        return False
    places = [place for place in range(len(left)) if left[place] != right[place]]
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and left[places[0]] == right[places[1]]
        and left[places[1]] == right[places[0]]
    )


def _grouped(things: Sequence[One]) -> dict[tuple[date, int], list[One]]:
    groups: dict[tuple[date, int], list[One]] = defaultdict(list)
    for thing in things:
        groups[thing.day, thing.amount_fen].append(thing)
    return groups


def _speak_of_others(line: Line, entry: Booked) -> bool:
    """Whether both name an order and not the same one."""
    return bool(line.reference and entry.reference and line.reference != entry.reference)


def _days_between(line: Line, entry: Booked) -> int:
    return abs((line.day - entry.day).days)
