"""The kinds of reports there are: how each is asked for, read, and who may read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from flask_babel import LazyString
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.reports.document import Document
from portal.staff.models import StaffMember

Parameters = Mapping[str, str]
"""What a report is asked for with, as plain words: ``year``, ``organisation`` (USCC), ``fund`` (code), ``donor`` (id).

Any report may carry a ``foreword`` and who signed it (``foreword_signed``).
"""


@dataclass(frozen=True)
class Parameter:
    """One thing a report is asked for with."""

    name: Literal["year", "organisation", "fund", "donor"]
    title: LazyString
    required: bool = True


@dataclass(frozen=True)
class Kind:
    """One kind of report.

    ``read`` raises NotFound where there is nothing to report on and Invalid where a parameter is wrong. ``permit``
    raises NotFound where it is not for a person to make. What is not ``public`` never leaves the desk.
    """

    name: str
    title: LazyString
    parameters: tuple[Parameter, ...]
    read: Callable[[Session, Parameters], Document]
    permit: Callable[[Session, Parameters, StaffMember], None]
    public: bool = True


YEAR = Parameter("year", _l("年份"))
KINDS: Mapping[str, Kind] = MappingProxyType({})
