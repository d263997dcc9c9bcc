"""The few parameters of the API's lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.disclosure.filters import MOST, SWITCHES, USUAL, BadFilter
from portal.i18n import gettext as _
from portal.refusals import Sentence

WORDS = frozenset({"q", "after", "limit"})


@dataclass(frozen=True)
class ListQuery:
    """Words to look for, the cursor, and how many things a page has."""

    text: str = ""
    after: str = ""
    limit: int = USUAL


def read_list_query(given: Mapping[str, Sequence[str]]) -> ListQuery:
    """Read the parameters of a list.

    Raises:
        BadFilter: naming every unknown parameter and bad value.
    """
    errors: dict[str, Sentence] = {
        word: _("不认识的参数“%(word)s”。", word=word[:60]) for word in given if word not in WORDS | SWITCHES
    }
    first = {word: values[0].strip() for word, values in given.items() if values}
    limit = first.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 4 and 1 <= int(limit) <= MOST):
        errors["limit"] = _("请用 1 至 %(most)d 之间的整数。", most=MOST)
    if any("\x00" in value for value in first.values()):
        errors["q"] = _("含有无法查找的字符。")
    if errors:
        raise BadFilter(errors)
    return ListQuery(first.get("q", "")[:100], first.get("after", "")[:40], int(limit))
