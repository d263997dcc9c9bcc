"""What a reader gets of a report: the text of the PDF, and the web page."""

import html
import re
import subprocess
from pathlib import Path

from flask.testing import FlaskClient

from portal.reports.document import Document
from portal.reports.document_pdf import print_document

SITE = "https://example.org"


def pdf_text(document: Document, folder: Path) -> str:
    """The text of the printed report, line by line as it stands on the page."""
    file = folder / "report.pdf"
    file.write_bytes(print_document(document, SITE).content)
    command = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def page_text(client: FlaskClient, address: str) -> str:
    """The text of a page without its tags."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


def squeezed(text: str) -> str:
    """A text without its spaces and line ends: words break over lines where the page is full."""
    return re.sub(r"\s+", "", text)


def line_of(text: str, name: str) -> str:
    """The first line with a name and figures behind it."""
    return next(line for line in text.splitlines() if re.search(re.escape(name) + r".*\d\.\d\d", line))
