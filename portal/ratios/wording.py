"""What a ratio means, in words a neighbour would use; numbers come worked out, templates only print."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from portal.i18n import gettext as _
from portal.labels import label
from portal.money import format_yuan
from portal.ratios.evaluating import Missing, Ratio, Verdict
from portal.ratios.figures import FigureOrigin
from portal.ratios.models import RatioBase, RatioInstrument, RatioKind, RatioRule

_MARK_AT = Decimal(72)
"""Where the limit stands on a bar, in per cent of its length, while the share is not far beyond it."""


class Bar(NamedTuple):
    """A share and its limit on one scale, as percentages of the bar's length."""

    filled: str
    mark: str


def percent_words(percent: Decimal | None) -> str:
    """A percentage without noughts at its end: ``70%``, ``2.35%``; nothing known: an em dash."""
    return "—" if percent is None else f"{percent.normalize():f}%"


def article_words(instrument: RatioInstrument, article: str) -> str:
    """Instrument and article as people cite them."""
    return _("%(instrument)s 第 %(article)s 条", instrument=instrument.number, article=article)


def source_words(ratio: Ratio) -> str:
    """Instrument and article of a test."""
    if ratio.rule is None:
        return ratio.instrument.number
    return article_words(ratio.instrument, ratio.rule.article)


def anchor_of(ratio: Ratio) -> str:
    """Where the page of the rules speaks of a test."""
    return ratio.rule.code if ratio.rule else ratio.instrument.code


def rule_words(rule: RatioRule) -> str:
    """What a rule asks, in one sentence."""
    limit = percent_words(Decimal(rule.limit_basis_points) / 100)
    if rule.test is RatioKind.FUNDRAISING:
        return _("募捐成本不得高于前三年平均捐赠收入的 %(limit)s。", limit=limit)
    if rule.base is RatioBase.EXPENSE:
        return _("管理费用不得高于当年总支出的 %(limit)s。", limit=limit)
    if rule.base is RatioBase.INCOME:
        return _("慈善活动支出不得低于上年总收入的 %(limit)s。", limit=limit)
    return _("慈善活动支出不得低于上年末净资产的 %(limit)s。", limit=limit)


def who_words(rule: RatioRule) -> str:
    """Whom a rule binds."""
    parts = [str(label(rule.organisations)) if rule.organisations else _("各类慈善组织")]
    if rule.qualified is not None:
        parts.append(_("有公开募捐资格") if rule.qualified else _("没有公开募捐资格"))
    band = band_words(rule)
    return _("、").join([*parts, band] if band else parts)


def band_words(rule: RatioRule) -> str:
    """The net assets for which a rule holds."""
    low, high = rule.net_assets_from_fen, rule.net_assets_below_fen
    if low is not None and high is not None:
        return _("上年末净资产 %(low)s 万元（含）至 %(high)s 万元", low=_wan(low), high=_wan(high))
    if low is not None:
        return _("上年末净资产 %(low)s 万元以上（含）", low=_wan(low))
    return _("上年末净资产不足 %(high)s 万元", high=_wan(high)) if high is not None else ""


def notes_on(instrument: RatioInstrument) -> list[str]:
    """What holds for all rules of an instrument, each with its article."""
    notes = []
    if instrument.average_article:
        notes.append((_("可以用前三年的平均数代替上年的总收入或净资产。"), instrument.average_article))
    if instrument.exempt_below_fen is not None:
        amount = _wan(instrument.exempt_below_fen)
        words = _("年度管理费用低于 %(amount)s 万元的，不受比例限制。", amount=amount)
        notes.append((words, instrument.exempt_article))
    if instrument.reached_article:
        notes.append((_("只有到了最终受益人手里、有凭据的，才算慈善活动支出。"), instrument.reached_article))
    if instrument.excuse_article:
        words = _("管理费用因特殊原因超过上限的，要报告民政部门，并向社会公开说明。")
        notes.append((words, instrument.excuse_article))
    return [_("%(words)s（第 %(article)s 条）", words=words, article=article) for words, article in notes]


def standing_words(ratio: Ratio) -> str:
    """How a test came out, and what is left to do or to spend."""
    if ratio.verdict is Verdict.UNKNOWN:
        return missing_words(ratio.missing)
    if ratio.verdict is Verdict.EXEMPT:
        amount = _wan(ratio.instrument.exempt_below_fen or 0)
        return _("全年不足 %(amount)s 万元，不受比例限制。", amount=amount)
    if ratio.rule is not None and ratio.rule.is_floor:
        return _floor_words(ratio)
    if ratio.verdict is Verdict.NOT_MET:
        return _("超过了上限。")
    return _("没有超过上限，还可以列支 %(amount)s 元。", amount=format_yuan(ratio.room_fen or 0))


def missing_words(missing: Iterable[Missing]) -> str:
    """Which figures are not known, by kind, with their years."""
    listed = list(missing)
    if any(not one.existed for one in listed):
        return _("算不出：成立不满三年，规定没有写明怎么算。")
    kinds = dict.fromkeys(one.kind for one in listed)
    parts = [
        _(
            "%(years)s 年的%(figure)s",
            years=_("、").join(
                str(one.year) for one in sorted(listed, key=lambda one: one.year) if one.kind is kind
            ),
            figure=label(kind),
        )
        for kind in kinds
    ]
    return _("算不出：缺%(figures)s。", figures=_("、").join(parts))


def origin_words(ratio: Ratio) -> str:
    """Where the figures of a test come from: the books, or papers that staff stated them from."""
    figures = [*([ratio.numerator] if ratio.numerator else []), *ratio.base]
    papers = dict.fromkeys(
        f"{one.statement.source}（{one.statement.sourced_on.isoformat()}）"
        for one in figures
        if one.statement
    )
    books = [_("本平台账本")] if any(one.origin is FigureOrigin.COMPUTED for one in figures) else []
    return _("；").join([*books, *papers])


def bar_of(ratio: Ratio) -> Bar | None:
    """The bar of a test, or None where there is no share to draw."""
    if ratio.percent is None or ratio.limit_percent is None:
        return None
    share, limit = max(ratio.percent, Decimal(0)), ratio.limit_percent
    whole = max(share, limit * 100 / _MARK_AT)
    return Bar(*(f"{(part * 100 / whole).quantize(Decimal('0.01'))}%" for part in (share, limit)))


def _floor_words(ratio: Ratio) -> str:
    needed = format_yuan(ratio.needed_fen or 0)
    if ratio.verdict is Verdict.MET:
        return _("已经达到。")
    if ratio.verdict is Verdict.NOT_MET:
        return _("没有达到，差 %(amount)s 元。", amount=needed)
    if ratio.instrument.only_what_arrived and ratio.kind is RatioKind.SPENDING:
        return _("还差 %(amount)s 元，要在 12 月 31 日以前到受益人手里。", amount=needed)
    return _("还差 %(amount)s 元，要在 12 月 31 日以前花出去。", amount=needed)


def _wan(fen: int) -> str:
    return (
        f"{Decimal(fen) / 1_000_000:,f}".rstrip("0").rstrip(".")
        if fen % 1_000_000
        else f"{fen // 1_000_000:,}"
    )
