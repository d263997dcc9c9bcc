"""Small groups of people helped are merged before anybody sees a table of them (I25)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST = 5
"""Fewer people than this could be recognised."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Cell(Generic[Key]):
    """A cell of a table, of several keys where small ones were merged; ``people`` is None for fewer than five."""

    keys: tuple[Key, ...]
    people: int | None

    @property
    def merged(self) -> bool:
        """Whether it stands for several."""
        return len(self.keys) > 1


def merged_cells(counted: Iterable[tuple[Key, int]], fewest: int = FEWEST) -> list[Cell[Key]]:
    """Cells that may be published, in the order in which their keys first came; what was merged stands last.

    Equal keys are added up. Cells below ``fewest`` are merged into one; where that is still too small, or holds a
    single cell that could be worked out from the sum, the smallest of the others joins it. Where all together are
    fewer, one cell without a number is left.
    """
    sums: dict[Key, int] = {}
    for key, people in counted:
        sums[key] = sums.get(key, 0) + people
    small = [key for key, people in sums.items() if people < fewest]
    large = sorted((key for key in sums if sums[key] >= fewest), key=lambda key: sums[key])
    if small and large and (len(small) == 1 or sum(sums[key] for key in small) < fewest):
        small.append(large.pop(0))
    kept = [Cell((key,), people) for key, people in sums.items() if key not in small]
    if not small:
        return kept
    together = sum(sums[key] for key in small)
    order = list(sums)
    return [*kept, Cell(tuple(sorted(small, key=order.index)), together if together >= fewest else None)]
