"""What a list says of itself: its total and its count, in a last row, beside a row, or in a sentence."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portal.imports.reading.cells import Cell, declared_fen, folded, is_number, text_of
from portal.imports.reading.faults import Fault, Problem
from portal.money import format_yuan

_LABEL = re.compile(
    r"(?:本页|本日|当日|当天|今日|本期|本次|以上|人民币|捐款|捐赠|善款|收入|全部|总)*"
    r"(合计|总计|共计|小计|总额|总金额|总数|累计|总和|总共|总收入)"
    r"[\d,.:：;，。、()¥元万亿人次笔条户份共计合总金额款捐赠收入为数整民币]*"
)
_LABEL_STARTS = frozenset("合总共小累本以人捐善收当今全")
_COUNT = re.compile(r"(\d[\d,]*)(?:笔|人次|条|人|户)")
_SUM = re.compile(
    r"(?:合计|总计|共计|总额|总金额|总共|共|金额|捐款|捐赠款?|收入|[笔次人条户])(?:人民币|金额|为|约|[:：,，、。¥])*"
    r"(\d[\d,]*(?:\.\d+)?)(万元|亿元|元|万|$)"
)
_SCALE = {"万元": 10_000, "万": 10_000, "亿元": 100_000_000}
_RUNNING = re.compile(r"(?:累计|截至|截止)[^。;；]*")


@dataclass(frozen=True, slots=True)
class Stated:
    """A total or a count that a list states; ``within_fen`` is how far it was rounded (6,307.34 万元)."""

    row: int
    column: str
    value: str
    total_fen: int | None = None
    count: int | None = None
    within_fen: int = 0
    partial: bool = False
    beside: bool = False


def is_total_label(text: str) -> bool:
    """Whether a cell labels its row as a total: 合计, 总计：, 共计2856人次 — but not a firm called 总计科技."""
    if not text or text.strip()[:1] not in _LABEL_STARTS:
        return False
    return bool(_LABEL.fullmatch(folded(text)))


def in_total_row(
    row_no: int, row: Sequence[Cell], labels: Sequence[str], amount_places: Sequence[int], unit: int = 1
) -> Stated:
    """Read a row that is labelled as a total; ``unit`` is 10,000 where its numbers count in 万元."""
    total: int | None = None
    count: int | None = None
    within = 0
    numbers: list[tuple[int, float]] = []
    words: list[str] = []
    for place, cell in enumerate(row):
        if is_number(cell):
            numbers.append((place, cell))  # type: ignore[arg-type]
            continue
        text = text_of(cell)
        if not text:
            continue
        words.append(text)
        plain = _as_number(text)
        if plain is not None:
            numbers.append((place, plain))
            continue
        found = in_words(row_no, text)
        if found:
            total, count = found.total_fen or total, found.count or count
            within = found.within_fen or within
    in_column = [number for place, number in numbers if place in amount_places]
    beside = [number for place, number in numbers if place not in amount_places]
    if total is None and in_column:
        total = _scaled(next((number for number in in_column if number), in_column[0]), unit)
    elif total is None and beside:
        total = _scaled(beside.pop(), unit)
    if count is None and beside and float(beside[0]).is_integer():
        count = int(beside[0])
    return Stated(
        row=row_no,
        column=labels[amount_places[0]] if amount_places and amount_places[0] < len(labels) else "",
        value=" ".join(text_of(cell) for cell in row if text_of(cell)),
        total_fen=total,
        count=count,
        within_fen=within,
        partial="小计" in "".join(words) or "本页" in "".join(words),
    )


def in_words(row_no: int, text: str) -> Stated | None:
    """Read a sentence such as 共收到社会捐赠款792笔、共计6,307.34万元. What is said of a longer time is left out."""
    plain = _RUNNING.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("，", ","))
    total, within = None, 0
    found = _SUM.search(plain)
    if found:
        digits, unit = found[1].replace(",", ""), _SCALE.get(found[2], 1)
        total = declared_fen(Decimal(digits) * unit)
        decimals = len(digits.partition(".")[2])
        within = unit * 100 // 10**decimals // 2 if unit > 1 else 0
    counted = _COUNT.search(plain)
    count = int(counted[1].replace(",", "")) if counted else None
    if total is None and count is None:
        return None
    return Stated(row_no, "", text[:200], total, count, within)


def differences(stated: Sequence[Stated], total_fen: int, count: int) -> list[Problem]:
    """Where the list's own words and its rows disagree. Nothing is ever corrected."""
    problems: list[Problem] = []
    total, counted = declared(stated)
    if total and abs((total.total_fen or 0) - total_fen) > total.within_fen:
        declared_total = total.total_fen or 0
        facts = {
            "declared": format_yuan(declared_total),
            "counted": format_yuan(total_fen),
            "difference": format_yuan(abs(declared_total - total_fen)),
        }
        problems.append(Problem(Fault.TOTAL_DIFFERS, total.row or None, total.column, total.value, facts))
    if counted and counted.count != count:
        facts = {"declared": str(counted.count), "counted": str(count)}
        problems.append(
            Problem(Fault.COUNT_DIFFERS, counted.row or None, counted.column, counted.value, facts)
        )
    return problems


def declared(stated: Sequence[Stated]) -> tuple[Stated | None, Stated | None]:
    """Which statement gives the total and which the count: the last one that does, pages and subtotals aside."""
    whole = [one for one in stated if not one.partial]
    total = next((one for one in reversed(whole) if one.total_fen is not None), None)
    count = next((one for one in reversed(whole) if one.count is not None), None)
    return total, count


def _scaled(number: float, unit: int) -> int | None:
    return declared_fen(number if unit == 1 else Decimal(repr(number)) * unit)


def _as_number(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip("¥元 ")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None
