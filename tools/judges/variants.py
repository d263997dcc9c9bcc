"""All pages in every language and view: which there are, and their markup on disk for judges that read files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from portal.i18n import COOKIE as LANGUAGE_COOKIE
from portal.site.preferences import VIEW_COOKIE
from tools.judges.pages import LANGUAGES, VIEWS, Page
from tools.judges.portal import Portal


class Variant(NamedTuple):
    """One page in one language and view, and the portal that serves it."""

    portal: Portal
    page: Page
    language: str
    view: str

    @property
    def name(self) -> str:
        """A name for files and findings: ``ledger.en.elder``."""
        return f"{self.page.kind}.{self.language}.{self.view}"

    @property
    def cookies(self) -> dict[str, str]:
        """What a browser sends that has chosen this language and view."""
        return {LANGUAGE_COOKIE: self.language, VIEW_COOKIE: self.view}


class Shown(NamedTuple):
    """The pages that one portal serves."""

    portal: Portal
    pages: Sequence[Page]


def variants(shown: Sequence[Shown]) -> Iterator[Variant]:
    """Every page in every language and view."""
    for portal, pages in shown:
        for page in pages:
            for language in LANGUAGES:
                for view in VIEWS:
                    yield Variant(portal, page, language, view)


def written(shown: Sequence[Shown], folder: Path) -> Iterator[str]:
    """Write every variant's markup into a folder; yields what is wrong with its status, type or language."""
    for variant in variants(shown):
        answer = variant.portal.answer(variant.page.address, variant.cookies)
        if answer.status != variant.page.status or answer.media_type != "text/html":
            yield f"{variant.name}: {variant.page.address} answers {answer.status} {answer.media_type}"
        if f'lang="{variant.language.replace("_", "-")}"'.encode() not in answer.content[:400]:
            yield f"{variant.name}: {variant.page.address} is not in the language that was asked for"
        (folder / f"{variant.name}.html").write_bytes(answer.content)
