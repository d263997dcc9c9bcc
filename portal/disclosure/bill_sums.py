"""The sums of every bill, whatever its period and whose it is: one function for all of them.

A bill counts entries by the day they are booked on, so that what comes in after publication stands in a later bill and
what closes one period opens the next. The kept daily totals go by the day it happened; they are taken, and the few
entries whose two days differ are moved over. So a year of a million entries costs what its days cost.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import Session

from portal.disclosure.bill_scopes import BillScope
from portal.ledger import transfers
from portal.ledger.models import Channel, DailyTotal, Direction, Entry, Form, Posting, Transfer
from portal.ledger.transfers import Moved, is_move
from portal.periods import Period
from portal.registry.models import Project
from portal.spending.models import COST_OF_ACCOUNT, CostKind

_DAY = date.resolution
_OUT = Entry.direction == literal_column("'out'")
_OTHER_DAY = Entry.booked_on != Entry.occurred_on
"""Both in the words of partial indexes, so that the database takes them."""

_Key = tuple[Direction, Form, Channel, int]
_Groups = dict[_Key, list[int]]


@dataclass(frozen=True)
class ProjectSum:
    """What was spent on one project, in fen; without code and name on none in particular."""

    code: str
    name: str
    amount_fen: int


@dataclass(frozen=True)
class Sums:
    """Every sum of a bill, in fen. ``since_…`` is all that ever came in and went out until the period's last day.

    What keeps no money of its own (a station, project or campaign) has neither opening nor closing.
    """

    opening_fen: int | None = None
    income_fen: int = 0
    outgo_fen: int = 0
    moved: Moved = field(default_factory=Moved)
    closing_fen: int | None = None
    entry_count: int = 0
    by_form: dict[Form, int] = field(default_factory=dict)
    by_channel: dict[Channel, int] = field(default_factory=dict)
    by_cost: dict[CostKind, int] = field(default_factory=dict)
    by_project: Sequence[ProjectSum] = ()
    since_in_fen: int = 0
    since_out_fen: int = 0


def sums_of(session: Session, scope: BillScope, period: Period, *, size: int | None = None) -> Sums:
    """The sums of a period; of the first ``size`` entries of the ledger only, where that is given."""
    books = _Books(session, scope, size)
    groups = books.groups(period.first, period.last)
    income, outgo = _of_direction(groups, Direction.IN), _of_direction(groups, Direction.OUT)
    before = books.groups(None, period.first - _DAY)
    before_in, before_out = _of_direction(before, Direction.IN), _of_direction(before, Direction.OUT)
    moved, moved_before = Moved(), Moved()
    if scope.has_pot:
        moved = books.moved(period.first, period.last)
        moved_before = books.moved(None, period.first - _DAY)
    opening = before_in - before_out + moved_before.in_fen - moved_before.out_fen
    closing = opening + income - outgo + moved.in_fen - moved.out_fen
    return Sums(
        opening_fen=opening if scope.has_pot else None,
        income_fen=income,
        outgo_fen=outgo,
        moved=moved,
        closing_fen=closing if scope.has_pot else None,
        entry_count=books.count(groups, period.first, period.last),
        by_form=_parts(groups, lambda key: key[1]),
        by_channel=_parts(groups, lambda key: key[2]),
        by_cost=books.by_cost(period.first, period.last),
        by_project=_by_project(session, groups) if scope.dimension != "project_id" else (),
        since_in_fen=before_in + income,
        since_out_fen=before_out + outgo,
    )


def first_day(session: Session, scope: BillScope) -> date | None:
    """The day of the first gift or payout of a thing: before it there is no bill to turn back to."""
    own = getattr(DailyTotal, scope.dimension) == scope.thing.id
    return session.scalar(select(func.min(DailyTotal.day)).where(own))


def sides_of(scope: BillScope) -> list[list[ColumnElement[bool]]]:
    """Entries that stand under a thing, and those that brought it money from elsewhere; each a set of conditions."""
    if not scope.has_pot:
        return [[*_own(scope), ~is_move()]]
    end = getattr(Transfer, f"to_{scope.dimension}")
    source = getattr(Transfer, f"from_{scope.dimension}")
    arrived = select(Transfer.entry_id).where(end == scope.thing.id, source != scope.thing.id)
    return [_own(scope), [Entry.id.in_(arrived)]]


def booked(first: date | None, last: date) -> list[ColumnElement[bool]]:
    """Entries that count from one day to another; what only passes through stands in no bill (E33)."""
    conditions: list[ColumnElement[bool]] = [Entry.booked_on <= last, Entry.agency.is_(False)]
    return conditions if first is None else [*conditions, Entry.booked_on >= first]


def _happened(first: date | None, last: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Entry.occurred_on <= last, Entry.agency.is_(False)]
    return conditions if first is None else [*conditions, Entry.occurred_on >= first]


def _own(scope: BillScope) -> list[ColumnElement[bool]]:
    own = [getattr(Entry, scope.dimension) == scope.thing.id]
    return [*own, Entry.organisation_id == scope.organisation.id] if scope.has_pot else own


class _Books:
    """The ledger as one bill sees it: of one thing, and of its first entries only where a size is given."""

    def __init__(self, session: Session, scope: BillScope, size: int | None) -> None:
        self._session, self._scope, self._size = session, scope, size
        self._known: list[ColumnElement[bool]] = [] if size is None else [Entry.id <= size]

    def groups(self, first: date | None, last: date) -> _Groups:
        """Number and amount of what was booked from one day to another, by direction, form, channel and project."""
        sums: _Groups = defaultdict(lambda: [0, 0])
        for sign, rows in self._signed(first, last):
            for direction, form, channel, project_id, entries, amount in rows:
                held = sums[direction, form, channel, project_id or 0]
                held[0] += sign * int(entries)
                held[1] += sign * int(amount)
        return sums

    def _signed(self, first: date | None, last: date) -> Iterator[tuple[int, Sequence[Any]]]:
        yield 1, self._kept(first, last)
        yield 1, self._entries(_OTHER_DAY, *booked(first, last))
        yield -1, self._entries(_OTHER_DAY, *_happened(first, last))
        if self._size is not None:
            yield -1, self._entries(Entry.id > self._size, *booked(first, last))

    def _kept(self, first: date | None, last: date) -> Sequence[Any]:
        group = (DailyTotal.direction, DailyTotal.form, DailyTotal.channel, DailyTotal.project_id)
        query = select(*group, func.sum(DailyTotal.entries), func.sum(DailyTotal.amount_fen)).where(
            getattr(DailyTotal, self._scope.dimension) == self._scope.thing.id,
            DailyTotal.agency.is_(False),
            DailyTotal.day <= last,
        )
        if first is not None:
            query = query.where(DailyTotal.day >= first)
        return self._session.execute(query.group_by(*group)).all()

    def _entries(self, *conditions: ColumnElement[bool]) -> Sequence[Any]:
        group = (Entry.direction, Entry.form, Entry.channel, Entry.project_id)
        sign: ColumnElement[int] = func.sum(
            literal_column("CASE WHEN ledger_entry.reverses_id IS NULL THEN 1 ELSE -1 END")
        )
        query = select(*group, sign, func.sum(Entry.amount_fen)).where(
            *_own(self._scope), *conditions, ~is_move()
        )
        return self._session.execute(query.group_by(*group)).all()

    def count(self, groups: _Groups, first: date, last: date) -> int:
        """How many entries a bill lists: a kept sum counts a reversal as one less, and what moves not at all."""
        known = [*booked(first, last), *self._known]
        reversals = self._session.scalar(
            select(func.count())
            .select_from(Entry)
            .where(Entry.reverses_id.is_not(None), *_own(self._scope), *known, ~is_move())
        )
        moves = self._moves(known) if self._scope.has_pot else 0
        return sum(entries for entries, _fen in groups.values()) + 2 * (reversals or 0) + moves

    def _moves(self, known: list[ColumnElement[bool]]) -> int:
        ends = (getattr(Transfer, f"{end}_{self._scope.dimension}") for end in ("from", "to"))
        query = (
            select(func.count())
            .select_from(Transfer)
            .join(Entry, Entry.id == Transfer.entry_id)
            .where(or_(*(end == self._scope.thing.id for end in ends)), *known)
        )
        return self._session.scalar(query) or 0

    def moved(self, first: date | None, last: date) -> Moved:
        """What transfers brought and took."""
        owner = {str(self._scope.dimension): self._scope.thing.id}
        return transfers.moved(self._session, *booked(first, last), *self._known, **owner)

    def by_cost(self, first: date, last: date) -> dict[CostKind, int]:
        """What was spent, by kind of cost."""
        rows = self._session.execute(
            select(Posting.account_code, func.sum(Posting.amount_fen))
            .join(Entry, Entry.id == Posting.entry_id)
            .where(
                *_own(self._scope),
                *booked(first, last),
                *self._known,
                _OUT,
                ~is_move(),
                Posting.account_code.in_(COST_OF_ACCOUNT),
            )
            .group_by(Posting.account_code)
        )
        return _sorted({COST_OF_ACCOUNT[account]: int(amount) for account, amount in rows if amount})


def _of_direction(groups: _Groups, wanted: Direction) -> int:
    return sum(fen for (direction, *_rest), (_count, fen) in groups.items() if direction is wanted)


def _parts(groups: _Groups, part: Any) -> dict[Any, int]:
    """What income is made of, the largest first."""
    sums: dict[Any, int] = defaultdict(int)
    for key, (_count, fen) in groups.items():
        if key[0] is Direction.IN:
            sums[part(key)] += fen
    return _sorted({key: fen for key, fen in sums.items() if fen})


def _sorted(sums: dict[Any, int]) -> dict[Any, int]:
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0].value)))


def _by_project(session: Session, groups: _Groups) -> tuple[ProjectSum, ...]:
    sums: dict[int, int] = defaultdict(int)
    for (direction, _form, _channel, project_id), (_count, fen) in groups.items():
        if direction is Direction.OUT:
            sums[project_id] += fen
    named = session.execute(
        select(Project.id, Project.code, Project.name).where(Project.id.in_(set(sums) - {0}))
    )
    names = {row.id: (row.code, row.name) for row in named}
    rows = (ProjectSum(*names.get(project_id, ("", "")), fen) for project_id, fen in sums.items() if fen)
    return tuple(sorted(rows, key=lambda one: (-one.amount_fen, one.code)))
