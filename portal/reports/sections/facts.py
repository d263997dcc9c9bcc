"""What the registry knows of a thing, as its public page says it."""

from sqlalchemy.orm import Session

from portal.disclosure.directory import SHELVES
from portal.disclosure.profiles import Reference, profile
from portal.reports.document import Facts, Written


def facts_of(session: Session, shelf: str, code: str) -> Facts:
    """The facts of an organisation or a fund."""
    shown = profile(session, SHELVES[shelf], code).facts
    return Facts(tuple((str(words), _value(value)) for words, value in shown))


def _value(value: object) -> str:
    return Written(value.name) if isinstance(value, Reference) else str(value)
