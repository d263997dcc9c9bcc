"""``python -m tools.build_colour_profile``: makes the sRGB profile that every archived PDF carries.

A matrix profile of ICC version 2 (PDF/A-1 allows no later one), made from the figures of IEC 61966-2-1 themselves, so
that nobody's file has to be licensed: it is part of this project. The same figures give the same bytes.
"""

import struct
from pathlib import Path

PLACE = Path(__file__).resolve().parent.parent / "portal" / "reports" / "colour" / "sRGB.icc"
POINTS = 1024
"""Of the curve from what is written in a file to the light it stands for."""

WHITE = (0.9642, 1.0, 0.8249)
"""D50, the white of every profile's connection space."""

COLOURS = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
"""The primaries of sRGB, adapted to D50."""


def profile() -> bytes:
    """The whole profile."""
    curve = _curve()
    tags = {
        b"desc": _description("sRGB IEC61966-2.1"),
        b"cprt": b"text\0\0\0\0Public domain: figures of IEC 61966-2-1\0",
        b"wtpt": _colour(WHITE),
        **{name: _colour(figures) for name, figures in COLOURS.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    body = b""
    table = b""
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(body)
            body += content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    return _head(start + len(body)) + struct.pack(">I", len(tags)) + table + body


def _head(size: int) -> bytes:
    made_on = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI", size, b"\0\0\0\0", 0x02100000) + b"mntrRGB XYZ " + made_on + b"acsp"
    head += b"\0" * 28 + _fixed(WHITE)
    return head + b"\0" * (128 - len(head))


def _fixed(figures: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(figures)}i", *(round(one * 65536) for one in figures))


def _colour(figures: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(figures)


def _description(words: str) -> bytes:
    text = words.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * (4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    values = [round(65535 * _light(point / (POINTS - 1))) for point in range(POINTS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{POINTS}H", POINTS, *values)


def _light(value: float) -> float:
    if value <= 0.04045:
        return value / 12.92
    return float(((value + 0.055) / 1.055) ** 2.4)


def main() -> None:
    """Make the file."""
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_bytes(profile())


if __name__ == "__main__":
    main()
