"""The lines of a bill, once for the page, the PDF and the picture: each with the period before and the difference."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from portal.disclosure.bill_corrections import Correction, Figure
from portal.disclosure.bill_reading import BillFigures
from portal.disclosure.bill_sums import Sums
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Form
from portal.refusals import Sentence

MOST_PARTS = 8
"""Parts of one sum that a slip shows, the rest among them."""

Kind = Literal["opening", "in", "out", "part", "heading", "moved_in", "moved_out", "closing", "since"]

_WHERE_ANY = ("part", "heading", "moved_in", "moved_out")


@dataclass(frozen=True)
class BillLine:
    """One line. Sums in fen; ``before_fen`` is None where there is no period before to compare with."""

    kind: Kind
    words: str
    now_fen: int = 0
    before_fen: int | None = None

    @property
    def difference_fen(self) -> int | None:
        """How much more it is than in the period before."""
        return None if self.before_fen is None else self.now_fen - self.before_fen

    @property
    def is_compared(self) -> bool:
        """Whether there is anything to compare: parts and transfers only where there are any, now or before."""
        return bool(self.now_fen or self.before_fen) or self.kind not in _WHERE_ANY

    @property
    def on_slip(self) -> bool:
        """Whether the slip shows it: parts and transfers only where there are any."""
        return bool(self.now_fen) or self.kind not in _WHERE_ANY


@dataclass(frozen=True)
class _Maker:
    now: Sums
    before: Sums | None

    def line(self, kind: Kind, words: str, of: Callable[[Sums], int | None]) -> BillLine:
        before = of(self.before) if self.before is not None else None
        return BillLine(kind, words, of(self.now) or 0, before)

    def parts(
        self, heading: str, of: Callable[[Sums], Mapping[Any, int]], words: Callable[[Any], str]
    ) -> Iterator[BillLine]:
        now, before = of(self.now), of(self.before) if self.before is not None else {}
        keys = [*now, *(key for key in before if key not in now)]
        if not keys:
            return
        yield BillLine("heading", heading, sum(now.values()), sum(before.values()) if self.before else None)
        for key in keys:
            earlier = before.get(key, 0) if self.before is not None else None
            yield BillLine("part", words(key), now.get(key, 0), earlier)


def lines_of(bill: BillFigures) -> list[BillLine]:
    """All lines of a bill in their order."""
    return list(_lines(bill, _Maker(bill.sums, bill.before)))


def slip_lines(lines: Sequence[BillLine], most_parts: int = MOST_PARTS) -> list[BillLine]:
    """The lines that fit on a slip: of each group of parts the largest, and the rest in one."""
    shown: list[BillLine] = []
    for is_part, group in groupby((line for line in lines if line.on_slip), lambda line: line.kind == "part"):
        some = list(group)
        if is_part and len(some) > most_parts:
            rest = some[most_parts - 1 :]
            words = _("其余 %(count)s 项", count=len(rest))
            some = [*some[: most_parts - 1], BillLine("part", words, sum(one.now_fen for one in rest))]
        shown += some
    return shown


def _lines(bill: BillFigures, make: _Maker) -> Iterator[BillLine]:
    if bill.scope.has_pot:
        yield make.line("opening", _("期初结余"), lambda sums: sums.opening_fen)
    yield make.line("in", _("本期收入"), lambda sums: sums.income_fen)
    if set(bill.sums.by_form) - {Form.MONEY}:
        yield from make.parts(_("捐的是什么"), lambda sums: sums.by_form, _labelled)
    yield from make.parts(_("怎么捐的"), lambda sums: sums.by_channel, _labelled)
    yield make.line("out", _("本期支出"), lambda sums: sums.outgo_fen)
    yield from make.parts(_("支出的性质"), lambda sums: sums.by_cost, _labelled)
    yield from make.parts(_("用在哪个项目"), _projects, lambda key: key[1] or _("没有列入项目"))
    if bill.scope.has_pot:
        yield from _with_pot(make)
    else:
        yield make.line("since", _("到期末累计收入"), lambda sums: sums.since_in_fen)
        yield make.line("since", _("到期末累计支出"), lambda sums: sums.since_out_fen)


def _with_pot(make: _Maker) -> Iterator[BillLine]:
    yield make.line("moved_in", _("划转转入"), lambda sums: sums.moved.in_fen)
    yield make.line("moved_out", _("划转转出"), lambda sums: sums.moved.out_fen)
    yield make.line("closing", _("期末结余"), lambda sums: sums.closing_fen)


def _labelled(key: Any) -> str:
    return str(label(key))


def _projects(sums: Sums) -> dict[tuple[str, str], int]:
    if all(not one.code for one in sums.by_project):
        return {}
    return {(one.code, one.name): one.amount_fen for one in sums.by_project}


FIGURE_WORDS: dict[Figure, Sentence] = {
    Figure.INCOME: _l("本期收入"),
    Figure.OUTGO: _l("本期支出"),
    Figure.MOVED_IN: _l("划转转入"),
    Figure.MOVED_OUT: _l("划转转出"),
}


def corrected_words(correction: Correction) -> str:
    """What a correction changed: the name of a sum, or the staff's words."""
    return str(FIGURE_WORDS[correction.figure]) if correction.figure else _("账单说明")
