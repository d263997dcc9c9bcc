"""Pictures and PDFs made anew, shown page by page, and blacked out, in a process of its own with limits.

This file is run by its path and knows nothing of the portal: what parses a stranger's file has nothing to lose.
``children.py`` starts it. It reads what is asked from its standard input, and writes what it made, or why it made
nothing, to its standard output. Boxes are (page from 1, left, top, width, height) in ten-thousandths of the page.
"""

import io
import math
import pickle
import re
import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

MEMORY = 1_200 * 1024 * 1024
SECONDS = 30
MEMORY_TO_CLEAN_PDF, SECONDS_TO_CLEAN_PDF = 640 * 1024 * 1024, 2
"""Nothing is drawn then: twenty megabytes of honest PDF take a fraction of it, and a bomb is given up soon."""
MOST_PIXELS = 50_000_000
MOST_SCANS = 100
"""A progressive photo has about ten; each scan of a bomb goes over all its points again."""
MOST_CHARACTERS = 100_000
WHOLE = 10_000

NOT_ACCEPTED, HEIC, TOO_MANY_PIXELS, TOO_BIG = "not_accepted", "heic", "too_many_pixels", "too_big"
LOCKED, BROKEN, NO_PAGES, TOO_MANY_PAGES = "locked", "broken", "no_pages", "too_many_pages"

Box = tuple[int, int, int, int, int]

_ACTIVE_KEYS = ("/OpenAction", "/AA", "/AcroForm", "/Collection", "/Metadata", "/PieceInfo", "/AF")
_ACTIVE_NAMES = ("/JavaScript", "/EmbeddedFiles")
_PAGE_KEYS = ("/AA", "/AF", "/Metadata", "/PieceInfo", "/Thumb")
_SUBTYPES = (
    "/Link",
    "/Text",
    "/Highlight",
    "/Underline",
    "/StrikeOut",
    "/Stamp",
    "/FreeText",
    "/Square",
    "/Ink",
)
_SAFE_ACTIONS = ("/GoTo", "/URI")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# Telephone, identity card and account numbers; other long numbers look the same, and a person decides.
_NUMBERS = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]|\d{12,19}|1[3-9]\d(?:[ -]?\d{4}){2}|\d{4}(?: \d{4}){2,3}(?: ?\d{1,3})?)(?!\d)"
)


class Refused(Exception):
    """Nothing is made of the file; ``why`` is one of the words above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def clean(content: bytes, *, longest_side: int, most_pages: int) -> tuple[bytes, str, str, int]:
    """A file without place, device and script: content, media type, extension, and how many pages it has.

    Raises:
        Refused: it is damaged, locked, too large, or of another kind.
    """
    if b"%PDF-" in content[:1024]:
        made, pages = _clean_pdf(content, most_pages)
        return made, "application/pdf", "pdf", pages
    return *_clean_picture(content, longest_side), 1


def picture_of_page(content: bytes, *, number: int, longest_side: int) -> bytes:
    """One page as JPEG."""
    for at, picture, _size in _pictures(content, longest_side):
        if at == number:
            return _jpeg(picture, 80)
    raise Refused(NO_PAGES)


def black_out(content: bytes, *, boxes: list[Box], longest_side: int) -> tuple[bytes, str, str, int, bytes]:
    """What may be published: nothing but points, black within the boxes.

    One page becomes a JPEG, more a PDF of one JPEG a page. Returns content, media type, extension, pages and a
    thumbnail of the first page.
    """
    pages: list[tuple[bytes, tuple[int, int], tuple[float, float]]] = []
    thumbnail = b""
    for number, picture, size in _pictures(content, None if _is_picture(content) else longest_side):
        _burn(picture, [box for box in boxes if box[0] == number])
        picture.thumbnail((longest_side, longest_side))
        pages.append((_jpeg(picture, 85), picture.size, size))
        if not thumbnail:
            picture.thumbnail((480, 480))
            thumbnail = _jpeg(picture, 80)
    if len(pages) == 1:
        return pages[0][0], "image/jpeg", "jpg", 1, thumbnail
    return _pdf_of(pages), "application/pdf", "pdf", len(pages), thumbnail


def suggest(content: bytes) -> list[Box]:
    """Boxes over what looks like an identity card, telephone or account number in the text of a PDF."""
    if _is_picture(content):
        return []
    found: list[Box] = []
    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, start=1):
        # On a turned page text has another zero point than the picture: rather none than wrong ones.
        if page.get_rotation() == 0:
            found += [(number, *place) for place in _numbers_on(page)]
    return found


def _clean_picture(content: bytes, longest_side: int) -> tuple[bytes, str, str]:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise Refused(HEIC)
    if content[:2] == b"\xff\xd8" and content.count(b"\xff\xda") > MOST_SCANS:
        raise Refused(TOO_BIG)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            picture.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(picture)
            see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            fresh = upright.convert("RGBA" if see_through else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused(NOT_ACCEPTED) from None
    fresh.thumbnail((longest_side, longest_side))
    # A fresh image carries over nothing but the pixels: no EXIF, no profile, no comment, no thumbnail.
    bare = Image.frombytes(fresh.mode, fresh.size, fresh.tobytes())
    if not see_through:
        return _jpeg(bare, 85), "image/jpeg", "jpg"
    made = io.BytesIO()
    bare.save(made, "PNG")
    return made.getvalue(), "image/png", "png"


def _clean_pdf(content: bytes, most_pages: int) -> tuple[bytes, int]:
    made = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
            if not 0 < pages <= most_pages:
                raise Refused(TOO_MANY_PAGES if pages else NO_PAGES)
            _strip(document)
            document.save(made, static_id=True, linearize=False, compress_streams=True)
    except pikepdf.PasswordError:
        raise Refused(LOCKED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        raise Refused(BROKEN) from None
    return made.getvalue(), pages


def _strip(document: pikepdf.Pdf) -> None:
    """Take out what acts, what hides, and what says who made it where."""
    names = document.Root.get("/Names")
    _drop(document.Root, _ACTIVE_KEYS)
    if isinstance(names, pikepdf.Dictionary):
        _drop(names, _ACTIVE_NAMES)
    _drop(document.trailer, ("/Info",))
    for page in document.pages:
        _drop(page.obj, _PAGE_KEYS)
        if "/Annots" in page:
            page.Annots = pikepdf.Array([one for one in page.Annots if _harmless(one)])


def _drop(holder: pikepdf.Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _harmless(annotation: pikepdf.Object) -> bool:
    if str(annotation.get("/Subtype")) not in _SUBTYPES or "/AA" in annotation:
        return False
    action = annotation.get("/A")
    return action is None or (str(action.get("/S")) in _SAFE_ACTIONS and "/Next" not in action)


def _is_picture(content: bytes) -> bool:
    return b"%PDF-" not in content[:1024]


def _pictures(
    content: bytes, longest_side: int | None
) -> Iterator[tuple[int, Image.Image, tuple[float, float]]]:
    """Each page as points on white, with its number from 1 and its size; a PDF is drawn ``longest_side`` large."""
    if _is_picture(content):
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            see_through = picture.convert("RGBA")
        flat = Image.new("RGB", see_through.size, "white")
        flat.paste(see_through, mask=see_through.getchannel("A"))
        if longest_side:
            flat.thumbnail((longest_side, longest_side))
        yield 1, flat, (float(flat.width), float(flat.height))
        return
    try:
        document = pypdfium2.PdfDocument(content)
        for number in range(len(document)):
            page = document[number]
            size = page.get_size()
            scale = (longest_side or WHOLE) / max(*size, 1.0)
            yield number + 1, page.render(scale=scale).to_pil().convert("RGB"), size
            page.close()
    except pypdfium2.PdfiumError:
        raise Refused(BROKEN) from None


def _burn(picture: Image.Image, boxes: list[Box]) -> None:
    """Paint boxes over, out to whole points, so that nothing shows at an edge."""
    draw = ImageDraw.Draw(picture)
    for _page, left, top, width, height in boxes:
        right = math.ceil((left + width) * picture.width / WHOLE)
        bottom = math.ceil((top + height) * picture.height / WHOLE)
        corner = (left * picture.width // WHOLE, top * picture.height // WHOLE)
        draw.rectangle((*corner, max(right - 1, corner[0]), max(bottom - 1, corner[1])), fill="black")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=quality, optimize=True, progressive=True)
    return made.getvalue()


def _pdf_of(pages: list[tuple[bytes, tuple[int, int], tuple[float, float]]]) -> bytes:
    """A PDF with a picture a page and nothing else."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        for content, (columns, rows), (width, height) in pages:
            page = document.add_blank_page(page_size=(max(width, 3), max(height, 3)))
            picture = pikepdf.Stream(
                document,
                content,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=columns,
                Height=rows,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
            page.Contents = document.make_stream(f"{width:.2f} 0 0 {height:.2f} 0 0 cm /P Do".encode())
        document.save(made, static_id=True)
    return made.getvalue()


def _numbers_on(page: pypdfium2.PdfPage) -> Iterator[tuple[int, int, int, int]]:
    text = page.get_textpage()
    count = min(text.count_chars(), MOST_CHARACTERS)
    # One character an index, as the boxes are numbered; the library's own text joins some of them.
    letters = "".join(
        chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, index) & 0xFFFF) for index in range(count)
    )
    left, _bottom, _right, top = page.get_cropbox()
    width, height = page.get_size()
    for hit in _NUMBERS.finditer(letters):
        boxes = [text.get_charbox(index) for index in range(*hit.span()) if letters[index] != " "]
        low, high = min(box[1] for box in boxes), max(box[3] for box in boxes)
        spare = (high - low) / 4
        yield _within(
            (min(box[0] for box in boxes) - spare - left) / width,
            (top - high - spare) / height,
            (max(box[2] for box in boxes) + spare - left) / width,
            (top - low + spare) / height,
        )


def _within(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """A box in ten-thousandths, inside the page."""
    x1, y1, x2, y2 = (round(min(max(part, 0), 1) * WHOLE) for part in (left, top, right, bottom))
    return x1, y1, max(x2 - x1, 1), max(y2 - y1, 1)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "clean": clean,
    "picture_of_page": picture_of_page,
    "black_out": black_out,
    "suggest": suggest,
}


def main() -> None:
    """Do one thing with one file."""
    # What asks is the portal; what is asked about stays bytes.
    operation, content, details = pickle.loads(sys.stdin.buffer.read())  # noqa: S301
    memory, seconds = MEMORY, SECONDS
    if operation == "clean" and not _is_picture(content):
        memory, seconds = MEMORY_TO_CLEAN_PDF, SECONDS_TO_CLEAN_PDF
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer: tuple[str, Any] = ("", OPERATIONS[operation](content, **details))
    except Refused as refused:
        answer = (refused.why, None)
    except MemoryError:
        answer = (TOO_BIG, None)
    pickle.dump(answer, sys.stdout.buffer, protocol=5)


if __name__ == "__main__":
    main()
