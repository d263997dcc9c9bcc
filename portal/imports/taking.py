"""Take in a file that somebody brings, whatever list it is of and however long."""

import os
from typing import BinaryIO

from portal.files import storage
from portal.imports import goods, long_lists, service
from portal.imports.models import ImportBatch
from portal.imports.reading.files import SAMPLE
from portal.imports.reading.long_lists import beginning_of, is_long
from portal.imports.target import Target
from portal.refusals import NotFound
from portal.staff.models import StaffMember


def take_in(stream: BinaryIO, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take a list in as a draft; a long one is still to be read (``stages.py``).

    Raises:
        UnreadableFile: the file is no list.
        Invalid: the target breaks a rule, or the file holds no row.
    """
    if _is_long(stream):
        return long_lists.begin(stream, file_name, target, by)
    return goods.take_in(stream.read(), file_name, target, by)


def take_in_donations(stream: BinaryIO, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take in what is known to be a list of donations; raises as ``take_in``."""
    if _is_long(stream):
        return long_lists.begin(stream, file_name, target, by)
    return service.create_batch(stream.read(), file_name, target, by)


def take_in_kept(sha256: str, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take in a list of donations whose file was kept before; raises as ``take_in``."""
    path = storage.path_of(long_lists.ROOM, sha256)
    if path is None:
        raise NotFound(long_lists.FILE_IS_GONE)
    with path.open("rb") as file:
        if _is_long(file):
            return long_lists.begin_kept(sha256, file_name, target, by)
        return service.create_batch(file.read(), file_name, target, by)


def content_to_explain(sha256: str) -> bytes:
    """What a person needs to see of a file to say what its columns hold: all of it, or the beginning of a long one.

    Raises:
        NotFound: it is not there.
    """
    fine = len(sha256) == 64 and sha256.isascii() and sha256.isalnum()
    path = storage.path_of(long_lists.ROOM, sha256) if fine else None
    if path is None:
        raise NotFound(long_lists.FILE_IS_GONE)
    with path.open("rb") as file:
        return beginning_of(path) if _is_long(file) else file.read()


def _is_long(stream: BinaryIO) -> bool:
    """Whether a file is to be read part by part; afterwards it stands at its beginning."""
    beginning = stream.read(SAMPLE)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return is_long(beginning, size)
