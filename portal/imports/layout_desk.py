"""Staff explain a list that was not recognised: which row is the header, what each column holds; with a preview."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.imports import layouts, stages
from portal.imports.desk import imports
from portal.imports.explaining import ROLE_WORDS, Upload
from portal.imports.layouts import Explained
from portal.imports.reading.cells import text_of
from portal.imports.reading.files import Sheet, UnreadableFile
from portal.imports.reading.layouts import HEIGHTS, OFFERED
from portal.imports.taking import content_to_explain, take_in_kept
from portal.imports.target import check_target
from portal.refusals import Invalid, NotFound, Refusal
from portal.staff.access import current_staff

__all__ = ["imports"]

ROWS_SHOWN = 20
PREVIEWED = 8


@imports.route("/layout", methods=["GET", "POST"])
def layout() -> ResponseReturnValue:
    """Say what the columns hold; then the list is taken in, and the next one of its kind without a question."""
    upload, by = Upload.of_request(), current_staff()
    try:
        content = content_to_explain(upload.sha256)
        sheets = layouts.sheets_of(content, upload.name)
        place = check_target(db.session(), upload.target, by.scope)
    except (NotFound, Invalid, UnreadableFile) as problem:
        flash(problem.message, "warning")
        return redirect(url_for(".new"))
    explained = _explained(sheets)
    seen, refusal = None, None
    try:
        if request.form.get("action") == "save":
            layouts.try_out(content, upload.name, explained.layout)
            layouts.save(explained.layout, upload.name, place.organisation.id, by)
            upload.withdraw_former(by)
            batch = stages.start(take_in_kept(upload.sha256, upload.name, upload.target, by), by)
            flash(_("已记住这种表格的列，下次会自动认出来。请核对下面的内容。"), "success")
            return redirect(url_for(".show", batch_id=batch.id))
        seen = layouts.try_out(content, upload.name, explained.layout)
    except Refusal as problem:
        refusal = problem
    status = 422 if refusal is not None and request.form.get("action") == "save" else 200
    facts = {"upload": upload, "seen": seen, "refusal": refusal, "previewed": PREVIEWED}
    return render_template("imports/layout.html", **facts, **_page(sheets, explained)), status


def _explained(sheets: list[Sheet]) -> Explained:
    """What was stated; where another header was chosen, what its columns seem to hold."""
    if request.method == "GET":
        return layouts.first_guess(sheets)
    sheet = _number("sheet", len(sheets) - 1)
    header = _number("header", len(sheets[sheet].rows) - 1)
    height = min(max(_number("height", max(HEIGHTS)), 1), max(HEIGHTS))
    if request.form.get("chosen") != f"{sheet}-{header}-{height}":
        return layouts.guess_at(sheets, sheet, header, height)
    known = {role.value: role for role in OFFERED}
    roles = [known.get(request.form.get(f"role-{place}", "")) for place in range(layouts.MOST_COLUMNS)]
    return Explained(sheet, header, layouts.stated(sheets[sheet].rows, header, height, roles))


def _number(name: str, most: int) -> int:
    text = request.form.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page(sheets: list[Sheet], explained: Explained) -> dict[str, Any]:
    rows = sheets[explained.sheet].rows
    first = max(0, explained.header - 4)
    layout = explained.layout
    width = min(len(layout.labels), layouts.MOST_COLUMNS)
    return {
        "explained": explained,
        "chosen": f"{explained.sheet}-{explained.header}-{layout.height}",
        "sheet_choices": [(number, one.name or _("表格")) for number, one in enumerate(sheets)],
        "header_choices": [
            (number, " · ".join(text for cell in row if (text := text_of(cell)))[:60])
            for number, row in enumerate(rows[:100])
            if any(text_of(cell) for cell in row)
        ],
        "heights": HEIGHTS,
        "role_choices": [(role.value, ROLE_WORDS[role]) for role in OFFERED],
        "columns": [(number, layout.labels[number], layout.roles[number] or "") for number in range(width)],
        "rows": [
            (number + 1, [text_of(cell)[:40] for cell in (*rows[number], *[None] * width)[:width]])
            for number in range(first, min(first + ROWS_SHOWN, len(rows)))
        ],
    }
