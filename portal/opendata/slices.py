"""How the ledger is cut into files: by the month, and the year, in which things *happened*.

That is what people ask for ("the books of May"), and how bills and journals count. A month can therefore change after
it is over: an entry comes late or is reversed, a donor withdraws the name. Each such day makes a new version of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.periods import Month, today

WHOLE = "all"
_YEAR = re.compile(r"[1-9]\d{3}")


@dataclass(frozen=True)
class Slice:
    """What happened from ``begins`` to before ``ends``, as the books stand now.

    ``grants`` counts payouts that are grants and stand. ``tree_size`` is the size of the smallest log that holds all of
    it: every entry, the reversals of them, and what of them reached the people it is for. ``words`` counts changes of
    names and other public words; ``changed`` are the days on which anything of it became public or changed.
    """

    name: str
    begins: date
    ends: date
    rows: int
    grants: int
    tree_size: int
    words: int
    changed: frozenset[date]

    @property
    def key(self) -> str:
        """Another one whenever a byte of its files may be another."""
        return f"{self.rows}-{self.tree_size}-{self.words}"

    @property
    def version(self) -> int:
        """1 for what stood when it ended, or first came; one more for every day of changes after."""
        later = sum(day >= self.ends for day in self.changed)
        return max(later + (later < len(self.changed)), 1)

    @property
    def changed_on(self) -> date:
        """The last day on which anything of it changed."""
        return max(self.changed)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.ends - timedelta(days=1)

    @property
    def is_month(self) -> bool:
        """Whether it is a single month."""
        return len(self.name) == 7


def joined(name: str, months: Sequence[Slice], begins: date, ends: date) -> Slice:
    """Several months as one."""
    return Slice(
        name=name,
        begins=begins,
        ends=ends,
        rows=sum(one.rows for one in months),
        grants=sum(one.grants for one in months),
        tree_size=max(one.tree_size for one in months),
        words=sum(one.words for one in months),
        changed=frozenset[date]().union(*(one.changed for one in months)),
    )


def years_of(months: Iterable[Slice]) -> list[Slice]:
    """The years that months lie in, oldest first."""
    by_year: dict[int, list[Slice]] = {}
    for one in months:
        by_year.setdefault(one.begins.year, []).append(one)
    return [
        joined(f"{year:04d}", parts, date(year, 1, 1), date(year + 1, 1, 1))
        for year, parts in sorted(by_year.items())
    ]


def find(months: Sequence[Slice], name: str) -> Slice | None:
    """The month (``2026-09``), the year (``2026``) or everything (``all``); None when nothing happened in it."""
    if name == WHOLE:
        return _nothing_yet() if not months else joined(WHOLE, months, months[0].begins, months[-1].ends)
    named = years_of(months) if _YEAR.fullmatch(name) else months
    return next((one for one in named if one.name == name), None)


def _nothing_yet() -> Slice:
    day = today()
    return Slice(WHOLE, day, day + timedelta(days=1), 0, 0, 0, 0, frozenset({day}))


def bounds(month: Month) -> tuple[date, date]:
    """The first day of a month, and of the next."""
    return month.first, month.plus(1).first
