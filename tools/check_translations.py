"""Whether every message of code and templates is translated into every language.

A message must be in the catalogue, translated, not fuzzy, and keep its placeholders; nothing obsolete may be left;
and no template may say something Chinese without handing it to the translator.
"""

import re
import sys
from collections.abc import Iterator
from gettext import GNUTranslations

from babel.messages.catalog import Catalog, Message

from tools.translations import LOCALES, PROJECT, catalogue_path, compile_catalogue, extract, read

PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sd]")
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
SPOKEN_FOR = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def strings(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    said = message.string
    return [said] if isinstance(said, str) else list(said or ())


def placeholders(text: str) -> set[str]:
    """The names that a text leaves open."""
    return set(PLACEHOLDER.findall(text))


def missing(wanted: Message, catalogue: Catalog) -> str | None:
    """What is wrong with the translation of one message, if anything."""
    found = catalogue.get(wanted.id, wanted.context)
    if found is None:
        return "is not in the catalogue; run make translations"
    if found.fuzzy:
        return "is marked fuzzy"
    said = strings(found)
    if not said or not all(said):
        return "is not translated"
    msgid = wanted.id if isinstance(wanted.id, str) else wanted.id[-1]
    if any(placeholders(text) != placeholders(msgid) for text in said):
        return "has other placeholders than its translation"
    return None


def problems_of_locale(locale: str, template: Catalog) -> Iterator[str]:
    """Everything wrong with one language."""
    if not catalogue_path(locale).exists():
        yield f"{locale}: has no catalogue; run make translations"
        return
    catalogue = read(locale)
    for wanted in template:
        problem = missing(wanted, catalogue) if wanted.id else None
        if problem:
            yield f"{locale}: {wanted.id!r} {problem}"
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{locale}: {message.id!r} is said nowhere any more; run make translations"
    with compile_catalogue(locale).open("rb") as file:
        if not GNUTranslations(file).info():
            yield f"{locale}: the compiled catalogue cannot be read"


def unmarked_in_templates() -> Iterator[str]:
    """Chinese that a template says past the translator."""
    for path in sorted((PROJECT / "templates").rglob("*.*")):
        source = path.read_text(encoding="utf-8")
        blanked = SPOKEN_FOR.sub(lambda spoken: re.sub(r"[^\n]", " ", spoken.group()), source)
        for number, line in enumerate(blanked.splitlines(), 1):
            for words in CHINESE.findall(line):
                yield f"{path.relative_to(PROJECT)}:{number}: {words!r} is not marked for translation"


def main() -> int:
    """Say everything that is wrong."""
    template = extract()
    problems = list(unmarked_in_templates())
    for locale in LOCALES:
        problems += problems_of_locale(locale, template)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(template)} messages in {len(LOCALES)} languages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
