"""The embedded faces, and the only door through which text reaches a PDF: ``printable`` and ``runs``.

No markup is ever parsed (nothing here uses reportlab's ``Paragraph``), so no name or remark can become one.
"""

import logging
import mmap
import unicodedata
import weakref
from array import array
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont
from reportlab.pdfgen.canvas import Canvas

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).resolve().parent / "fonts"
REGULAR = "PortalSans"
BOLD = "PortalSansBold"
RARE = "PortalSansRare"
"""Ideographs that the regular face lacks: personal names are where they are met."""
FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf", RARE: "NotoSansCJKsc-Rare.ttf"}
GETA = "〓"
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_INVISIBLE = frozenset({"Cc", "Cf"})
_BFCHAR_LIMIT = 100
"""How many mappings one ``bfchar`` section of a CMap may hold."""
_MOST_KEPT = 1_024
_ESCAPES = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256), *b"()\\")}


class EmbeddedFont(TTFont):
    """A TrueType font whose text can be copied and searched, characters beyond U+FFFF too.

    reportlab 5.1 writes those into the ToUnicode map with five hexadecimal digits, which readers misunderstand.
    """

    _kept: tuple[weakref.ref[Any], dict[tuple[str, float], str]] | None = None

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        """Let reportlab write its objects, then put the right map in place of each wrong one."""
        subsets = list(self.state[doc].subsets)
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("pdfdoc")
            doc.idToObject["toUnicodeCMap:" + name].content = to_unicode_map(name, subset)

    def shown(self, text: str, doc: Any, size: float) -> str:
        """The operators that show a text in a document: faces of subsets, and the codes of its glyphs in them.

        reportlab's own text objects were measured to take four times as long.
        """
        kept = self._kept_for(doc)
        found = kept.get((text, size))
        if found is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            found = kept[text, size] = " ".join(
                f"{self.getSubsetInternalName(subset, doc)} {size:g} Tf ({_escaped(codes)}) Tj"
                for subset, codes in self.splitString(text, doc)
            )
        return found

    def _kept_for(self, doc: Any) -> dict[tuple[str, float], str]:
        if self._kept is None or self._kept[0]() is not doc:
            self._kept = (weakref.ref(doc), {})
        return self._kept[1]


def show(canvas: Canvas, text: str, face: str, size: float) -> str:
    """The operators that show a printable text, all of whose characters the face has."""
    font: Any = pdfmetrics.getFont(face)
    document = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001 - a font asks for it; nothing hands it out
    return cast("EmbeddedFont", font).shown(text, document, size)


def _escaped(codes: bytes) -> str:
    return codes.decode("latin-1").translate(_ESCAPES)


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """The CMap that tells readers which character each glyph of a subset stands for, in UTF-16."""
    mappings = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, point in enumerate(subset)
        if point  # codes without a character are never shown, and PDF/A-3u allows none that stands for U+0000
    ]
    sections: list[str] = []
    for start in range(0, len(mappings), _BFCHAR_LIMIT):
        part = mappings[start : start + _BFCHAR_LIMIT]
        sections += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    foot = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join([*head, *sections, *foot])


@cache
def register() -> None:
    """Load the faces and shut reportlab's way to files and hosts (threat T18); safe to repeat."""
    rl_config.trustedHosts = []
    rl_config.trustedSchemes = []
    # Binary streams: a fifth smaller and quicker than streams written as text.
    rl_config.useA85 = 0
    for name, file in FILES.items():
        font = EmbeddedFont(name, _Mapped(FOLDER / file))
        _cut_out_glyphs(font.face)
        _let_go(font.face)
        pdfmetrics.registerFont(font)


class _Mapped:
    """A font's file as reportlab reads one; only the parts that are looked at take memory, shared by all processes."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)

    def read(self) -> mmap.mmap:
        """The whole file, in place of its bytes."""
        with Path(self.name).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # Glyphs lie far apart: without this each of them brings its neighbours into memory.
        mapped.madvise(mmap.MADV_RANDOM)
        return mapped


class _Outlines:
    """The outlines of a face, each cut out of the file when it is asked for; reportlab copies all of them for a few."""

    def __init__(self, file: mmap.mmap, start: int) -> None:
        self._file, self._start = file, start

    def __getitem__(self, place: slice) -> bytes:
        return self._file[self._start + place.start : self._start + place.stop]


def _cut_out_glyphs(face: Any) -> None:
    whole = face.get_table

    def table(tag: str) -> Any:
        return _Outlines(face._ttf_data, face.get_table_pos(tag)[0]) if tag == "glyf" else whole(tag)  # noqa: SLF001

    face.get_table = table


def _let_go(face: Any) -> None:
    """Drop what reportlab needed to read the file only, and keep equal measures once: ten megabytes for all faces."""
    face.glyphToChar = {}
    once: dict[tuple[int, int], tuple[int, int]] = {}
    face.hmetrics = [once.setdefault(one, one) for one in face.hmetrics]
    face.glyphPos = array("L", face.glyphPos)


@cache
def _advances(face: str) -> dict[int, float]:
    """The width of every code point that a face can draw, in thousandths of its size."""
    register()
    font: Any = pdfmetrics.getFont(face)
    widths: dict[int, float] = font.face.charWidths
    return widths


def _has_all(face: str, text: str) -> bool:
    return _advances(face).keys() >= set(map(ord, text))


def has_glyph(face: str, character: str) -> bool:
    """Whether a face can draw a character."""
    return ord(character) in _advances(face)


@lru_cache(maxsize=_MOST_KEPT)
def printable(text: str) -> str:
    """The text as it can be drawn: no control characters, and ``〓(U+20BB7)`` for what no face has.

    Never drops a visible character silently: a name must not lose a part of itself.
    """
    if _has_all(REGULAR, text) and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


@cache
def _shown(character: str) -> str:
    if character in _SPACES:
        return " "
    if unicodedata.category(character) in _INVISIBLE or _is_variation_selector(character):
        return ""
    if has_glyph(REGULAR, character) or has_glyph(RARE, character):
        return character
    logger.warning("no glyph for U+%04X", ord(character))
    return f"{GETA}(U+{ord(character):04X})"


def _is_variation_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def runs(text: str, face: str) -> Iterator[tuple[str, str]]:
    """Pairs of face and text: what a face lacks is drawn in the regular one, what that lacks in the rare one.

    Args:
        text: already ``printable``.
        face: the one asked for.
    """
    if _has_all(face, text):
        yield face, text
        return
    for chosen, characters in groupby(text, key=lambda character: _face_for(character, face)):
        yield chosen, "".join(characters)


def _face_for(character: str, face: str) -> str:
    return next((one for one in (face, REGULAR, RARE) if has_glyph(one, character)), REGULAR)


@lru_cache(maxsize=_MOST_KEPT)
def text_width(text: str, face: str, size: float) -> float:
    """How wide a printable text is, in points."""
    if _has_all(face, text):
        return sum(map(_advances(face).__getitem__, map(ord, text))) * size / 1000
    return sum(_advances(_face_for(one, face)).get(ord(one), 0) for one in text) * size / 1000
