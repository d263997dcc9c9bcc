"""Where a line of Chinese text may end: forbidden marks at a line's start and end, words and amounts kept whole.

reportlab's own wrapping lets ``，`` begin a line after ``）`` and ``（`` end one; a printed report must not.
"""

from collections.abc import Callable, Iterator

NEVER_FIRST = frozenset("!%),.:;?]}°’”‰′″℃、。々〉》」』】〕〗…—·～！％），．：；？］｝")
NEVER_LAST = frozenset("([{£¥‘“〈《「『【〔〖（［｛￥＄№")
TOGETHER = frozenset("—…")
UNITS = frozenset("元万亿笔人次年月日家个项户页号岁份")
BREAK_AFTER = frozenset("/?&")


def break_lines(text: str, available: float, width_of: Callable[[str], float]) -> list[str]:
    """Cut a text into lines that fit.

    Args:
        text: one paragraph without line ends.
        available: the width of a line, in the unit of ``width_of``.
        width_of: measures a piece of text.

    Returns:
        At least one line. A piece that cannot be broken and does not fit is cut where the line ends.
    """
    if width_of(text) <= available:
        return [text.strip()]
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if width_of((line + piece).rstrip()) <= available:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = piece.lstrip()
        while width_of(line.rstrip()) > available:
            fitting = _fitting(line, available, width_of)
            lines.append(line[:fitting])
            line = line[fitting:]
    if line.strip() or not lines:
        lines.append(line.strip())
    return lines


def pieces(text: str) -> Iterator[str]:
    """The parts of a text between which a line may end, in order; joined they are the text."""
    start = 0
    for end in range(1, len(text)):
        if _may_break(text, end):
            yield text[start:end]
            start = end
    if text:
        yield text[start:]


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after == " " or after in NEVER_FIRST or before in NEVER_LAST:
        return False
    if before == " ":
        left = text[:at].rstrip()[-1:]
        return not (left.isdigit() and after in UNITS) and not (left in UNITS and after.isdigit())
    if before in TOGETHER and after in TOGETHER:
        return False
    if (before.isdigit() and after in UNITS) or (before in "万亿" and after == "元"):
        return False
    if _is_narrow(before) and _is_narrow(after):
        return before in BREAK_AFTER
    return True


def _is_narrow(character: str) -> bool:
    return ord(character) < 0x2E80 and character not in TOGETHER


def _fitting(line: str, available: float, width_of: Callable[[str], float]) -> int:
    count = 1
    while count < len(line) and width_of(line[: count + 1]) <= available:
        count += 1
    return count
