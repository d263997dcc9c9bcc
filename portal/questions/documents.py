"""A question as the JSON API gives it: the same that the page shows, and what is needed to check it against the log."""

from typing import Any

from portal.periods import local
from portal.questions.figures import Figures
from portal.questions.public import PublicQuestion, PublicTurn


def question_document(question: PublicQuestion) -> dict[str, Any]:
    """One question. ``words`` is null while nobody looked at them, and when they are withheld."""
    return {
        "question_no": question.question_no,
        "about": {
            "kind": question.about_kind.value,
            "number": question.about_no,
            "name": question.about_name,
        },
        "organisation": {"uscc": question.organisation_uscc, "name": question.organisation_name},
        "state": question.state.value,
        "asked_on": question.asked_on.isoformat(),
        "due_on": question.due_on.isoformat(),
        "answered_on": question.answered_on.isoformat() if question.answered_on else None,
        "working_days_taken": question.working_days_taken,
        "waiting_due_on": question.clock.due_on.isoformat() if question.clock else None,
        "turns": [_turn(one) for one in question.turns],
    }


def figures_document(figures: Figures) -> dict[str, Any]:
    """The counts of all questions."""
    return {**vars(figures)}


def _turn(turn: PublicTurn) -> dict[str, Any]:
    return {
        "number": turn.number,
        "kind": turn.kind.value,
        "date": local(turn.said_at).date().isoformat(),
        "words": turn.words,
        "nickname": turn.nickname or None,
        "function": turn.function.value if turn.function else None,
        "withheld": turn.withheld.value if turn.withheld else None,
        "index": turn.leaf_index,
        "salt": turn.salt,
    }
