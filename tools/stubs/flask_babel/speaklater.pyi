from collections.abc import Callable
from typing import Any, Self

# Said to be a str, because WTForms and Flask take it wherever they take words, and their types do not know it.
class LazyString(str):
    def __new__(cls, func: Callable[..., str], *args: Any, **kwargs: Any) -> Self: ...
    def __html__(self) -> str: ...
