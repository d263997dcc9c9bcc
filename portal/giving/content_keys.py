"""The key of a gift's content, and what is kept of it once the donor is erased.

A plain hash of a name, a day and an amount is guessed by trying. A keyed one is not, by whoever has only the database;
and the same list, brought in again, still adds nothing.
"""

from collections.abc import Iterable

from portal.donors import vault

_ERASED = "~"


def of_erased(key: str) -> str:
    """What is kept of a key (or of the fingerprint of a list) whose words were erased; of a kept one, itself."""
    return key if key.startswith(_ERASED) else (_ERASED + vault.digest(f"content:{key}"))[:64]


def both_forms(keys: Iterable[str]) -> dict[str, str]:
    """Each form under which a gift with one of the keys may be in the books, and the key it stands for."""
    return {form: key for key in keys for form in (key, of_erased(key))}
