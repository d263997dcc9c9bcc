"""Re-create the fonts that PDFs embed:  python tools/build_fonts.py [--package FILE.tgz] [--unihan FILE.bz2].

Needs fonttools, npm (unless ``--package`` is given), Debian's ``unicode-data`` (unless ``--unihan`` is given) and
``fonts-noto-cjk`` (unless ``--collection`` is given). Regular keeps every character; Bold keeps GB 2312, the 8,105
characters of the 通用规范汉字表 (Unihan's kTGH) and symbols; Rare has the ideographs that Regular lacks, such as
U+20BB7. Hinting and layout tables go: reportlab reads neither. The same input gives the same bytes.
"""

import argparse
import base64
import bz2
import hashlib
import subprocess
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
INTEGRITY = "sha512-9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ=="
"""As the npm registry records it for this version."""

COLLECTION = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
RARE = "NotoSansCJKsc-Rare.ttf"
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
FONTS = Path(__file__).resolve().parent.parent / "portal" / "reports" / "fonts"
MEMBERS = {
    "NotoSansSC-Regular.ttf": "package/400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "package/700Bold/NotoSansSC_700Bold.ttf",
}
SYMBOL_BLOCKS = (
    (0x0020, 0x024F),  # Latin
    (0x0370, 0x045F),  # Greek, Cyrillic
    (0x2000, 0x27BF),  # punctuation, currency, arrows, mathematical and geometric signs
    (0x3000, 0x30FF),  # CJK punctuation, kana
    (0x3200, 0x33FF),  # enclosed and square forms
    (0xFE10, 0xFE6F),  # compatibility forms
    (0xFF00, 0xFFEF),  # full-width forms
)


def standard_characters(unihan: Path) -> set[int]:
    """The 8,105 code points of the 通用规范汉字表 (2013)."""
    lines = bz2.decompress(unihan.read_bytes()).decode("utf-8").splitlines()
    found = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}  # noqa: FURB166
    if len(found) != 8105:
        raise SystemExit(f"{unihan}: {len(found)} standard characters instead of 8105")
    return found


def gb2312_characters() -> set[int]:
    """The code points of GB 2312."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if len(text := pair.decode("gb2312", "ignore")) == 1}


def fetched(folder: Path) -> Path:
    """Download the package with npm and return the file."""
    listed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / listed.stdout.split()[-1]


def check(package: Path) -> None:
    """Refuse a package that is not byte for byte the recorded one."""
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise SystemExit(f"{package}: its integrity is not {INTEGRITY}")


def write_subset(source: Path, target: Path, unicodes: Iterable[int] | None) -> None:
    """Write the characters asked for (all when None) without hinting and layout tables."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap()) if unicodes is None else set(unicodes))
    subsetter.subset(font)
    font.save(target)


def write_rare(collection: Path, target: Path, known: set[int]) -> None:
    """Write the ideographs of the Chinese face of a collection that are not known, with TrueType outlines."""
    faces = TTCollection(str(collection)).fonts
    font = next(face for face in faces if face["name"].getDebugName(4) == "Noto Sans CJK SC")
    wanted = {code for code in font.getBestCmap() if code not in known and _is_ideograph(code)}
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    _to_truetype(font)
    font.recalcTimestamp = False
    font.save(target)


def _is_ideograph(code: int) -> bool:
    return unicodedata.name(chr(code), "").startswith("CJK ")


def _to_truetype(font: TTFont) -> None:
    """Turn cubic outlines into quadratic ones, as reportlab embeds nothing else."""
    shapes, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(shapes)
        shapes[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, glyphs
    del font["CFF "]
    for name in order:
        glyphs[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0))
    font["maxp"].tableVersion = 0x00010000
    for field in (
        "maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
        "maxSizeOfInstructions maxComponentElements maxComponentDepth maxPoints maxContours "
        "maxCompositePoints maxCompositeContours"
    ).split():
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def build(package: Path, unihan: Path, collection: Path) -> None:
    """Write the fonts, the licence and the checksums."""
    check(package)
    symbols = {code for first, last in SYMBOL_BLOCKS for code in range(first, last + 1)}
    bold = standard_characters(unihan) | gb2312_characters() | symbols
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(package) as archive:
        archive.extractall(scratch, filter="data")
        for name, member in MEMBERS.items():
            write_subset(Path(scratch, member), FONTS / name, bold if "Bold" in name else None)
        (FONTS / "OFL.txt").write_bytes(Path(scratch, "package/LICENSE_FONT").read_bytes())
    write_rare(collection, FONTS / RARE, set(TTFont(FONTS / "NotoSansSC-Regular.ttf").getBestCmap()))
    sums = [f"{hashlib.sha256((FONTS / name).read_bytes()).hexdigest()}  {name}" for name in (*MEMBERS, RARE)]
    source = [f"# from npm {PACKAGE}", f"# {INTEGRITY}", "# written by tools/build_fonts.py"]
    (FONTS / "SHA256SUMS").write_text("\n".join([*source, *sums]) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", type=Path, help=f"the file of npm pack {PACKAGE}")
    parser.add_argument("--unihan", type=Path, default=UNIHAN, help="Unihan_OtherMappings.txt.bz2")
    parser.add_argument("--collection", type=Path, default=COLLECTION, help="NotoSansCJK-Regular.ttc")
    given = parser.parse_args()
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build(given.package or fetched(Path(folder)), given.unihan, given.collection)


if __name__ == "__main__":
    main()
