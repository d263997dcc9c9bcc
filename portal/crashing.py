"""Named points at which a test build dies at once, as by a power cut; without ``CRASH_AT`` they do nothing."""

import os

POINTS = (
    "after_lines",
    "before_leaf",
    "after_leaf",
    "before_commit",
    "after_commit",
    "before_sign",
    "after_sign",
    "before_publish",
)
_FATAL = 9


def crash_point(name: str) -> None:
    """Die here when the environment asks for it, and it is a test environment."""
    if os.environ.get("CRASH_AT") == name and os.environ.get("PORTAL_ENVIRONMENT") == "test":
        os._exit(_FATAL)
