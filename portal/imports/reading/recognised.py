"""What was recognised in a file: plain values, ready to be shown, kept or posted."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.imports.reading.faults import Fault, Problem
from portal.ledger.models import Channel


class DaySource(StrEnum):
    """Where the days of a list come from."""

    COLUMN = "column"
    REFERENCE = "reference"
    SECTION = "section"
    TITLE = "title"
    FILE_NAME = "file_name"
    STATED = "stated"
    NONE = "none"


@dataclass(slots=True)
class Row:
    """One donation of a list. ``position`` numbers the donations, ``row_no`` is the row in the file."""

    position: int
    sheet: str
    row_no: int
    donor_name: str
    amount_fen: int | None
    received_on: date | None
    clock: str
    channel: Channel
    external_ref: str
    remark: str
    content_key: str = ""
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Recognised:
    """A whole list: its rows, what it declares of itself, and what is wrong with it as a whole."""

    title: str
    encoding: str
    rows: list[Row]
    columns: list[str]
    day_sources: list[DaySource]
    declared_total_fen: int | None
    declared_count: int | None
    problems: list[Problem]
    channel: Channel
    statement: bool = False
    not_gifts: int = 0
    inner_channel: str = ""
    """The way of payment that the sheet itself speaks of; unlike ``channel`` it does not depend on the file's name."""
    fingerprint: str = ""

    @property
    def total_fen(self) -> int:
        """The sum of all amounts that can be read."""
        return sum(row.amount_fen for row in self.rows if row.amount_fen)

    @property
    def all_problems(self) -> list[Problem]:
        """Everything to look at; what holds for the whole list is not said again for each row."""
        general = {problem.fault for problem in self.problems}
        if general & {Fault.DAY_UNKNOWN, Fault.NAME_DAY_ONLY}:
            return [*self.problems, *(one for one in self.row_problems if one.fault is not Fault.NO_DAY)]
        return [*self.problems, *self.row_problems]

    @property
    def row_problems(self) -> list[Problem]:
        """What is wrong with single rows, in the order of the rows."""
        return [problem for row in self.rows for problem in row.problems]
