"""Keep what a person said of a list's columns, and find it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.imports.layout_models import ImportLayout
from portal.imports.reading import Recognised, recognise
from portal.imports.reading.cells import Cell
from portal.imports.reading.columns import Role
from portal.imports.reading.files import Sheet, UnreadableFile, read_file
from portal.imports.reading.layouts import Layout, guess_header, guess_layout, labels_at
from portal.periods import now, today
from portal.refusals import Invalid
from portal.staff import audit
from portal.staff.models import StaffMember

MOST_COLUMNS = 40


@dataclass(frozen=True)
class Explained:
    """What was said of a file: which sheet, where its header stands, and what its columns hold."""

    sheet: int
    header: int
    layout: Layout


def known(session: Session, organisation_id: int) -> dict[str, Layout]:
    """The layouts that an organisation's staff explained, by key."""
    rows = session.scalars(select(ImportLayout).where(ImportLayout.organisation_id == organisation_id))
    return {
        row.key: Layout(tuple(row.labels), tuple(Role(one) if one else None for one in row.roles), row.height)
        for row in rows
    }


def sheets_of(content: bytes, file_name: str) -> list[Sheet]:
    """The sheets of a file that hold anything.

    Raises:
        UnreadableFile: it cannot be opened, or holds nothing.
    """
    sheets = [one for one in read_file(content, file_name).sheets if any(any(row) for row in one.rows)]
    if not sheets:
        raise UnreadableFile(_l("文件是空的，没有可以导入的内容。"))
    return sheets


def first_guess(sheets: Sequence[Sheet]) -> Explained:
    """Where to begin: the longest sheet, its most likely header, and what its columns seem to hold."""
    sheet = max(range(len(sheets)), key=lambda one: len(sheets[one].rows))
    return guess_at(sheets, sheet, guess_header(sheets[sheet].rows), 1)


def guess_at(sheets: Sequence[Sheet], sheet: int, header: int, height: int) -> Explained:
    """What the columns under a chosen header seem to hold."""
    return Explained(sheet, header, guess_layout(sheets[sheet].rows, header, height))


def stated(rows: list[list[Cell]], header: int, height: int, roles: Sequence[Role | None]) -> Layout:
    """The layout as a person stated it."""
    labels = labels_at(rows, header, height)
    filled = [*roles, *[None] * len(labels)][: len(labels)]
    return Layout(labels, tuple(filled), height)


def try_out(content: bytes, file_name: str, layout: Layout) -> Recognised:
    """What the file says when read so.

    Raises:
        Invalid: columns that are needed were not named.
        UnreadableFile: nothing can be read so.
    """
    _require_complete(layout)
    return recognise(content, file_name, today=today(), layouts={layout.key: layout})


def save(layout: Layout, name: str, organisation_id: int, by: StaffMember) -> ImportLayout:
    """Keep a layout for the organisation; the same header explained anew replaces what was said before.

    Raises:
        Invalid: columns that are needed were not named.
    """
    _require_complete(layout)
    facts = {
        "name": name[:120],
        "height": layout.height,
        "labels": list(layout.labels),
        "roles": [role.value if role else None for role in layout.roles],
        "made_by_id": by.id,
        "made_at": now(),
    }
    with writing() as session:
        take_turn(session, f"import-layout:{organisation_id}:{layout.key}")
        kept: ImportLayout | None = session.scalar(
            select(ImportLayout).where(
                ImportLayout.organisation_id == organisation_id, ImportLayout.key == layout.key
            )
        )
        if kept is None:
            kept = ImportLayout(organisation_id=organisation_id, key=layout.key, **facts)
            session.add(kept)
        for column, value in facts.items():
            setattr(kept, column, value)
        session.flush()
        audit.record(
            session, staff=by, action="import.layout_saved", subject_kind="import_layout", subject_id=kept.id
        )
        return kept


def _require_complete(layout: Layout) -> None:
    if not layout.complete:
        raise Invalid({"roles": _l("请至少指出金额（或收入金额）一列，以及捐赠人、单号、日期中的一列。")})
