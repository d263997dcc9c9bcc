"""What people upload is made anew before it is kept: a picture without its place and device, a PDF without its scripts.

The kind of a file is told by its content, never by its name. What cannot be read is refused.
"""

import io
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_400
"""Pixels; a voucher photographed stays readable, and a page of them stays light."""

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


@dataclass(frozen=True)
class CleanFile:
    """A file that may be kept and shown."""

    content: bytes
    media_type: str
    extension: str


def clean(content: bytes, field: str = "file") -> CleanFile:
    """Make a JPEG, PNG, WebP or PDF anew.

    Raises:
        Invalid: it is empty, too large, damaged, locked by a password, or of another kind.
    """
    if not content:
        raise Invalid({field: _l("文件是空的，请重新选择。")})
    if len(content) > MOST_BYTES:
        raise Invalid({field: _l("文件太大，最多 %(size)d MB。", size=MOST_BYTES // 1024 // 1024)})
    if b"%PDF-" in content[:1024]:
        return _clean_pdf(content, field)
    return _clean_picture(content, field)


def _clean_picture(content: bytes, field: str) -> CleanFile:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid({field: _l("图片太大，请缩小到五千万像素以内。")})
            upright = ImageOps.exif_transpose(picture)
            see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            fresh = upright.convert("RGBA" if see_through else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid({field: _l("图片太大，请缩小到五千万像素以内。")}) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Invalid({field: _l("只能上传 JPG、PNG、WebP 图片或 PDF，而且文件要完整。")}) from None
    fresh.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A fresh image carries over nothing but the pixels: no EXIF, no profile, no comment, no thumbnail.
    bare = Image.frombytes(fresh.mode, fresh.size, fresh.tobytes())
    made = io.BytesIO()
    if see_through:
        bare.save(made, "PNG", optimize=True)
        return CleanFile(made.getvalue(), "image/png", "png")
    bare.save(made, "JPEG", quality=85, optimize=True, progressive=True)
    return CleanFile(made.getvalue(), "image/jpeg", "jpg")


def _clean_pdf(content: bytes, field: str) -> CleanFile:
    made = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not document.pages:
                raise Invalid({field: _l("这份 PDF 没有页面。")})
            _strip(document)
            document.save(made, static_id=True, linearize=False, compress_streams=True)
    except pikepdf.PasswordError:
        raise Invalid({field: _l("这份 PDF 有密码，请去掉密码再上传。")}) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        raise Invalid({field: _l("这份 PDF 打不开，请重新导出再上传。")}) from None
    return CleanFile(made.getvalue(), "application/pdf", "pdf")


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
