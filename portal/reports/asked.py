"""What a report is asked for with, read from plain words."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.disclosure.directory import SHELVES
from portal.disclosure.profiles import find
from portal.donors.models import Donor
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, NotFound
from portal.registry.models import Fund, Organisation
from portal.reports.document import Foreword

Parameters = Mapping[str, str]
"""What a report is asked for with, as plain words: ``year``, ``organisation`` (USCC), ``fund`` (code), ``donor`` (id).

Any report may carry a ``foreword`` and who signed it (``foreword_signed``).
"""
_LONGEST_FOREWORD = 3_000


def year_of(parameters: Parameters) -> int:
    """The year.

    Raises:
        Invalid: it is none.
    """
    text = parameters.get("year", "")
    if len(text) == 4 and text.isascii() and text.isdigit():
        return int(text)
    raise Invalid({"year": _l("请写四位数的年份，例如 2026。")})


def organisation_of(session: Session, parameters: Parameters) -> Organisation | None:
    """The organisation; None where none is asked for.

    Raises:
        NotFound: there is none with this code in public.
    """
    code = parameters.get("organisation", "")
    found: Organisation | None = find(session, SHELVES["organisations"], code) if code else None
    return found


def required_organisation_of(session: Session, parameters: Parameters) -> Organisation:
    """The organisation.

    Raises:
        Invalid: none is asked for.
        NotFound: there is none with this code in public.
    """
    found = organisation_of(session, parameters)
    if found is None:
        raise Invalid({"organisation": _l("请选择慈善组织。")})
    return found


def fund_of(session: Session, parameters: Parameters) -> Fund:
    """The fund.

    Raises:
        NotFound: there is none with this code in public.
    """
    found: Fund = find(session, SHELVES["funds"], parameters.get("fund", ""))
    return found


def donor_of(session: Session, parameters: Parameters) -> Donor:
    """The donor by number; whether one may know of them is not asked here.

    Raises:
        NotFound: there is none, or their record was erased.
    """
    text = parameters.get("donor", "")
    found = session.get(Donor, int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None
    if found is None or found.erased_at is not None:
        raise NotFound(_l("没有找到这位捐赠人。"))
    return found


def foreword_of(parameters: Parameters) -> Foreword:
    """The words that staff put before the report, perhaps none.

    Raises:
        Invalid: they are too long.
    """
    text = parameters.get("foreword", "")
    if len(text) > _LONGEST_FOREWORD:
        raise Invalid({"foreword": _l("序言最多 %(most)d 个字。", most=_LONGEST_FOREWORD)})
    return Foreword(text, parameters.get("foreword_signed", "")[:100])
