"""A served portal as its judges see it: addresses that are fetched as a reader's browser would."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple

_SECONDS = 600


class Answer(NamedTuple):
    """What came back: the status and the content, whole."""

    status: int
    media_type: str
    content: bytes


class Portal:
    """A served portal. Answers in JSON are remembered, since examples for many pages come from the same lists."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._remembered: dict[str, Any] = {}

    def answer(self, path: str, cookies: Mapping[str, str] | None = None) -> Answer:
        """The answer at an address, errors included.

        Raises:
            urllib.error.URLError: nobody answers.
        """
        headers = {"User-Agent": "portal-judges"}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        request = urllib.request.Request(self.address + path, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers.get_content_type(), refused.read())

    def fetch(self, path: str) -> bytes:
        """The content at an address.

        Raises:
            LookupError: the portal answers with an error.
        """
        answer = self.answer(path)
        if answer.status != 200:
            raise LookupError(f"{self.address}{path} answers {answer.status}")
        return answer.content

    def json(self, path: str) -> Any:
        """The answer at an address, as JSON."""
        if path not in self._remembered:
            self._remembered[path] = json.loads(self.fetch(path))
        return self._remembered[path]
