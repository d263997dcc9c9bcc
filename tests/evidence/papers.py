"""Pictures and papers as people hand them in, with what must not get out planted in them."""

import io

import pikepdf
from PIL import Image, ImageDraw

DEVICE = "SpyPhone 9"
AUTHOR = "Wang Xiaoming"
FILE_NAME = "王小明的收条-江南西路8号.jpg"
ACCOUNT = "6222021234567890123"
_GPS, _MODEL, _ORIENTATION = 0x8825, 0x0110, 0x0112
PLANTED = (DEVICE, AUTHOR, ACCOUNT, FILE_NAME, "王小明")


def photo(colour: tuple[int, int, int] = (200, 30, 30), *, turned: int = 1) -> bytes:
    """A photograph of 600 × 400, its left quarter blue, with place and device."""
    picture = Image.new("RGB", (600, 400), colour)
    ImageDraw.Draw(picture).rectangle((0, 0, 149, 399), fill=(20, 20, 220))
    exif = picture.getexif()
    exif[_MODEL], exif[_ORIENTATION] = DEVICE, turned
    exif.get_ifd(_GPS)[2] = (23.0, 6.0, 1.0)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=95, exif=exif, comment=AUTHOR.encode())
    return made.getvalue()


def pdf(pages: int = 2) -> bytes:
    """A PDF with text, a script, an attachment and an author."""
    document = pikepdf.Pdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for _number in range(pages):
        page = document.add_blank_page(page_size=(400, 600))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = document.make_stream(f"BT /F 20 Tf 50 500 Td (Account {ACCOUNT}) Tj ET".encode())
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = script
    document.attachments["secret.txt"] = AUTHOR.encode()
    document.docinfo["/Author"] = AUTHOR
    made = io.BytesIO()
    document.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def traces(content: bytes) -> list[str]:
    """What of the planted things stands in a file."""
    return [one for one in (*PLANTED, "app.alert", "secret.txt") if one.encode() in content]


def colour_at(content: bytes, x: int, y: int) -> tuple[int, int, int]:
    """The colour of a point of a picture."""
    with Image.open(io.BytesIO(content)) as picture:
        pixel = picture.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])
