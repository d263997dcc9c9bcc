"""How a service says no: one family of exceptions, each with a sentence for the person who asked."""

from collections.abc import Mapping

from flask_babel import LazyString

Sentence = str | LazyString


class Refusal(Exception):
    """A rule forbids what was asked. ``status`` is the HTTP status a view answers with."""

    status = 422

    def __init__(self, message: Sentence, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """There is no such thing, or none that this person may see: both answer alike."""

    status = 404


class Forbidden(Refusal):
    """This person may not do that."""

    status = 403


class Conflict(Refusal):
    """The thing changed, or was done already in another way."""

    status = 409


class Unavailable(Refusal):
    """Nothing may be written now; what was asked can be asked again later."""

    status = 503


class Invalid(Refusal):
    """What was typed breaks rules; ``errors`` maps each field to its message."""

    def __init__(self, errors: Mapping[str, Sentence]) -> None:
        field, message = next(iter(errors.items()))
        super().__init__(message, field=field)
        self.errors = dict(errors)
