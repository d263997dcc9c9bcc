"""Whether a fund's money may be used for something, and what to do when it may not (慈善法 54, 56)."""

from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.refusals import Sentence
from portal.registry.labels import CLAUSES
from portal.registry.models import Fund, Project
from portal.registry.purposes import CharitablePurpose


def purpose_of(project: Project) -> CharitablePurpose:
    """Under which category of the law a project falls."""
    return tuple(CharitablePurpose)[CLAUSES[project.category] - 1]


def refusal(fund: Fund, purpose: CharitablePurpose | None) -> Sentence | None:
    """Why a fund does not pay for a purpose, naming its restriction and the way out; None when it does."""
    if fund.allows(purpose):
        return None
    if not fund.purposes:
        return _l(
            "“%(fund)s”限定用途（%(restriction)s），还没有登记允许哪几类用途。请先在基金登记里补上。",
            fund=fund.name,
            restriction=fund.restriction,
        )
    if purpose is None:
        return _l(
            "“%(fund)s”限定用途：%(restriction)s。请选择这笔钱属于哪一类用途。",
            fund=fund.name,
            restriction=fund.restriction,
        )
    return _l(
        "“%(fund)s”限定用途：%(restriction)s，不包括“%(purpose)s”。请换一个基金；要改变这笔钱的用途，请先办“变更用途”。",
        fund=fund.name,
        restriction=fund.restriction,
        purpose=str(label(purpose)),
    )
