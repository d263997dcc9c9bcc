"""The statement of a year for a donor: each gift in the books, and what became of it. Never public."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import entries
from portal.disclosure.public_entries import PublicEntry
from portal.disclosure.trails import MOST_USES, Trail, trail_of
from portal.donors.models import Donor
from portal.donors.service import SUBJECT, family, find
from portal.giving.listing import booked_of
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.labels import label
from portal.money import format_words
from portal.reports.document import (
    Block,
    Cell,
    CoverPage,
    Document,
    Paragraph,
    Section,
    SlipBlock,
    SlipLine,
    Steps,
    Table,
    TableColumn,
    Written,
)
from portal.reports.sections.scope import YearScope, scope_of
from portal.reports.sections.verifying import signed_state
from portal.reports.wording import number
from portal.staff import audit
from portal.staff.models import StaffMember

_MOST_FOLLOWED = 100
"""Gifts whose way is looked up one by one."""


@dataclass(frozen=True)
class _Given:
    """One gift, its public entry, and its way where it is money."""

    gift: Donation
    entry: PublicEntry
    trail: Trail | None


def donor_statement(session: Session, year: int, donor: Donor) -> Document:
    """Read a donor's year; gifts that were reversed are left out.

    Raises:
        NotFound: the year is still to come, or nobody's books hold anything of it.
    """
    scope = scope_of(session, year, donor.organisation)
    given = _given(scope, donor)
    total = sum(one.entry.amount_fen for one in given)
    return Document(
        title=_("%(year)s 年捐赠对账单", year=year),
        subtitle=Written(donor.name),
        cover=CoverPage(
            headline=_("全年捐赠") if scope.is_over else _("今年到现在捐赠"),
            figure=total,
            sentence=_(
                "共 %(count)s 笔，捐给%(organisation)s。谢谢您。",
                count=number(len(given)),
                organisation=donor.organisation.name,
            ),
            foot=(scope.as_of_words, _("只供捐赠人本人使用，不是公益事业捐赠票据。")),
        ),
        sections=(
            Section("overview", _("这一年的捐赠"), tuple(_overview(scope, given, total)), opens_page=True),
            Section("gifts", _("每一笔捐赠"), tuple(_gifts(given))),
            Section("ways", _("用到了哪里"), tuple(_ways(given))),
            _closing(session),
        ),
        origin=replace(
            scope.origin("/my-gift"),
            invitation=_("扫码打开“我的捐赠”"),
            invitation_note=_("凭捐赠回执上的回执号和查询码，自己查每一笔用到了哪里。"),
        ),
    )


def note_making(donor_id: int, year: int, by: StaffMember) -> None:
    """Put on record that a person makes a statement.

    Raises:
        NotFound: there is no such donor, or none for this person.
    """
    with writing() as session:
        donor = find(session, donor_id, by)
        audit.record(
            session,
            staff=by,
            action="donor.statement_made",
            subject_kind=SUBJECT,
            subject_id=donor.id,
            detail={"year": year},
        )


def _given(scope: YearScope, donor: Donor) -> list[_Given]:
    gifts = booked_of(scope.session, family(scope.session, donor), scope.first, scope.last)
    ids = [one.entry_id for one in gifts if one.entry_id is not None]
    found = {one.id: one for one in entries.of_ids(scope.session, ids)}
    return [
        _Given(
            one,
            found[one.entry_id],
            trail_of(scope.session, found[one.entry_id]) if place < _MOST_FOLLOWED else None,
        )
        for place, one in enumerate(gifts)
        if one.entry_id is not None
    ]


def _overview(scope: YearScope, given: Sequence[_Given], total: int) -> Iterator[Block]:
    if not given:
        yield Paragraph(_("%(year)s 年没有入账的捐赠。", year=scope.year), "lead")
        return
    by_form: dict[str, int] = {}
    for one in given:
        words = str(label(one.entry.form))
        by_form[words] = by_form.get(words, 0) + one.entry.amount_fen
    lines = [SlipLine(words, fen) for words, fen in by_form.items()]
    yield SlipBlock(
        "slip",
        _("%(year)s 年捐赠对账单", year=scope.year),
        (
            *lines,
            SlipLine(kind="double_rule"),
            SlipLine(_("合计"), total, "total"),
            SlipLine(format_words(total), kind="note"),
        ),
        subtitles=(given[0].gift.organisation.name, scope.as_of_words),
    )
    yield Paragraph(_("物资等按登记的价值计算；没有登记价值的写 0。已经红冲的不列。"), "small")


def _gifts(given: Sequence[_Given]) -> Iterator[Block]:
    columns = (
        TableColumn(_("日期"), "date", 14),
        TableColumn(_("账本编号"), share=19),
        TableColumn(_("回执号"), share=28),
        TableColumn(_("基金"), share=30),
        TableColumn(_("形式"), share=9),
        TableColumn(_("金额（元）"), "money", 19, summed=True, tone="in"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.entry.occurred_on,
            one.entry.entry_no,
            one.entry.receipt_no,
            Written(one.entry.fund.name),
            str(label(one.entry.form)),
            one.entry.amount_fen,
        )
        for one in given
    )
    yield Table("gifts", _("入账的捐赠"), columns, rows, _("合计"))


def _ways(given: Sequence[_Given]) -> Iterator[Block]:
    followed = [(one.entry, one.trail) for one in given if one.trail is not None]
    if not followed:
        yield Paragraph(_("还没有能逐笔跟踪的资金。"))
        return
    columns = (
        TableColumn(_("账本编号"), share=30),
        TableColumn(_("捐赠（元）"), "money", 22, summed=True, tone="in"),
        TableColumn(_("已经用了（元）"), "money", 22, summed=True, tone="out"),
        TableColumn(_("还在基金里（元）"), "money", 22, summed=True),
    )
    rows = tuple(
        (entry.entry_no, entry.amount_fen, trail.used_fen, trail.left_fen) for entry, trail in followed
    )
    yield Paragraph(_("资金按先进先出一笔一笔跟到支出。只跟踪资金，物资等不在此列。"), "small")
    yield Table("ways", _("每一笔用了多少"), columns, rows, _("合计"))
    uses: tuple[tuple[Cell, ...], ...] = tuple(
        (
            entry.entry_no,
            use.entry.occurred_on,
            Written(use.entry.purpose or ""),
            Written(use.entry.helped or ""),
            use.amount_fen,
        )
        for entry, trail in followed
        for use in trail.uses
    )
    use_columns = (
        TableColumn(_("捐赠的编号"), share=19),
        TableColumn(_("用的日期"), "date", 14),
        TableColumn(_("用途"), share=32),
        TableColumn(_("受助对象"), share=36),
        TableColumn(_("用了（元）"), "money", 19, tone="out"),
    )
    yield Table("uses", _("用在了什么上（每笔捐赠最多列 %(most)d 项）", most=MOST_USES), use_columns, uses)


def _closing(session: Session) -> Section:
    steps = Steps(
        (
            _("扫下面的二维码打开“我的捐赠”，填回执号和查询码，每一笔都能自己查。"),
            _("账本编号在公开账本里查得到：金额、日期和基金应当与本表一样。"),
        )
    )
    return Section("verify", _("怎样核对"), (steps, *signed_state(session)), opens_page=True)
