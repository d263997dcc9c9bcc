"""A place on a page that is to be hidden, in the terms of ``papers.py``, which knows nothing of the portal."""

Box = tuple[int, int, int, int, int]
"""Page from 1, left, top, width and height in ten-thousandths of the page."""
