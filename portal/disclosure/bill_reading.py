"""Reading one bill: frozen when it is published, drawn up from the ledger while its period runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.disclosure import bill_rows
from portal.disclosure.bill_corrections import Correction, corrections_of, made_in, note_of
from portal.disclosure.bill_freezing import sums_in, sums_kept
from portal.disclosure.bill_names import bill_title, period_words
from portal.disclosure.bill_rows import RowsPage
from portal.disclosure.bill_scopes import BillScope, bill_no_of, find_published, read_number
from portal.disclosure.bill_sums import Sums, first_day, sums_of
from portal.disclosure.models import Bill
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.figures import ledger_size
from portal.ledger.models import Channel
from portal.ledger.transfers import Moved
from portal.periods import Period, Run, today
from portal.spending.models import CostKind

NO_ROWS = RowsPage()


@dataclass(frozen=True)
class BillFigures:
    """Everything a bill shows. ``published_at`` is None while the period runs and the figures may still move.

    ``before`` are the sums of the period before, as they stood when the bill was published. ``corrections`` came after
    publication; ``corrected`` are those of earlier bills that this one counts.
    """

    bill_no: str
    scope: BillScope
    period: Period
    sums: Sums
    before: Sums | None
    note: str
    published_at: datetime | None
    ledger_size: int
    corrections: Sequence[Correction] = ()
    corrected: Sequence[Correction] = ()
    rows_page: RowsPage = NO_ROWS
    books_begin: date | None = None

    @property
    def running(self) -> bool:
        """Whether it is not yet published."""
        return self.published_at is None

    @property
    def ended(self) -> bool:
        """Whether its period is over."""
        return self.period.last < today()

    @property
    def title(self) -> str:
        """Whose bill of which period."""
        return bill_title(self.scope.name, self.period)

    @property
    def period_words(self) -> str:
        """The period in words."""
        return period_words(self.period)

    @property
    def rows(self) -> Sequence[PublicEntry]:
        """The entries of the page."""
        return self.rows_page.entries

    @property
    def opening_fen(self) -> int | None:
        """What there was before the period; None for what keeps no money of its own."""
        return self.sums.opening_fen

    @property
    def income_fen(self) -> int:
        """What came in."""
        return self.sums.income_fen

    @property
    def outgo_fen(self) -> int:
        """What went out."""
        return self.sums.outgo_fen

    @property
    def moved(self) -> Moved:
        """What transfers brought and took."""
        return self.sums.moved

    @property
    def closing_fen(self) -> int | None:
        """What there was after the period; None for what keeps no money of its own."""
        return self.sums.closing_fen

    @property
    def entry_count(self) -> int:
        """How many entries it lists."""
        return self.sums.entry_count

    @property
    def income_by_channel(self) -> dict[Channel, int]:
        """What came in, by the way it came."""
        return self.sums.by_channel

    @property
    def outgo_by_cost(self) -> dict[CostKind, int]:
        """What went out, by kind of cost."""
        return self.sums.by_cost

    @property
    def earlier_no(self) -> str | None:
        """The number of the bill of the period before, if anything had happened by then."""
        if isinstance(self.period, Run) or self.books_begin is None:
            return None
        earlier = self.period.plus(-1)
        return bill_no_of(self.scope, earlier) if earlier.last >= self.books_begin else None

    @property
    def later_no(self) -> str | None:
        """The number of the bill of the next period, if that has begun."""
        if isinstance(self.period, Run):
            return None
        following = self.period.plus(1)
        return bill_no_of(self.scope, following) if following.first <= today() else None


def bill_figures(
    session: Session, bill_no: str, *, row_limit: int | None = None, after: str = ""
) -> BillFigures:
    """A bill by its number, with a page of its entries (all of them without a limit, none with 0).

    Raises:
        NotFound: no such period or thing, or a period still to come.
    """
    published = find_published(session, bill_no)
    scope, period = (
        (BillScope(published.subject), published.days) if published else read_number(session, bill_no)
    )
    return figures_of(session, scope, period, row_limit=row_limit, after=after)


def figures_of(
    session: Session, scope: BillScope, period: Period, *, row_limit: int | None = None, after: str = ""
) -> BillFigures:
    """The figures of one period."""
    bill = find_published(session, bill_no_of(scope, period))
    rows = _rows(session, scope, period, row_limit, after)
    if bill is None:
        return _running(session, scope, period, rows)
    period = bill.days
    return BillFigures(
        bill_no=bill.bill_no,
        scope=scope,
        period=period,
        sums=sums_kept(bill) or _with_totals(bill, sums_of(session, scope, period, size=bill.ledger_size)),
        before=_before_of(session, scope, bill),
        note=note_of(session, bill),
        published_at=bill.published_at,
        ledger_size=bill.ledger_size,
        corrections=corrections_of(session, bill),
        corrected=made_in(session, scope, period, size=bill.ledger_size),
        rows_page=rows,
        books_begin=first_day(session, scope),
    )


def before(session: Session, scope: BillScope, period: Period, *, size: int | None = None) -> Sums | None:
    """The sums of the period before; a whole run has none."""
    return None if isinstance(period, Run) else sums_of(session, scope, period.plus(-1), size=size)


def every_row(session: Session, bill: BillFigures, *, most: int | None = None) -> Iterable[PublicEntry]:
    """All entries of a bill, the last booked first; ``most`` is where it ends."""
    return bill_rows.every(session, bill.scope, bill.period, most=most)


def _running(session: Session, scope: BillScope, period: Period, rows: RowsPage) -> BillFigures:
    return BillFigures(
        bill_no=bill_no_of(scope, period),
        scope=scope,
        period=period,
        sums=sums_of(session, scope, period),
        before=before(session, scope, period),
        note="",
        published_at=None,
        ledger_size=ledger_size(session),
        corrected=made_in(session, scope, period),
        rows_page=rows,
        books_begin=first_day(session, scope),
    )


def _with_totals(bill: Bill, sums: Sums) -> Sums:
    """What a bill shows that kept its totals alone: those, and their parts as the closed books still have them."""
    return replace(
        sums,
        opening_fen=bill.opening_fen,
        income_fen=bill.income_fen,
        outgo_fen=bill.outgo_fen,
        moved=Moved(bill.moved_in_fen, bill.moved_out_fen),
        closing_fen=bill.closing_fen,
        entry_count=bill.entries,
    )


def _before_of(session: Session, scope: BillScope, bill: Bill) -> Sums | None:
    if bill.figures is None:
        return before(session, scope, bill.days, size=bill.ledger_size)
    document = bill.figures["before"]
    return sums_in(document) if document else None


def _rows(session: Session, scope: BillScope, period: Period, limit: int | None, after: str) -> RowsPage:
    if limit is None:
        return RowsPage(list(bill_rows.every(session, scope, period)))
    return bill_rows.page(session, scope, period, after=after, limit=limit) if limit else NO_ROWS
