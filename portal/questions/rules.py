"""Within how many working days what has to happen, since when, and where that stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.i18n import lazy_gettext as _l
from portal.refusals import Sentence


class Deed(StrEnum):
    """What has to happen in time."""

    SHOW = "show"
    ANSWER = "answer"
    DECIDE = "decide"


@dataclass(frozen=True)
class Rule:
    """So many working days for a deed, from a day on, by a source. ``own`` says that we bind ourselves to it."""

    deed: Deed
    working_days: int
    since: date
    source: Sentence
    own: bool


RULES = (
    Rule(
        Deed.SHOW,
        1,
        date(2026, 1, 1),
        _l("本站规则：工作人员没有查看，问题也会自动公开"),
        own=True,
    ),
    Rule(
        Deed.ANSWER,
        5,
        date(2017, 8, 1),
        _l("本站规则，参照民政行业标准 MZ/T 088—2017：5 个工作日内反馈"),
        own=True,
    ),
    Rule(
        Deed.DECIDE,
        5,
        date(2017, 8, 1),
        _l("《慈善法》第一百零八条没有规定天数；参照民政行业标准 MZ/T 088—2017：5 个工作日内反馈"),
        own=True,
    ),
)


def rule_on(deed: Deed, day: date) -> Rule:
    """The rule for a deed that is in force on a day; the oldest one for days before all of them."""
    rows = sorted((rule for rule in RULES if rule.deed is deed), key=lambda rule: rule.since)
    return next((rule for rule in reversed(rows) if rule.since <= day), rows[0])
