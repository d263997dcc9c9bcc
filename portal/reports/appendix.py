"""Every entry of a period as the last part of a report: the ledger itself, so that its sums can be added up again.

Entries are read by keyset in parts and set as pages need them: a hundred thousand take the memory of one part. The same
rows go into a CSV file on their way to the page, so that paper and file cannot differ.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from portal.disclosure.ledger_lines import LedgerLine, lines_in_order
from portal.i18n import gettext as _
from portal.ledger.figures import Filters
from portal.ledger.models import Direction, EntryKind
from portal.money import format_plain, format_yuan
from portal.reports.archive import Attachment
from portal.reports.attachments import CsvFile
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import AMBER, INK, RIVER, TextStyle

NAME = "ledger"
ENTRY_CELL = TextStyle(size=7.6, leading=10.4, colour=INK)
"""Small enough for forty entries of one line on a page."""


class LedgerAppendix:
    """The entries of some days, inclusive, narrowed by organisation or fund.

    ``table`` is set on paper first; when that is done, ``attachment`` is what went through it. ``progress`` is told
    how many entries are set.
    """

    def __init__(
        self,
        session: Session,
        first_day: date,
        last_day: date,
        filters: Filters = Filters(),
        *,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._session, self._progress = session, progress
        self._days = first_day, last_day
        self._filters = filters
        self._file = CsvFile(NAME, _("账本明细"), [column.title for column in self._columns])
        self.entries = 0

    @cached_property
    def table(self) -> MoneyTable:
        """The entries as a table whose sums are carried from page to page."""
        return MoneyTable(self._columns, self._rows(), total=_("合计"), cell=ENTRY_CELL)

    @property
    def attachment(self) -> Attachment:
        """The same rows as CSV; amounts in yuan."""
        return self._file.attachment()

    @cached_property
    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(_("日期"), 11.5),
            Column(_("编号"), 15),
            Column(_("基金"), 27),
            Column(_("捐赠人或用途"), 33),
            Column(_("收入（元）"), 15, "money", summed=True, colour=RIVER),
            Column(_("支出（元）"), 15, "money", summed=True, colour=AMBER),
        )

    def _rows(self) -> Iterator[list[Cell]]:
        for part in lines_in_order(self._session, *self._days, self._filters):
            rows = [_row(line) for line in part]
            self._file.add([*words, _plain(came), _plain(went)] for *words, came, went in rows)
            yield from rows
            self.entries += len(rows)
            if self._progress is not None:
                self._progress(self.entries)


def _row(line: LedgerLine) -> list[Cell]:
    """Only what counts as received or spent stands in a column of amounts; what was moved is told in words."""
    came = line.direction is Direction.IN
    counted = line.to_fund is None and not line.agency
    return [
        line.occurred_on.isoformat(),
        line.entry_no,
        line.fund,
        _words(line),
        line.amount_fen if counted and came else None,
        line.amount_fen if counted and not came else None,
    ]


def _words(line: LedgerLine) -> str:
    if line.kind is EntryKind.REVERSAL:
        words = _("红冲 %(no)s：%(reason)s", no=line.reverses, reason=line.reason)
    elif line.direction is Direction.IN:
        words = line.donor
    else:
        words = " → ".join(part for part in (line.purpose, line.recipient) if part)
    if line.to_fund is not None:
        moved = _("%(source)s 转到 %(target)s", source=line.fund, target=line.to_fund)
        return _(
            "划转 %(amount)s 元：%(words)s", amount=format_yuan(line.amount_fen), words=f"{moved} {words}"
        )
    if line.agency:
        return _("代收代付 %(amount)s 元：%(words)s", amount=format_yuan(line.amount_fen), words=words)
    return words


def _plain(fen: Cell) -> str | None:
    return format_plain(fen) if isinstance(fen, int) else None
