"""What the public reads of those who are helped: a group and how many, never a person (慈善法 82)."""

from portal.i18n import gettext as _


def group_and_count(group: str, people: int | None) -> str:
    """``3 名困难家庭学生``; the group alone where nobody counted."""
    return _("%(people)s 名%(group)s", people=f"{people:,}", group=group) if people and group else group
