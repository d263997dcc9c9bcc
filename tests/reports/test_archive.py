"""A report that can be kept: PDF/A, every name copied whole, its figures attached, the same bytes."""

from pathlib import Path

import pytest
from flask import Flask

from portal.reports.archive import Standard, archived
from portal.reports.attachments import csv_of
from portal.reports.data_tables import DataTable
from portal.reports.sheet import Contents, Heading, Imprint, render
from portal.reports.typography import para
from tests.reports.judging import faults_of, fonts_of, run, text_of
from tools.build_fonts import UNIHAN, standard_characters

pytestmark = pytest.mark.one_engine

RARE = "𠮷䶮𬭎堃㛃喆犇珺赟龘𣗋"
TABLE = csv_of(DataTable("funds", ("基金", "元"), (("社区基金", "1.00"), ("=1+1", None))))
MONTHS = csv_of(DataTable("months", ("月", "元"), ((9, "1.00"),)))


@pytest.fixture
def characters(app: Flask) -> bytes:
    """A report whose text is every standard character, forty to a line."""
    every = "".join(map(chr, sorted(standard_characters(UNIHAN))))
    lines = [every[start : start + 40] for start in range(0, len(every), 40)]
    contents = Contents()
    with app.test_request_context():
        story = [Heading("一、姓名 <b>&", "names", contents), para(RARE), *map(para, lines)]
        imprint = Imprint("姓名 <i>&", "海珠区", "账本状态", "https://example.org")
        return render(imprint, story, contents).content


def test_it_is_pdf_a_to_a_judge_that_others_wrote(characters: bytes, tmp_path: Path) -> None:
    kept, raw = tmp_path / "kept.pdf", tmp_path / "raw.pdf"
    kept.write_bytes(archived(characters, standard=Standard.A1B))
    raw.write_bytes(characters)
    assert faults_of(kept) == ""
    assert "Syntax error" in faults_of(raw), "a judge that finds no fault anywhere judges nothing"


def test_every_standard_character_can_be_copied(characters: bytes, tmp_path: Path) -> None:
    file = tmp_path / "names.pdf"
    file.write_bytes(archived(characters))
    text = text_of(file)
    assert standard_characters(UNIHAN) - set(map(ord, text)) == set()
    assert RARE in text and "〓" not in text


def test_fonts_are_embedded_and_the_file_is_sound(characters: bytes, tmp_path: Path) -> None:
    file = tmp_path / "names.pdf"
    file.write_bytes(archived(characters, [TABLE, MONTHS]))
    fonts = fonts_of(file)
    assert fonts and set(fonts) == {("yes", "yes", "yes")}
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", file)


def test_its_tables_come_out_as_they_went_in(characters: bytes, tmp_path: Path) -> None:
    file = tmp_path / "kept.pdf"
    file.write_bytes(archived(characters, [MONTHS, TABLE]))
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    assert (tmp_path / "funds.csv").read_bytes().decode() == "\ufeff基金,元\r\n社区基金,1.00\r\n'=1+1,\r\n"
    assert (tmp_path / "months.csv").read_bytes().decode() == "\ufeff月,元\r\n9,1.00\r\n"


def test_it_says_what_it_is_in_both_places(characters: bytes, tmp_path: Path) -> None:
    file = tmp_path / "kept.pdf"
    file.write_bytes(archived(characters))
    packet = run("pdfinfo", "-meta", file)
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in packet
    assert "姓名 &lt;i&gt;&amp;" in packet
    assert "姓名 <i>&" in run("pdfinfo", file)


def test_the_same_pages_give_the_same_bytes(characters: bytes) -> None:
    assert archived(characters, [TABLE]) == archived(characters, [TABLE])
    assert archived(characters, [TABLE]) != archived(characters, [MONTHS])
