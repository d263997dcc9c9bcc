"""Boxes as a person may type them: a line a box, the page and four numbers in per cent of the page."""

import re
from collections.abc import Iterable, Sequence

from portal.files.boxes import Box
from portal.files.papers import WHOLE
from portal.i18n import gettext as _
from portal.refusals import Invalid

MOST_BOXES = 300
_SPACES = re.compile(r"[\s,，;；%]+")


def read_boxes(text: str, pages: int) -> list[Box]:
    """Boxes from lines such as ``1 20.5 30 25 4.25``: page, left, top, width, height.

    Raises:
        Invalid: a line does not read so, or lies outside its page; the message names the line.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_BOXES:
        raise Invalid({"boxes": _("最多 %(most)d 个框。", most=MOST_BOXES)})
    return [_box(number, line, pages) for number, line in lines]


def write_boxes(boxes: Iterable[Box]) -> str:
    """The lines that ``read_boxes`` reads."""
    return "\n".join(
        " ".join((str(page), *(f"{part * 100 / WHOLE:.2f}".rstrip("0").rstrip(".") for part in parts)))
        for page, *parts in boxes
    )


def _box(number: int, line: str, pages: int) -> Box:
    try:
        page, *parts = _numbers(_SPACES.split(line.strip(" \t,，;；%")))
        left, top, width, height = (round(part * WHOLE / 100) for part in parts)
    except (ValueError, OverflowError):
        words = _("第 %(number)d 行看不懂。请写五个数字：页 左 上 宽 高，后四个是百分数。", number=number)
        raise Invalid({"boxes": words}) from None
    if page != int(page) or not 1 <= page <= pages:
        words = _("第 %(number)d 行的页码不对，这份文件有 %(pages)d 页。", number=number, pages=pages)
        raise Invalid({"boxes": words})
    if left < 0 or top < 0 or width < 1 or height < 1 or left + width > WHOLE or top + height > WHOLE:
        words = _("第 %(number)d 行的框超出了页面，左加宽、上加高都不能超过 100。", number=number)
        raise Invalid({"boxes": words})
    return int(page), left, top, width, height


def _numbers(parts: Sequence[str]) -> list[float]:
    return [float(part) for part in parts]
