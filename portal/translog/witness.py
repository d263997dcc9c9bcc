"""The witness: a second pair of eyes at another office. It needs no database, and trusts neither ours nor our word.

Every leaf is read once. A head is co-signed only when it continues all that was seen before and its leaves keep the
rules of docs/adr/0011 (``witnessed.py`` is not needed: what a log adds up to is small). What was seen is on the disk
before a signature leaves: neither two runs at once nor one that dies half-way sign two heads that exclude each other.
"""
