"""A report as a value: sections of typed blocks, read from the books once.

The printed report, its HTML twin and its CSV attachments are three readers of the same value, so that no figure can
differ between them. Nothing here knows a page size, a tag or a file. Amounts are integer fen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


class Written(str):
    """Words that staff wrote, such as a name or a purpose: Chinese, whatever language the report speaks."""

    __slots__ = ()


Cell = str | int | date | Decimal | None
"""What stands in a table. None means that it is not known, which is shown as such and never as nought."""

ColumnKind = Literal["text", "money", "count", "date", "percent"]
"""``money`` cells hold fen, ``count`` whole numbers, ``percent`` per cents as decimals; words may stand in any."""

Tone = Literal["plain", "in", "out", "target"]
"""What a figure speaks of: money that came in, that went out, the plan's target, or neither."""


@dataclass(frozen=True)
class TableColumn:
    """One column; ``share`` is its part of the printed width, in the unit of the other columns' shares."""

    title: str
    kind: ColumnKind = "text"
    share: float = 1
    summed: bool = False
    tone: Tone = "plain"

    @property
    def is_figure(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in ("money", "count", "percent")


@dataclass(frozen=True)
class Table:
    """Rows under typed columns. ``name`` is plain ASCII and unique in its document: it names the CSV attachment.

    ``total`` names the row of sums below; a table without it has none.
    """

    name: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: str = ""

    @property
    def sums(self) -> tuple[Cell, ...]:
        """The row of sums, its words in the first column; empty where there is none."""
        if not self.total or not self.rows:
            return ()
        added: list[Cell] = [
            sum(cell for cell in column_cells if isinstance(cell, int)) if column.summed else ""
            for column, column_cells in zip(self.columns, zip(*self.rows, strict=True), strict=True)
        ]
        return (self.total, *added[1:])


@dataclass(frozen=True)
class Chart:
    """A drawing of a table; it has no figure of its own. ``message`` is the one thing that it says.

    ``bars``: a pair of bars for each row. ``shares``: a bar lying down for each row. ``path``: bars with the plan's
    target as a line. ``tiles``: a tile for each row at its place (column and row, from 1) in ``places``.
    ``series`` are the places of the drawn columns, ``target`` that of the plan's; ``levels`` say from 0 to 4 how
    strong each tile is coloured.
    """

    kind: Literal["bars", "shares", "path", "tiles"]
    message: str
    table: Table
    series: tuple[int, ...] = (1,)
    target: int | None = None
    places: tuple[tuple[int, int], ...] = ()
    levels: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Plain text; a ``lead`` opens a section, ``small`` is a note."""

    text: str
    style: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True)
class Subheading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True)
class FigureCard:
    """One headline figure; an amount is in fen."""

    title: str
    figure: int | str
    kind: Literal["money", "count"] = "money"
    unit: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class FigureCards:
    """A row of up to four headline figures."""

    cards: tuple[FigureCard, ...]


@dataclass(frozen=True)
class SlipLine:
    """One line of a slip: words and an amount in fen. ``part`` is a share of the row above it.

    ``rule`` and ``double_rule`` carry neither, ``note`` only words.
    """

    words: str = ""
    fen: int | None = None
    kind: Literal["row", "part", "total", "rule", "double_rule", "note"] = "row"
    tone: Tone = "plain"


@dataclass(frozen=True)
class SlipBlock:
    """The slip (账单小票). ``name`` is unique in its document, like that of a table."""

    name: str
    title: str
    lines: tuple[SlipLine, ...]
    subtitles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of a thing: pairs of words and a value, one under the other."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Steps:
    """What to do, one thing after the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """Something that a reader must not miss, such as what these books do not know."""

    title: str
    text: str


@dataclass(frozen=True)
class Foreword:
    """Words that staff wrote for this report, and who signs them."""

    text: str
    signed: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text, cut at its line ends."""
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True)
class SignedState:
    """The signed head of the log, to hold against the site: in words, and as a code (``note``)."""

    state: str
    words: str
    note: str


Block = (
    Paragraph
    | Subheading
    | FigureCards
    | SlipBlock
    | Table
    | Chart
    | Facts
    | Steps
    | Notice
    | Foreword
    | SignedState
)


@dataclass(frozen=True)
class Section:
    """A part with a title of its own; ``key`` is plain ASCII and unique: an anchor, and a bookmark.

    One that ``opens_page`` begins a new page in print.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    opens_page: bool = False


@dataclass(frozen=True)
class CoverPage:
    """The first page: one number and one sentence. An amount is in fen.

    ``ornament`` are amounts whose bars decorate the page, such as what came in each month.
    """

    headline: str
    figure: int
    sentence: str
    foot: tuple[str, ...] = ()
    ornament: tuple[int, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Who publishes a report, from which state of the books, and where on the site a reader goes on.

    ``invitation`` and ``invitation_note`` say what is found there, beside the code that leads to ``path``.
    """

    publisher: str
    state: str
    path: str
    language: str
    invitation: str
    invitation_note: str
    demonstration: bool = False


@dataclass(frozen=True)
class Document:
    """A report: ``subtitle`` says whose it is, ``title`` what it is and of which year."""

    title: str
    subtitle: str
    cover: CoverPage
    sections: tuple[Section, ...]
    origin: Origin

    @property
    def numbered(self) -> Iterator[tuple[int, Section]]:
        """The sections with their numbers."""
        return enumerate(self.sections, 1)

    @property
    def tables(self) -> Iterator[Table]:
        """All tables, those of charts among them, in their order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Chart):
                    yield block.table

    @property
    def slips(self) -> Iterator[SlipBlock]:
        """All slips, in their order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, SlipBlock))
