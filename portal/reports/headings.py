"""What leads through a printed report: the titles of its sections, and the page that lists them."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.fonts import BOLD
from portal.reports.sheet import Contents, Heading, page_form
from portal.reports.typography import (
    KAPOK,
    RIVER,
    TextStyle,
    dotted_line,
    draw_text,
    shortened,
)

CAPTION = TextStyle(face=BOLD, size=9, leading=14, colour=RIVER, space_before=8, space_after=0)
"""What a table shows, above it."""
_TITLE = TextStyle(face=BOLD, size=18, leading=25, space_before=10, space_after=4 * mm)
_NUMBER = TextStyle(face=BOLD, size=11, colour=KAPOK)
_LINE = TextStyle(size=11.5)
_HEAD_ROOM = 7 * mm


class SectionHeading(Heading):
    """A section's number above its title, and the slip's dotted rule below."""

    def __init__(self, text: str, key: str, contents: Contents, place: int) -> None:
        super().__init__(text, key, contents, _TITLE)
        self._place = place

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """The title's lines, and the room for its number."""
        width, height = super().wrap(available_width, available_height)
        self._title_height = height
        self._whole_height = height + _HEAD_ROOM
        self.height = self._whole_height
        return width, self.height

    def split(self, _available_width: float, _available_height: float) -> list[Flowable]:
        """Never cut."""
        return []

    def draw(self) -> None:
        """Number, title, rule."""
        draw_text(self.canv, 0, self._whole_height - 4 * mm, f"{self._place:02d}", _NUMBER)
        # The lines are drawn down from the height.
        self.height = self._title_height
        super().draw()
        self.height = self._whole_height
        dotted_line(self.canv, 0, self.width, -1.2 * mm)


class ContentsPage(Flowable):
    """The sections with their pages, one below the other; page numbers are filled in when all is drawn."""

    def __init__(self, sections: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._sections = sections
        self._step = 12.5 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """A title and a line for each section."""
        self.width = available_width
        self.height = 34 * mm + self._step * len(self._sections)
        return self.width, self.height

    def draw(self) -> None:
        """Title, then number, words, dotted leader and page for each section."""
        title = TextStyle(face=BOLD, size=24, colour=RIVER)
        draw_text(self.canv, 0, self.height - 18 * mm, _("目录"), title)
        self.canv.setFillColor(KAPOK)
        self.canv.rect(0, self.height - 24.5 * mm, 18 * mm, 1.6 * mm, stroke=0, fill=1)
        for place, (key, words) in enumerate(self._sections, 1):
            self._line(place, key, words, self.height - 34 * mm - place * self._step + 5 * mm)

    def _line(self, place: int, key: str, words: str, y: float) -> None:
        left = 13 * mm
        draw_text(self.canv, 0, y, f"{place:02d}", TextStyle(face=BOLD, size=11, colour=KAPOK))
        drawn = draw_text(self.canv, left, y, shortened(words, _LINE, self.width - left - 16 * mm), _LINE)
        dotted_line(self.canv, left + drawn + 3 * mm, self.width - 10 * mm, y + 1)
        self.canv.saveState()
        self.canv.translate(self.width, y)
        self.canv.doForm(page_form(key))
        self.canv.restoreState()
        self.canv.linkRect("", key, (0, y - 3 * mm, self.width, y + 6 * mm), relative=1)
