"""Uploads are made anew: no place, no device, no script; what cannot be read is refused in words."""

import io
import resource
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from portal.files import papers
from portal.files.cleaning import LONGEST_SIDE, MOST_BYTES, clean
from portal.refusals import Invalid

pytestmark = pytest.mark.one_engine

GPS_TAG, MODEL_TAG, ORIENTATION_TAG = 0x8825, 0x0110, 0x0112


def _photo(*, turned: int = 1, size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = picture.getexif()
    exif[MODEL_TAG] = "SpyPhone 9"
    exif[ORIENTATION_TAG] = turned
    exif.get_ifd(GPS_TAG)[2] = (23.0, 6.0, 1.0)
    made = io.BytesIO()
    picture.save(made, kind, exif=exif, comment=b"home address")
    return made.getvalue()


def _pdf(*, password: str = "") -> bytes:
    document = pikepdf.Pdf.new()
    document.add_blank_page(page_size=(200, 200))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = script
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", script]))
    document.attachments["secret.txt"] = b"hidden list of names"
    document.docinfo["/Author"] = "Wang Xiaoming"
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    good = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/"),
    )
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([link, good]))
    made = io.BytesIO()
    encryption = pikepdf.Encryption(user=password, owner=password) if password else False
    document.save(made, encryption=encryption, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_photo_loses_place_and_device_and_stands_upright(kind: str) -> None:
    photo = _photo(turned=6, kind=kind)
    assert b"SpyPhone" in photo
    cleaned = clean(photo)
    assert (cleaned.media_type, cleaned.extension) == ("image/jpeg", "jpg")
    assert b"SpyPhone" not in cleaned.content and b"home address" not in cleaned.content
    with Image.open(io.BytesIO(cleaned.content)) as picture:
        assert picture.size == (40, 60) and not picture.getexif() and "comment" not in picture.info


def test_a_large_photo_is_made_smaller_and_a_see_through_one_stays_so() -> None:
    with Image.open(io.BytesIO(clean(_photo(size=(5000, 100))).content)) as picture:
        assert picture.width == LONGEST_SIDE
    made = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(made, "PNG")
    cleaned = clean(made.getvalue())
    assert cleaned.media_type == "image/png"


def test_a_pdf_loses_scripts_attachments_and_author_and_keeps_its_links() -> None:
    raw = _pdf()
    assert b"app.alert" in raw and b"EmbeddedFiles" in raw
    cleaned = clean(raw)
    assert cleaned.media_type == "application/pdf"
    with pikepdf.open(io.BytesIO(cleaned.content)) as document:
        text = document.Root.unparse(resolved=True) + document.trailer.unparse(resolved=True)
        assert b"OpenAction" not in text and b"EmbeddedFiles" not in text and b"/Info" not in text
        assert [str(one.A.URI) for one in document.pages[0].Annots] == ["https://example.org/"]
        everything = b"".join(one.unparse(resolved=True) for one in document.objects)
    for trace in (b"app.alert", b"Xiaoming", b"secret.txt"):
        assert trace not in everything and trace not in cleaned.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"MZ" + b"\0" * 100, "只能上传"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "只能上传"),
        (_photo()[:300], "只能上传"),
        (b"%PDF-1.7 nonsense", "打不开"),
        (_pdf(password="x"), "密码"),
        (b"x" * (MOST_BYTES + 1), "太大"),
    ],
    ids=["empty", "program", "svg", "cut", "no pdf", "locked", "large"],
)
def test_what_cannot_be_kept_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean(content)
    assert words in str(refused.value.errors["file"])


def test_a_photo_in_a_format_of_some_telephones_is_refused_with_the_way_out() -> None:
    with pytest.raises(Invalid, match="兼容性最佳"):
        clean(b"\0\0\0\x18ftypheic" + b"\0" * 200)


def _object_stream_bomb() -> bytes:
    """A PDF whose table of objects unpacks from three megabytes to three gigabytes."""
    packer = zlib.compressobj(9)
    beginning = packer.compress(b"0") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"0" * 1024 * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = beginning + block * 3_000
    head = b"%PDF-1.5\n"
    table = b"1 0 obj<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    return head + table + packed + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(head)


def _scan_bomb() -> bytes:
    """A photo that is to be gone over ten thousand times."""
    made = io.BytesIO()
    Image.new("RGB", (4000, 4000)).save(made, "JPEG", progressive=True)
    content = made.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 10_000 + content[-2:]


def _pixel_bomb() -> bytes:
    """A picture that says that it is 60,000 points wide and high."""
    made = io.BytesIO()
    Image.new("1", (9, 9)).save(made, "PNG")
    size = (60_000).to_bytes(4, "big") * 2
    told = b"IHDR" + size + made.getvalue()[24:29]
    return made.getvalue()[:12] + told + zlib.crc32(told).to_bytes(4, "big") + made.getvalue()[33:]


@pytest.mark.parametrize("bomb", [_object_stream_bomb, _scan_bomb, _pixel_bomb])
def test_a_bomb_is_refused_soon_and_in_words(bomb: Callable[[], bytes]) -> None:
    content = bomb()[:MOST_BYTES]
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Invalid, match=r"太大|大得不合常理|打不开"):
        clean(content)
    # Of the processor, not of the clock: the tests of a whole house may run beside.
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime < 2.5


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import sys; sys.exit(3)",
        "",
        "import sys; sys.stdout.buffer.write(b'nonsense')",
    ],
)
def test_whatever_becomes_of_the_child_the_parent_answers_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    child = tmp_path / "child.py"
    child.write_text(script)
    monkeypatch.setattr(papers, "__file__", str(child))
    with pytest.raises(Invalid):
        clean(_photo())


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked() -> None:
    made = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")
    with pytest.raises(Invalid):
        clean(made.getvalue())
