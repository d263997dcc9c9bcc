"""What the time of the year asks for: drafts of the Charity Day report in the week before 5 September (慈善法 7).

They are drafts: staff look through them, offer them, and a second person publishes.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure.report_models import MadeReport
from portal.periods import today
from portal.registry import lookups
from portal.reports.sections.scope import reported_years
from portal.reports.wanted import Wanted
from portal.staff.scope import Scope

_WEEK = timedelta(days=7)


def due(session: Session, day: date | None = None) -> Sequence[Wanted]:
    """The drafts that are due on a day (today) and were not made by schedule that day yet."""
    on = day or today()
    charity_day = date(on.year, 9, 5)
    if not charity_day - _WEEK <= on <= charity_day or on.year not in reported_years(session):
        return ()
    year = {"year": str(on.year)}
    wanted = [Wanted("charity-day", year)]
    wanted += [
        Wanted("charity-day", {**year, "organisation": one.uscc})
        for one in lookups.active_organisations(session, Scope.district())
    ]
    made = select(MadeReport.content_key).where(
        MadeReport.scheduled, MadeReport.state_key.like(f"{on:%Y%m%d}-%")
    )
    lying = set(session.scalars(made))
    return [one for one in wanted if one.content_key not in lying]
