"""Whose books a report is about, and of which days."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from portal.disclosure.checkpoints import mark
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.ledger.figures import Filters, Totals, ledger_size, totals, years
from portal.periods import today, year_bounds
from portal.refusals import NotFound
from portal.registry.geography import current_district
from portal.registry.models import Fund, Organisation
from portal.reports.document import Origin
from portal.reports.wording import state_of_books


@dataclass(frozen=True)
class YearScope:
    """A year of the district, of one organisation, or of one fund."""

    session: Session
    year: int
    organisation: Organisation | None = None
    fund: Fund | None = None

    @property
    def first(self) -> date:
        """1 January."""
        return year_bounds(self.year)[0]

    @property
    def last(self) -> date:
        """31 December."""
        return year_bounds(self.year)[1]

    @property
    def until(self) -> date:
        """31 December, or today in the year under way."""
        return min(self.last, today())

    @property
    def is_over(self) -> bool:
        """Whether the year has ended; its figures can still change by corrections."""
        return today() > self.last

    @property
    def period(self) -> Filters:
        """The year's entries. Days to come are within it, as they are on the site."""
        return replace(self.ever, first_day=self.first, last_day=self.last)

    @property
    def ever(self) -> Filters:
        """All entries."""
        if self.fund is not None:
            return Filters(fund_id=self.fund.id)
        return Filters(organisation_id=self.organisation.id if self.organisation else None)

    @property
    def before(self) -> Filters:
        """What came before the year."""
        return replace(self.ever, last_day=date(self.year - 1, 12, 31))

    @cached_property
    def sums(self) -> Totals:
        """The year's sums."""
        return totals(self.session, self.period)

    @cached_property
    def opening_fen(self) -> int:
        """What was held when the year began."""
        return totals(self.session, self.before).balance_fen

    @property
    def closing_fen(self) -> int:
        """What was held when it ended, or is held now."""
        return self.opening_fen + self.sums.balance_fen

    @property
    def name(self) -> str:
        """Whose books they are."""
        if self.fund is not None:
            return self.fund.name
        return self.organisation.name if self.organisation else self.district_name

    @cached_property
    def district_name(self) -> str:
        """The district's name."""
        district = current_district(self.session)
        return district.name if district else ""

    @property
    def owner(self) -> dict[str, int | None]:
        """The same as the arguments of functions that read entries."""
        return {
            "organisation_id": self.organisation.id if self.organisation and not self.fund else None,
            "fund_id": self.fund.id if self.fund else None,
        }

    @property
    def as_of_words(self) -> str:
        """Up to which day the figures go."""
        if self.is_over:
            return _("统计截至 %(day)s", day=self.until.isoformat())
        return _("这一年还没有过完，统计截至 %(day)s", day=self.until.isoformat())

    def origin(self, path: str) -> Origin:
        """Where a report of this scope is found on the site, and from which state of the books it is."""
        district = current_district(self.session)
        return Origin(
            publisher=_("%(district)s慈善阳光账本", district=self.district_name),
            state=state_of_books(ledger_size(self.session), mark(self.session)),
            path=path,
            language=current_locale().replace("_", "-"),
            invitation=_("扫码看这份报告的网页版"),
            invitation_note=_("数字和纸上的一样，还能一路点到公开账本的每一笔。"),
            demonstration=bool(district and district.demonstration),
        )


def scope_of(
    session: Session, year: int, organisation: Organisation | None = None, fund: Fund | None = None
) -> YearScope:
    """The scope of a report.

    Raises:
        NotFound: the year is still to come, or the books hold nothing of it.
    """
    if year > today().year or year not in reported_years(session):
        raise NotFound(_l("账本里没有 %(year)s 年的记录，没有这一年的报告。", year=year))
    return YearScope(session, year, organisation, fund)


def reported_years(session: Session) -> list[int]:
    """The years of which the books hold something, newest first."""
    return [year for year in years(session) if year <= today().year]
