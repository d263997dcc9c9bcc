"""The foreword that staff write for a report."""

from portal.i18n import gettext as _
from portal.reports.document import Foreword, Section


def foreword_section(foreword: Foreword | None) -> tuple[Section, ...]:
    """The foreword as a section; none where nobody wrote one."""
    if foreword is None or not foreword.paragraphs:
        return ()
    return (Section("foreword", _("序言"), (foreword,), opens_page=True),)
