"""Decisions as options of a select box: a form offers those under which something is left."""

from collections.abc import Iterable

from portal.committees.models import CommitteeDecision
from portal.i18n import gettext as _
from portal.money import format_yuan


def decision_choices(decisions: Iterable[CommitteeDecision]) -> list[tuple[str, str]]:
    """Options: the id, and the decision in words with what is left under it."""
    return [(str(one.id), _words(one)) for one in decisions]


def chosen_decision(typed: str | None) -> int | None:
    """The id that was chosen, if any."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 18 else None


def _words(decision: CommitteeDecision) -> str:
    return _(
        "%(fund)s %(number)s，还可用 %(left)s 元",
        fund=decision.fund.name,
        number=decision.number,
        left=format_yuan(decision.left_fen),
    )
