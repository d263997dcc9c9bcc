"""Questions as items of a feed. A feed is copied and kept by others, so nobody's nickname stands in it."""

from collections.abc import Sequence

from portal.i18n import gettext as _
from portal.labels import label
from portal.opendata.feeds import Item, plain
from portal.questions.models import TurnKind
from portal.questions.public import PublicQuestion, PublicTurn


def items(questions: Sequence[PublicQuestion]) -> list[Item]:
    """Questions by when something was said last, each with what may be read of it."""
    found = [
        Item(
            f"/questions/{one.question_no}",
            plain(_("%(no)s：关于 %(about)s", no=one.question_no, about=one.about_name)),
            plain("\n".join(_line(turn) for turn in one.turns)),
            one.updated_at,
        )
        for one in questions
    ]
    return sorted(found, key=lambda one: one.updated, reverse=True)


def _line(turn: PublicTurn) -> str:
    speaker = _("答：") if turn.kind is TurnKind.ANSWERED else _("问：")
    if turn.withheld is not None:
        return speaker + _("（不公开，原因：%(reason)s）", reason=label(turn.withheld))
    return speaker + (turn.words if turn.words is not None else _("（等工作人员查看后公开）"))
