"""Hold the figures of a year against the rules that bind an organisation (engines E20 to E25)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from portal.periods import today
from portal.ratios.figures import Books, Figure, FigureKind
from portal.ratios.models import RatioBase, RatioInstrument, RatioKind, RatioRule, RuledGroup
from portal.registry.models import Organisation, OrganisationKind

_BASIS_POINTS = 10_000
_YEARS_OF_A_MEAN = 3


class Verdict(StrEnum):
    """What comes of a test.

    ``open``: not enough spent yet, and the year is not over. ``exempt``: so little that no limit holds.
    """

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Missing:
    """A figure that nobody knows; ``existed`` is false when the organisation was not founded yet."""

    year: int
    kind: FigureKind
    existed: bool = True


@dataclass(frozen=True)
class Ratio:
    """One test of one year. What is divided by is the sum of ``base`` over its number (3: a mean of three years)."""

    kind: RatioKind
    year: int
    instrument: RatioInstrument
    rule: RatioRule | None
    numerator: Figure | None
    base: tuple[Figure, ...]
    verdict: Verdict
    missing: tuple[Missing, ...] = ()

    @property
    def numerator_fen(self) -> int | None:
        """What was spent."""
        return self.numerator.fen if self.numerator else None

    @property
    def denominator(self) -> Fraction | None:
        """What it is divided by, in fen."""
        return _mean(self.base)

    @property
    def denominator_fen(self) -> int | None:
        """The same for reading, cut to whole fen."""
        return None if self.denominator is None else floor(self.denominator)

    @property
    def averaged(self) -> bool:
        """Whether the mean of three years stands for the year before."""
        return len(self.base) > 1 and self.rule is not None and self.rule.base is not RatioBase.DONATIONS

    @property
    def ratio(self) -> Fraction | None:
        """The share; None as well when there is nothing to divide by."""
        if self.numerator is None or not self.denominator or self.denominator < 0:
            return None
        return self.numerator.fen / self.denominator

    @property
    def limit(self) -> Fraction | None:
        """The share that the rule sets."""
        return None if self.rule is None else Fraction(self.rule.limit_basis_points, _BASIS_POINTS)

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent, rounded to the side that never looks better than it is."""
        if self.ratio is None or self.rule is None:
            return None
        share = Decimal(self.ratio.numerator * 100) / Decimal(self.ratio.denominator)
        return share.quantize(Decimal("0.01"), ROUND_FLOOR if self.rule.is_floor else ROUND_CEILING)

    @property
    def limit_percent(self) -> Decimal | None:
        """The limit in per cent."""
        return None if self.rule is None else Decimal(self.rule.limit_basis_points) / 100

    @property
    def needed_fen(self) -> int | None:
        """How much more must be spent to reach a floor; nought when it is reached."""
        if self.rule is None or not self.rule.is_floor or self.numerator is None or self.denominator is None:
            return None
        return max(0, ceil(_required(self.rule, self.denominator)) - self.numerator.fen)

    @property
    def room_fen(self) -> int | None:
        """How much more may be spent under a ceiling; the same cost raises the year's expense with it."""
        if self.rule is None or self.rule.is_floor or self.numerator is None or self.denominator is None:
            return None
        left = _required(self.rule, self.denominator) - self.numerator.fen
        if self.rule.base is RatioBase.EXPENSE:
            share = Fraction(self.rule.limit_basis_points, _BASIS_POINTS)
            left = left / (1 - share) if share < 1 else left
        return max(0, floor(left))

    @property
    def is_close(self) -> bool:
        """Whether a ceiling is kept, but the warning line under it is passed."""
        if self.rule is None or self.rule.warn_basis_points is None or self.ratio is None:
            return False
        return self.verdict is Verdict.MET and self.ratio * _BASIS_POINTS > self.rule.warn_basis_points

    def is_worse_than(self, other: "Ratio") -> bool:
        """Whether the share lies further on the wrong side than another's."""
        if self.ratio is None or other.ratio is None or self.rule is None:
            return False
        return self.ratio < other.ratio if self.rule.is_floor else self.ratio > other.ratio


def evaluate(
    rules: Iterable[RatioRule], books: Books, year: int, kinds: Sequence[RatioKind]
) -> Iterator[Ratio]:
    """Every test of some kinds that binds an organisation in a year, in the order of the kinds."""
    binding = [one for one in rules if _binds(one, books.organisation, year)]
    for kind in kinds:
        of_kind = [one for one in binding if one.test is kind]
        if any(one.has_band for one in of_kind):
            net_assets = books.figure(FigureKind.NET_ASSETS, year - 1)
            if net_assets is None:
                yield _without_band(of_kind[0], books, year)
                continue
            of_kind = [one for one in of_kind if one.binds(net_assets.fen)]
        for rule in of_kind:
            yield _ratio(rule, books, year)


def is_qualified(organisation: Organisation, year: int) -> bool:
    """Whether an organisation holds the public fundraising qualification at the end of a year (now, while it lasts)."""
    return organisation.may_raise_on(min(date(year, 12, 31), today()))


def group_of(organisation: Organisation) -> RuledGroup:
    """The legal form as the rules know it: whatever is no foundation is a social group or service body."""
    foundation = organisation.kind is OrganisationKind.FOUNDATION
    return RuledGroup.FOUNDATION if foundation else RuledGroup.GROUP


def _binds(rule: RatioRule, organisation: Organisation, year: int) -> bool:
    last_day = date(year, 12, 31)
    instrument = rule.instrument
    if last_day < instrument.effective_from:
        return False
    if instrument.effective_to is not None and last_day > instrument.effective_to:
        return False
    if rule.organisations not in (None, group_of(organisation)):
        return False
    return rule.qualified in (None, is_qualified(organisation, year))


def _without_band(rule: RatioRule, books: Books, year: int) -> Ratio:
    """The test of an organisation whose net assets nobody knows; a small management cost needs no band."""
    spent = books.figure(_numerator_of(rule), year)
    missing = _missing(books, FigureKind.NET_ASSETS, [year - 1])
    verdict = Verdict.EXEMPT if _is_exempt(rule, spent) else Verdict.UNKNOWN
    return Ratio(rule.test, year, rule.instrument, None, spent, (), verdict, missing)


def _ratio(rule: RatioRule, books: Books, year: int) -> Ratio:
    spent = books.figure(_numerator_of(rule), year)
    base, missing = _base(rule, books, year)
    if spent is None:
        missing = (*missing, *_missing(books, _numerator_of(rule), [year]))
    mean, verdict = _mean(base), Verdict.UNKNOWN
    if _is_exempt(rule, spent):
        verdict = Verdict.EXEMPT
    elif spent is not None and mean is not None:
        verdict = _verdict(rule, spent.fen, mean, year)
    return Ratio(rule.test, year, rule.instrument, rule, spent, base, verdict, missing)


def _mean(figures: Sequence[Figure]) -> Fraction | None:
    return Fraction(sum(one.fen for one in figures), len(figures)) if figures else None


def _verdict(rule: RatioRule, spent_fen: int, denominator: Fraction, year: int) -> Verdict:
    required = _required(rule, denominator)
    if spent_fen >= required if rule.is_floor else spent_fen <= required:
        return Verdict.MET
    return Verdict.OPEN if rule.is_floor and date(year, 12, 31) >= today() else Verdict.NOT_MET


def _required(rule: RatioRule, denominator: Fraction) -> Fraction:
    """What the limit comes to in fen; of nothing or less, nothing."""
    return max(Fraction(0), denominator) * rule.limit_basis_points / _BASIS_POINTS


def _is_exempt(rule: RatioRule, spent: Figure | None) -> bool:
    limit_fen = rule.instrument.exempt_below_fen
    return (
        rule.test is RatioKind.MANAGEMENT
        and limit_fen is not None
        and spent is not None
        and spent.fen < limit_fen
    )


def _numerator_of(rule: RatioRule) -> FigureKind:
    if rule.test is RatioKind.SPENDING and rule.instrument.only_what_arrived:
        return FigureKind.ARRIVED
    return {
        RatioKind.SPENDING: FigureKind.SPENDING,
        RatioKind.TAX_SPENDING: FigureKind.SPENDING,
        RatioKind.MANAGEMENT: FigureKind.MANAGEMENT,
        RatioKind.TAX_MANAGEMENT: FigureKind.MANAGEMENT,
        RatioKind.FUNDRAISING: FigureKind.FUNDRAISING,
    }[rule.test]


def _base(rule: RatioRule, books: Books, year: int) -> tuple[tuple[Figure, ...], tuple[Missing, ...]]:
    """What to divide by, as the figures of one year or of three, or what is missing for it."""
    if rule.base is RatioBase.EXPENSE:
        return _figures(books, FigureKind.EXPENSE, [year])
    before = [year - back for back in range(1, _YEARS_OF_A_MEAN + 1)]
    if rule.base is RatioBase.DONATIONS:
        return _figures(books, FigureKind.DONATIONS, before)
    kind = FigureKind.TOTAL_INCOME if rule.base is RatioBase.INCOME else FigureKind.NET_ASSETS
    last, missing = _figures(books, kind, before[:1])
    if not last or not rule.instrument.average_article:
        return last, missing
    three, _absent = _figures(books, kind, before)
    # The organisation may take the mean (民发〔2026〕12号 11); it takes what asks less of it.
    better = three and sum(one.fen for one in three) < last[0].fen * _YEARS_OF_A_MEAN
    return (three if better else last), ()


def _figures(
    books: Books, kind: FigureKind, years: Sequence[int]
) -> tuple[tuple[Figure, ...], tuple[Missing, ...]]:
    """The figures of years, all or none."""
    known = {one: books.figure(kind, one) for one in years}
    absent = [one for one in years if known[one] is None or not books.existed_in(one)]
    if absent:
        return (), _missing(books, kind, absent)
    return tuple(one for one in known.values() if one is not None), ()


def _missing(books: Books, kind: FigureKind, years: Iterable[int]) -> tuple[Missing, ...]:
    return tuple(Missing(one, kind, books.existed_in(one)) for one in years)
