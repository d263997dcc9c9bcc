"""What the public reads of those who are helped: a group and how many, never a person (慈善法 82).

The one rule for every page, file, report and answer to a program: of fewer than five nobody is told how many they are
(docs/adr/0036).
"""

from portal.beneficiaries.cells import FEWEST
from portal.i18n import gettext as _


def told(count: int | None) -> int | None:
    """How many were helped, as programs read it: None where nobody counted, and where they are fewer than five."""
    return None if is_few(count) else count


def is_few(count: int | None) -> bool:
    """Whether so many people could be recognised. A reversal takes as many back as were told."""
    return count is not None and 0 < abs(count) < FEWEST


def people(count: int | None, *, few: bool = False) -> str:
    """How many were helped, as people read it; ``few`` where all that is known is that they are fewer than five."""
    if few or is_few(count):
        return _("不足 5")
    return "—" if count is None else f"{count:,}".replace("-", "\N{MINUS SIGN}")


def group_and_count(group: str, count: int | None, *, few: bool = False) -> str:
    """``12 名困难家庭学生``; the group alone where nobody counted."""
    if not group or not (count or few):
        return group
    return _("%(people)s 名%(group)s", people=people(count, few=few), group=group)
