"""A look at a file before anything is written: what was recognised, and what would become of each row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.imports.crossing import mark_crossings
from portal.imports.duplicates import books_exist, known_keys
from portal.imports.models import RowState
from portal.imports.reading import Fault, Problem, Recognised, Row, recognise
from portal.imports.reading.layouts import Layouts
from portal.imports.target import campaign_problem
from portal.periods import today
from portal.registry.models import Campaign


@dataclass(frozen=True)
class Preview:
    """A list and the state each of its rows would have."""

    recognised: Recognised
    states: Sequence[RowState]

    def count(self, state: RowState) -> int:
        """How many rows would be in a state."""
        return Counter(self.states)[state]

    @property
    def accepted_fen(self) -> int:
        """The sum of the rows that would be accepted."""
        pairs = zip(self.recognised.rows, self.states, strict=True)
        return sum(row.amount_fen or 0 for row, state in pairs if state is RowState.ACCEPTED)

    @property
    def problems(self) -> list[Problem]:
        """Everything to look at."""
        return self.recognised.all_problems


def preview(
    session: Session,
    content: bytes,
    file_name: str,
    *,
    dated: date | None = None,
    organisation_id: int | None = None,
    campaign: Campaign | None = None,
    layouts: Layouts | None = None,
) -> Preview:
    """Read a file and compare it with the books; nothing is written.

    Raises:
        UnreadableFile: the file is no list of donations.
    """
    recognised = recognise(content, file_name, today=today(), dated=dated, layouts=layouts or {})
    states = states_of(
        session,
        recognised.rows,
        organisation_id=organisation_id,
        campaign=campaign,
        statement=recognised.statement,
    )
    return Preview(recognised, states)


def states_of(
    session: Session,
    rows: Sequence[Row],
    *,
    organisation_id: int | None,
    campaign: Campaign | None,
    statement: bool,
) -> list[RowState]:
    """What becomes of rows, held against the books; what is wrong with them is noted on each."""
    for row in rows:
        outside = campaign_problem(campaign, row.received_on, row.row_no)
        if outside is not None:
            row.problems.append(outside)
    keys = [row.content_key for row in rows]
    known = known_keys(session, keys, organisation_id) if books_exist(session) else set()
    if organisation_id is not None:
        mark_crossings(session, rows, organisation_id, statement=statement)
    return _states(rows, known)


def _states(rows: Sequence[Row], known: set[str]) -> list[RowState]:
    """A row that is known or stands in this very list already (same order number) is a duplicate."""
    taken = set(known)
    states: list[RowState] = []
    for row in rows:
        if row.content_key in taken or any(one.fault is Fault.SAME_GIFT for one in row.problems):
            states.append(RowState.DUPLICATE)
            continue
        taken.add(row.content_key)
        states.append(RowState.NEEDS_REVIEW if row.problems else RowState.ACCEPTED)
    return states
