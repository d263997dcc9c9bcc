"""A register from Excel: an empty workbook to fill in, and the way in for it."""

import io

import xlsxwriter
from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.refusals import Invalid
from portal.registry.desk import registry_desk
from portal.registry.importing import KINDS, import_upload
from portal.registry.labels import FIELD_LABELS
from portal.staff.access import current_staff
from portal.staff.uploads import takes_files

__all__ = ["registry_desk"]

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterUploadForm(FlaskForm):
    """A workbook or CSV file of things to register."""

    file = FileField(
        _l("登记表"),
        description=_l(".xlsx、.xls 或 .csv；一个工作表一类，第一行是列名。"),
        validators=[FileRequired(message=_l("请选择文件。"))],
    )

    def upload(self) -> tuple[bytes, str]:
        """Content and name of the file; call after validation."""
        file = self.file.data
        return (file.read(), file.filename or "") if file else (b"", "")


@registry_desk.route("/registry/import", methods=["GET", "POST"])
@takes_files()
def import_register() -> ResponseReturnValue:
    """Take a register in: every row, or none and a list of what to mend."""
    form = RegisterUploadForm()
    problems: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            counts = import_upload(*form.upload(), current_staff())
        except Invalid as problem:
            places = {"file": _("文件")}
            problems = [(places.get(place, place), str(words)) for place, words in problem.errors.items()]
        else:
            words = "、".join(f"{label(kind)} {count}" for kind, count in counts.items())
            flash(_("已登记：%(words)s。请另一位同事核准后启用。", words=words), "success")
            return redirect(url_for("site_desk.home"))
    status = 422 if form.is_submitted() else 200
    return render_template("registry/import.html", form=form, problems=problems), status


@registry_desk.get("/registry/template.xlsx")
def import_template() -> Response:
    """An empty workbook with a sheet for every kind of thing; columns that must be filled in are bold."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        must, may = (
            book.add_format({"bold": True, "bg_color": "#E6EEF2"}),
            book.add_format({"bg_color": "#F4F4F2"}),
        )
        for kind in KINDS:
            sheet = book.add_worksheet(str(label(kind.keeper.subject)))
            sheet.freeze_panes(1, 0)
            for column, (field, required) in enumerate(kind.ordered):
                words = str(FIELD_LABELS[field])
                sheet.write_string(0, column, words, must if required else may)
                sheet.set_column(column, column, max(12, len(words) * 2.2))
                if field in kind.words:
                    choice = {"validate": "list", "source": [str(label(one)) for one in kind.words[field]]}
                    sheet.data_validation(1, column, 2_000, column, choice)  # type: ignore[attr-defined]
    answer = Response(made.getvalue(), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = 'attachment; filename="register.xlsx"'
    return answer
