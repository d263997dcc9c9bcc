"""What the sections of a report come to, in one line each, for the page that shows the year."""

from collections.abc import Iterable, Iterator

from portal.i18n import gettext as _
from portal.reports.document import Chart, Facts, Paragraph, Section, Table


def summary(sections: Iterable[Section]) -> Facts:
    """The first sentence of some sections, and how many things the others list."""
    return Facts(tuple(_rows({one.key: one for one in sections})))


def _rows(by_key: dict[str, Section]) -> Iterator[tuple[str, str]]:
    counted = [
        words % {"count": len(table.rows)}
        for key, words in (
            ("organisations", _("%(count)s 个慈善组织")),
            ("funds", _("%(count)s 只基金")),
            ("projects", _("%(count)s 个慈善项目")),
        )
        if key in by_key and (table := _table(by_key[key])) is not None
    ]
    if counted:
        yield _("账上有记录的"), "、".join(counted)
    for key in ("per-capita", "disclosures", "corrections"):
        if key in by_key and (words := _sentence(by_key[key])):
            yield by_key[key].title, words


def _table(section: Section) -> Table | None:
    tables = [one.table if isinstance(one, Chart) else one for one in section.blocks]
    return next((one for one in tables if isinstance(one, Table)), None)


def _sentence(section: Section) -> str:
    return next((one.text for one in section.blocks if isinstance(one, Paragraph)), "")
