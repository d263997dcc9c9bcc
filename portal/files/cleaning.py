"""What people upload is made anew before it is kept: a picture without its place and device, a PDF without its scripts.

The kind of a file is told by its content, never by its name. What cannot be read is refused. The work is done by
``papers.py`` in a child process with limits.
"""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.files import children, papers
from portal.files.boxes import Box
from portal.files.children import ChildFailed
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, Sentence

MOST_BYTES = 20 * 1024 * 1024
LONGEST_SIDE = 2_400
"""Pixels; a voucher photographed stays readable, and a page of them stays light."""
MOST_PAGES = 60

_WORDS: dict[str, Sentence] = {
    papers.NOT_ACCEPTED: _l("只能上传 JPG、PNG、WebP 图片或 PDF，而且文件要完整。"),
    papers.HEIC: _l("这是 HEIC 照片，这里还打不开。请在手机相机设置里选“兼容性最佳”，或先转成 JPG 再上传。"),
    papers.TOO_MANY_PIXELS: _l("图片太大，请缩小到五千万像素以内。"),
    papers.TOO_BIG: _l("这个文件解开后大得不合常理，没有保存。请重新导出或重新拍照再上传。"),
    papers.LOCKED: _l("这份 PDF 有密码，请去掉密码再上传。"),
    papers.BROKEN: _l("这份 PDF 打不开，请重新导出再上传。"),
    papers.NO_PAGES: _l("这份 PDF 没有页面。"),
    papers.TOO_MANY_PAGES: _l("这份 PDF 超过 %(most)d 页，请拆成几份再上传。", most=MOST_PAGES),
}


@dataclass(frozen=True)
class CleanFile:
    """A file that may be kept and shown."""

    content: bytes
    media_type: str
    extension: str
    pages: int = 1


@dataclass(frozen=True)
class Blacked:
    """What may be published of a file, and a small picture of it."""

    file: CleanFile
    thumbnail: bytes


def clean(content: bytes, field: str = "file", *, longest_side: int = LONGEST_SIDE) -> CleanFile:
    """Make a JPEG, PNG, WebP or PDF anew.

    Raises:
        Invalid: it is empty, too large, damaged, locked by a password, or of another kind.
    """
    if not content:
        raise Invalid({field: _l("文件是空的，请重新选择。")})
    if len(content) > MOST_BYTES:
        raise Invalid({field: _l("文件太大，最多 %(size)d MB。", size=MOST_BYTES // 1024 // 1024)})
    made = _ask("clean", content, field, longest_side=longest_side, most_pages=MOST_PAGES)
    return CleanFile(*made)


def picture_of_page(content: bytes, number: int, longest_side: int = LONGEST_SIDE) -> bytes:
    """One page of a file that was made anew, as JPEG.

    Raises:
        Invalid: there is no such page, or it cannot be drawn.
    """
    picture: bytes = _ask("picture_of_page", content, "file", number=number, longest_side=longest_side)
    return picture


def black_out(content: bytes, boxes: Sequence[Box], longest_side: int = LONGEST_SIDE) -> Blacked:
    """A file that was made anew, as points only, with everything in the boxes gone.

    Raises:
        Invalid: a page cannot be drawn.
    """
    *file, thumbnail = _ask("black_out", content, "file", boxes=list(boxes), longest_side=longest_side)
    return Blacked(CleanFile(*file), thumbnail)


def suggest(content: bytes) -> list[Box]:
    """Boxes over what looks like a number of an identity card, telephone or account; PDFs with text only."""
    try:
        boxes: list[Box] = _ask("suggest", content, "file")
    except Invalid:
        return []
    return boxes


def _ask(operation: str, content: bytes, field: str, **details: Any) -> Any:
    try:
        why, made = children.ask(papers.__file__, pickle.dumps((operation, content, details)), papers.SECONDS)
    except ChildFailed as failed:
        pdf = b"%PDF-" in content[:1024]
        why = papers.TOO_BIG if failed.too_much else papers.BROKEN if pdf else papers.NOT_ACCEPTED
    if why:
        raise Invalid({field: _WORDS[why]})
    return made
