"""Cost ratios of a year against the rules in force (慈善法 61; 民发〔2016〕189号, 民发〔2026〕12号)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from portal.i18n import gettext as _
from portal.labels import label
from portal.ratios import wording
from portal.ratios.evaluating import Ratio
from portal.ratios.service import Standing, of_many
from portal.registry.models import PUBLIC, Organisation
from portal.reports.document import (
    Block,
    Cell,
    Facts,
    Paragraph,
    Section,
    Subheading,
    Table,
    TableColumn,
    Written,
)
from portal.reports.sections.scope import YearScope


def cost_ratios(scope: YearScope) -> Section:
    """How organisations stand: all of the district in one table, or one with what its ratios are made of."""
    if scope.organisation is None:
        blocks = tuple(_of_district(scope))
    else:
        blocks = tuple(_of_one(of_many(scope.session, [scope.organisation], scope.year)[0]))
    return Section("ratios", _("费用比例"), blocks)


def _of_district(scope: YearScope) -> Iterator[Block]:
    organisations = scope.session.scalars(
        select(Organisation).where(Organisation.status.in_(PUBLIC)).order_by(Organisation.uscc)
    ).all()
    standings = [one for one in of_many(scope.session, organisations, scope.year) if one.ratios]
    if not standings:
        yield Paragraph(_("这一年没有适用的比例规定。"))
        return
    yield Paragraph(_lead(standings[0]), "small")
    columns = (
        TableColumn(_("慈善组织"), share=36),
        TableColumn(_("指标"), share=18),
        TableColumn(_("实际比例"), "percent", 14),
        TableColumn(_("规定"), share=16),
        TableColumn(_("结果"), share=16),
    )
    rows = tuple(
        (Written(one.organisation.name), *_short(ratio)) for one in standings for ratio in one.ratios
    )
    yield Table("ratios", _("各组织的费用比例"), columns, rows)


def _short(ratio: Ratio) -> tuple[Cell, ...]:
    return str(label(ratio.kind)), ratio.percent, _limit(ratio), str(label(ratio.verdict))


def _limit(ratio: Ratio) -> str | None:
    if ratio.rule is None:
        return None
    sign = "≥" if ratio.rule.is_floor else "≤"
    return f"{sign} {wording.percent_words(ratio.limit_percent)}"


def _lead(standing: Standing) -> str:
    instrument = standing.ratios[0].instrument
    return _(
        "按《%(title)s》（%(number)s）计算；比例按不利的方向取舍，不四舍五入。“算不出”是缺少往年数字，不等于不符合。",
        title=instrument.title,
        number=instrument.number,
    )


def _of_one(standing: Standing) -> Iterator[Block]:
    if not standing.ratios:
        yield Paragraph(_("这一年没有适用的比例规定。"))
        return
    yield Paragraph(_lead(standing), "small")
    columns = (
        TableColumn(_("指标"), share=20),
        TableColumn(_("支出（元）"), "money", 22, tone="out"),
        TableColumn(_("除以（元）"), "money", 22),
        TableColumn(_("实际比例"), "percent", 13),
        TableColumn(_("规定"), share=14),
        TableColumn(_("结果"), share=16),
    )
    rows = tuple(
        (
            str(label(one.kind)),
            one.numerator_fen,
            one.denominator_fen,
            one.percent,
            _limit(one),
            str(label(one.verdict)),
        )
        for one in standing.ratios
    )
    yield Table("ratios", _("费用比例"), columns, rows)
    yield Subheading(_("怎样得出"))
    yield Facts(tuple((str(label(one.kind)), _explained(one)) for one in standing.ratios))
    if standing.excuses:
        yield Subheading(_("公开说明"))
        yield Facts(tuple((str(label(one.ground)), one.explanation) for one in standing.excuses))


def _explained(ratio: Ratio) -> str:
    parts: Sequence[str] = (
        wording.rule_words(ratio.rule) if ratio.rule else "",
        wording.standing_words(ratio),
        _("数字来源：%(origin)s", origin=wording.origin_words(ratio)) if wording.origin_words(ratio) else "",
        _("依据：%(source)s", source=wording.source_words(ratio)),
    )
    return " ".join(part for part in parts if part)
