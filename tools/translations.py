"""Collect every message into the catalogues and compile them: ``make translations``.

The message itself is simplified Chinese, so that language needs no catalogue.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUES = PROJECT / "portal" / "translations"
LOCALES = ("en", "zh_Hant_HK")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_pgettext": ((1, "c"), 2)}


def extract() -> Catalog:
    """Every message of code and templates, with the files that say it."""
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    template = Catalog(project="haizhu-charity-portal", charset="utf-8")
    found = extract_from_dir(PROJECT, methods, options, KEYWORDS, comment_tags=("translators:",))
    for filename, _line, message, comments, context in found:
        template.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return template


def catalogue_path(locale: str) -> Path:
    """Where a language's translations are kept."""
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    path = catalogue_path(locale)
    if not path.exists():
        return Catalog(
            locale=locale,
            header_comment="# Translations of the portal. The message itself is simplified Chinese.",
            project="haizhu-charity-portal",
            version="1",
            msgid_bugs_address="none",
            last_translator="the authors",
            language_team="the authors",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(locale: str, template: Catalog) -> None:
    """Bring a catalogue up to date: new messages untranslated, forgotten ones removed."""
    catalogue = read(locale)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, ignore_obsolete=True, include_lineno=False, sort_output=True)


def compile_catalogue(locale: str) -> Path:
    """Make the file that the running portal reads."""
    compiled = catalogue_path(locale).with_suffix(".mo")
    with compiled.open("wb") as file:
        write_mo(file, read(locale))
    return compiled


def main() -> int:
    """Update and compile every catalogue, and say how much is left to translate."""
    template = extract()
    for locale in LOCALES:
        update(locale, template)
        compile_catalogue(locale)
        open_messages = [message for message in read(locale) if message.id and not message.string]
        print(f"{locale}: {len(template)} messages, {len(open_messages)} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
