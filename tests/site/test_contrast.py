"""Every pair of colours of the sheet can be read: AA by day and by night, AAA in the large-print view."""

import re

import pytest

from portal.config import PROJECT

SHEET = (PROJECT / "static" / "css" / "site.css").read_text()

PAIRS = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "river", "river-deep", "kapok", "amber")
    for ground in ("paper", "paper-deep", "card")
] + [
    ("river", "river-wash"),
    ("ink", "river-wash"),
    ("kapok", "kapok-wash"),
    ("ink", "kapok-wash"),
    ("amber", "amber-wash"),
    ("ink", "amber-wash"),
    ("ink", "mark-wash"),
    ("river", "mark-wash"),
    ("on-river", "river"),
    ("on-river", "river-deep"),
    ("on-kapok", "kapok"),
    ("card", "ink"),
]


def _tokens(*blocks: str) -> dict[str, str]:
    """The colours after these blocks, the later ones over the earlier."""
    found: dict[str, str] = {}
    for block in blocks:
        start = SHEET.index(block) + len(block)
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", SHEET[start : SHEET.index("}", start)]))
    return found


def _brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours, from 1 to 21."""
    dark, bright = sorted((_brightness(one), _brightness(other)))
    return (bright + 0.05) / (dark + 0.05)


DAY = "\n:root {"
NIGHT = "\n  :root {"
LARGE_DAY = '\n:root[data-view="elder"] {'
LARGE_NIGHT = '\n  :root[data-view="elder"] {'


@pytest.mark.parametrize(
    ("blocks", "least"),
    [
        ((DAY,), 4.5),
        ((DAY, NIGHT), 4.5),
        ((DAY, LARGE_DAY), 7.0),
        ((DAY, NIGHT, LARGE_DAY, LARGE_NIGHT), 7.0),
    ],
    ids=["day", "night", "large print by day", "large print by night"],
)
def test_every_pair_can_be_read(blocks: tuple[str, ...], least: float) -> None:
    colours = _tokens(*blocks)
    weak = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in PAIRS
        if contrast(colours[ink], colours[ground]) < least
    }
    assert not weak


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
