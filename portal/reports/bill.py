"""A bill (晒账单) of any kind as PDF: the slip, what was corrected, the period before beside it, then its entries."""

from collections.abc import Iterable, Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable

from portal.disclosure.bill_corrections import Correction
from portal.disclosure.bill_lines import BillLine, corrected_words, lines_of, slip_lines
from portal.disclosure.bill_reading import BillFigures
from portal.disclosure.checkpoints import Mark
from portal.disclosure.public_entries import PublicEntry
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.ledger.models import Direction, EntryKind
from portal.money import format_words
from portal.periods import local
from portal.reports.sheet import Contents, Imprint, Printed, render
from portal.reports.slip import Line, Slip
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import AMBER, INK, INK_SOFT, KAPOK, RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import MINUS, amount, number, signed, state_of_books, yuan

MOST_ROWS = 10_000
"""Entries that are printed; of a longer bill the last booked ones."""

LONGEST_ON_SLIP = 200
"""Signs of a note that stand on the slip, which must fit on a page; a longer one stands below it."""

LONGEST_IN_CELL = 60
_ROOM = 48 * mm


def bill_pdf(
    bill: BillFigures,
    address: str,
    checkpoint: Mark | None,
    *,
    district: str,
    demonstration: bool,
    rows: Iterable[PublicEntry] | None = None,
) -> Printed:
    """Set a bill; ``address`` is its page. The same bill gives the same bytes.

    ``rows`` are the entries to print, those of the bill's page if they are not given.
    """
    imprint = Imprint(
        title=bill.title,
        publisher=_("%(district)s慈善阳光账本", district=district),
        state=state_of_books(bill.ledger_size, checkpoint),
        address=address,
        language=current_locale().replace("_", "-"),
        demo=demonstration,
    )
    return render(imprint, list(_story(bill, bill.rows if rows is None else rows)), Contents())


def _story(bill: BillFigures, rows: Iterable[PublicEntry]) -> Iterator[Flowable]:
    lines = lines_of(bill)
    yield Slip(
        _("%(month)s 账单", month=bill.period_words),
        list(_slip(bill, lines)),
        subtitles=(bill.scope.name, bill.bill_no),
        seal=_("未公布") if bill.running else _("已公布"),
        seal_colour=INK_SOFT if bill.running else KAPOK,
    )
    if len(bill.note) > LONGEST_ON_SLIP:
        yield para(bill.note)
    if bill.corrections:
        yield from _heading(_("公布之后的更正（%(count)s 项）", count=number(len(bill.corrections))))
        yield _corrections(bill.corrections)
    if bill.before is not None:
        yield from _heading(_("和上一期比（元）"))
        yield _comparison(lines)
    if bill.corrected:
        yield from _heading(_("本期更正了以前的账单（%(count)s 项）", count=number(len(bill.corrected))))
        yield _corrections(bill.corrected)
    yield from _heading(_("本期明细（%(count)s 笔）", count=number(bill.entry_count)))
    if bill.entry_count:
        if bill.entry_count > MOST_ROWS:
            yield para(
                _("这里印出最近入账的 %(count)s 笔，全部明细在网页上下载。", count=number(MOST_ROWS)), SMALL
            )
        yield MoneyTable(_columns(), (_row(one) for one in rows), total=_("合计"))
    else:
        yield para(_("这一期没有收支。"))
    yield para(_("没有同意公开姓名的捐赠人一律显示为“爱心人士”。记错了只能红冲，两笔都看得到。"), SMALL)


def _heading(words: str) -> Iterator[Flowable]:
    """A heading that never stands alone at the foot of a page."""
    yield CondPageBreak(_ROOM)
    yield para(words, SUBTITLE)


def _slip(bill: BillFigures, lines: Sequence[BillLine]) -> Iterator[Line]:
    for line in slip_lines(lines):
        yield from _slip_line(line)
    yield Line(_("笔数"), number(bill.entry_count))
    yield Line(_("本期更正"), _("%(count)s 项", count=number(len(bill.corrected))))
    if not bill.scope.has_pot:
        yield Line(_("钱都记在基金里，这里不另外存钱，所以没有结余；只列经手的收入和支出。"), kind="note")
    if bill.note and len(bill.note) <= LONGEST_ON_SLIP:
        yield Line(bill.note, kind="note")
    yield Line(_standing(bill), kind="note")


def _slip_line(line: BillLine) -> Iterator[Line]:
    if line.kind == "heading":
        yield Line(line.words, kind="heading")
    elif line.kind == "part":
        yield Line(line.words, amount(line.now_fen), "part")
    elif line.kind in ("in", "moved_in"):
        yield Line(line.words, signed(line.now_fen, "+"), colour=RIVER if line.kind == "in" else INK)
    elif line.kind in ("out", "moved_out"):
        yield Line(line.words, signed(line.now_fen, MINUS), colour=AMBER if line.kind == "out" else INK)
    elif line.kind == "closing":
        yield Line(kind="double_rule")
        yield Line(line.words, yuan(line.now_fen), "total")
        if line.now_fen >= 0:
            yield Line(format_words(line.now_fen), kind="note")
    else:
        yield Line(line.words, yuan(line.now_fen))


def _comparison(lines: Sequence[BillLine]) -> MoneyTable:
    columns = (
        Column(_("项目"), 40),
        Column(_("本期"), 20, "money"),
        Column(_("上期"), 20, "money"),
        Column(_("增减"), 20, "money"),
    )
    return MoneyTable(columns, [_compared(line) for line in lines if line.is_compared], carried=False)


def _compared(line: BillLine) -> list[Cell]:
    if line.kind == "heading":
        return [line.words, None, None, None]
    words = f"· {line.words}" if line.kind == "part" else line.words
    return [words, line.now_fen, line.before_fen, line.difference_fen]


def _corrections(corrections: Sequence[Correction]) -> MoneyTable:
    columns = (
        Column(_("时间"), 13),
        Column(_("账单、更正的是"), 24),
        Column(_("原来"), 15),
        Column(_("现在"), 15),
        Column(_("原因、责任人、编号"), 33),
    )
    return MoneyTable(columns, [_corrected(one) for one in corrections], carried=False)


def _corrected(one: Correction) -> list[Cell]:
    old, new = _shortened(one.old_note), _shortened(one.new_note)
    if one.old_fen is not None and one.new_fen is not None:
        old, new = yuan(one.old_fen), yuan(one.new_fen)
    why = [one.reason, one.by, one.entry_no or ""]
    return [
        local(one.at).strftime("%Y-%m-%d %H:%M"),
        f"{one.bill_no} {corrected_words(one)}",
        old,
        new,
        " · ".join(part for part in why if part),
    ]


def _shortened(note: str) -> str:
    """A note in a narrow cell: its beginning; the whole of it stands on the page."""
    return note if len(note) <= LONGEST_IN_CELL else f"{note[:LONGEST_IN_CELL]}…"


def _standing(bill: BillFigures) -> str:
    if bill.published_at is None:
        return _("还没有公布，数字可能变动。")
    at = local(bill.published_at).strftime("%Y-%m-%d %H:%M")
    return _("%(at)s 公布并冻结；账本第 %(size)s 笔时的状态。", at=at, size=number(bill.ledger_size))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("日期"), 12),
        Column(_("编号"), 14),
        Column(_("捐赠人或用途"), 42),
        Column(_("收入（元）"), 16, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 16, "money", summed=True, colour=AMBER),
    )


def _row(entry: PublicEntry) -> list[Cell]:
    came = entry.direction is Direction.IN
    words = (
        entry.donor or "" if came else " → ".join(part for part in (entry.purpose, entry.recipient) if part)
    )
    if entry.kind is EntryKind.REVERSAL:
        words = _("红冲 %(no)s：%(reason)s", no=entry.reverses, reason=entry.reason)
    if entry.to_fund is not None:
        ends = _("%(source)s 转到 %(target)s", source=entry.fund.name, target=entry.to_fund.name)
        words = f"{ends} {yuan(entry.amount_fen)} {words}"
        return [entry.occurred_on.isoformat(), entry.entry_no, words, None, None]
    return [
        entry.occurred_on.isoformat(),
        entry.entry_no,
        words,
        entry.amount_fen if came else None,
        None if came else entry.amount_fen,
    ]
