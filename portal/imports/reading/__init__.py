"""Reading lists: bytes and a file name in, donations out. Nothing here knows a database."""

from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.files import UnreadableFile
from portal.imports.reading.recognised import DaySource, Recognised, Row
from portal.imports.reading.recognising import recognise

__all__ = ["DaySource", "Fault", "Problem", "Recognised", "Row", "UnreadableFile", "recognise"]
