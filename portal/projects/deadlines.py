"""When a project's reports are due, as rules with their articles (E05)."""

import calendar
from datetime import date, timedelta

from portal.i18n import lazy_gettext as _l
from portal.registry.models import Project, Status
from portal.registry.services.fundraising import Rule

LONG_PROJECT = Rule(6, "months", _l("《慈善法》第七十九条"))
PROGRESS_EVERY = Rule(3, "months", _l("《慈善法》第七十九条"))
CLOSING_WITHIN = Rule(3, "months", _l("《慈善法》第七十九条"))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of the month where there is none."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def runs_long(project: Project) -> bool:
    """Whether a project runs for more than six months; one without an end does."""
    if project.ends_on is None:
        return True
    return project.ends_on + timedelta(days=1) > months_after(project.starts_on, LONG_PROJECT.amount)


def progress_due(project: Project, published_on: date | None) -> date | None:
    """By when the next report of progress has to be public; None while none is owed.

    Args:
        project: whose report.
        published_on: the day on which the last one became public.
    """
    if project.status not in (Status.ACTIVE, Status.SUSPENDED) or not runs_long(project):
        return None
    return months_after(published_on or project.starts_on, PROGRESS_EVERY.amount)


def closing_due(project: Project) -> date | None:
    """By when the closing report has to be public; None while the project has no end, or has its report."""
    if project.ends_on is None or project.status is Status.CLOSED:
        return None
    return months_after(project.ends_on, CLOSING_WITHIN.amount)
