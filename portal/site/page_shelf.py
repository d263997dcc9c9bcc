"""A bounded shelf of pages as they were sent."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from portal.site.compression import packed

Key = tuple[str, ...]
Headers = list[tuple[str, str]]

_OF_ONE_ANSWER = frozenset({"content-length", "x-request-id"})
_OF_A_BODY = frozenset({"content-type", "content-language"})
MOST_BYTES = 32 * 1024 * 1024


@dataclass
class KeptPage:
    """An answer as it was sent: its route, its name, its headers and its body."""

    route: str
    tag: str
    headers: Headers
    body: bytes

    def __post_init__(self) -> None:
        """Leave out what belongs to one answer only."""
        self.headers = [one for one in self.headers if one[0].lower() not in _OF_ONE_ANSWER]

    @cached_property
    def packed(self) -> bytes:
        """The body in gzip."""
        return packed(self.body)

    @cached_property
    def headers_packed(self) -> Headers:
        """The headers over the body in gzip."""
        length = str(len(self.packed))
        return [*self.headers, ("Content-Length", length), ("Content-Encoding", "gzip")]

    @cached_property
    def headers_plain(self) -> Headers:
        """The headers over the body as it is."""
        return [*self.headers, ("Content-Length", str(len(self.body)))]

    @cached_property
    def headers_alone(self) -> Headers:
        """The headers of an answer that says: what you have is what there is."""
        return [one for one in self.headers if one[0].lower() not in _OF_A_BODY]

    @property
    def size(self) -> int:
        """Bytes that it takes, about, with its packed body."""
        return len(self.body) * 5 // 4 + 2_000


class KeptPages:
    """A bounded shelf of pages; the one that was asked for longest ago goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[Key, tuple[Key, KeptPage]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __contains__(self, address: object) -> bool:
        """Whether a page is kept for an address, be it of now or of before."""
        return address in self._pages

    def find(self, address: Key, made_of: Key) -> KeptPage | None:
        """The page at an address, if it is made of just that."""
        with self._lock:
            found = self._pages.get(address)
            if found is None or found[0] != made_of:
                return None
            self._pages.move_to_end(address)
            return found[1]

    def keep(self, address: Key, made_of: Key, page: KeptPage) -> None:
        """Put a page in the place of the one before at its address."""
        with self._lock:
            old = self._pages.pop(address, None)
            self._bytes += page.size - (old[1].size if old else 0)
            self._pages[address] = (made_of, page)
            while self._bytes > self._most:
                _address, (_made_of, oldest) = self._pages.popitem(last=False)
                self._bytes -= oldest.size

    @property
    def kept_bytes(self) -> int:
        """Bytes that all pages take, about."""
        return self._bytes
