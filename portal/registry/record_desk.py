"""The people in charge of a thing and the papers about it, at the desk and for the public."""

from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid
from portal.registry import desk
from portal.registry.desk import registry_desk
from portal.registry.record_forms import AttachmentForm, OfficerEndForm, OfficerForm
from portal.registry.record_models import Attachment, AttachmentKind, Body
from portal.registry.services import attachments, officers
from portal.registry.services.keepers import keeper_of
from portal.registry.sheets import SHEETS, Sheet
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.uploads import takes_files

__all__ = ["registry_desk"]


def officers_add(kind: str, code: str) -> ResponseReturnValue:
    """Name a person in charge."""
    sheet, by = SHEETS[kind], current_staff()
    sheet.keeper.find(db.session(), code, by.scope)
    form = OfficerForm()
    form.offer()
    if form.validate_on_submit() and _known(form.body.data, Body):
        try:
            officers.add(sheet.keeper, code, form.details(), by)
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记负责人员。"), "success")
            return _back(sheet, code)
    return desk.show_thing(sheet, code, officer_form=form), 422


@takes_files()
def attachments_add(kind: str, code: str) -> ResponseReturnValue:
    """Hand in a paper."""
    sheet, by = SHEETS[kind], current_staff()
    sheet.keeper.find(db.session(), code, by.scope)
    form = AttachmentForm()
    form.offer()
    if form.validate_on_submit() and _known(form.kind.data, AttachmentKind):
        try:
            attachments.add(sheet.keeper, code, form.details(), by)
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("文件已保存。"), "success")
            return _back(sheet, code)
    return desk.show_thing(sheet, code, attachment_form=form), 422


@registry_desk.post("/registry/officers/<int:officer_id>/end")
def officer_end(officer_id: int) -> ResponseReturnValue:
    """Note that somebody is no longer in charge."""
    by = current_staff()
    officer = officers.find(db.session(), officer_id, by.scope)
    sheet, code = _whose(officer.subject_kind, officer.subject_id)
    form = OfficerEndForm()
    if form.validate_on_submit():
        try:
            officers.end(officer_id, by, form.until.data)  # type: ignore[arg-type]
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记离任。"), "success")
            return _back(sheet, code)
    return desk.show_thing(sheet, code, end_form=form), 422


@registry_desk.get("/registry/attachments/<int:attachment_id>")
def attachment(attachment_id: int) -> Response:
    """A paper, for staff."""
    return _file(attachments.find(db.session(), attachment_id, current_staff().scope))


@registry_desk.post("/registry/attachments/<int:attachment_id>/withdraw")
def attachment_withdraw(attachment_id: int) -> ResponseReturnValue:
    """Take a paper down."""
    by = current_staff()
    found = attachments.find(db.session(), attachment_id, by.scope)
    sheet, code = _whose(found.subject_kind, found.subject_id)
    try:
        attachments.withdraw(attachment_id, by)
    except Conflict as problem:
        flash(problem.message, "warning")
    else:
        flash(_("文件已撤下，公众不再看到；原件仍然保留。"), "success")
    return _back(sheet, code)


def public_file(attachment_id: int) -> Response:
    """A paper that everybody may read."""
    return _file(attachments.find_public(db.session(), attachment_id))


@registry_desk.app_template_global("registry_records_of")
def registry_records_of(thing: Any) -> dict[str, Any]:
    """The people in charge now and the public papers of a thing, for its public page."""
    session = db.session()
    kind = next(sheet.keeper.subject for sheet in SHEETS.values() if isinstance(thing, sheet.keeper.model))
    return {
        "officers": officers.of_thing(session, kind, thing.id),
        "attachments": attachments.of_thing(session, kind, thing.id, public_only=True),
    }


for _sheet in SHEETS.values():
    for _view in (officers_add, attachments_add):
        registry_desk.add_url_rule(
            f"/{_sheet.word}/<code>/{_view.__name__.removesuffix('_add')}",
            _sheet.endpoint(_view.__name__).partition(".")[2],
            _view,
            methods=("POST",),
            defaults={"kind": _sheet.word},
        )


def _file(found: Attachment) -> Response:
    answer = Response(attachments.content_of(found), mimetype=found.media_type)
    name = quote(f"{found.title}.{found.extension}", safe="")
    answer.headers["Content-Disposition"] = (
        f"inline; filename=\"file-{found.id}.{found.extension}\"; filename*=UTF-8''{name}"
    )
    # What a reader opens runs nothing and asks nobody.
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer


def _whose(kind: Any, subject_id: int) -> tuple[Sheet, str]:
    keeper = keeper_of(kind)
    sheet = next(one for one in SHEETS.values() if one.keeper is keeper)
    return sheet, sheet.code(db.session().get_one(keeper.model, subject_id))


def _back(sheet: Sheet, code: str) -> ResponseReturnValue:
    return redirect(url_for(sheet.endpoint("show"), code=code))


def _known(value: str | None, kinds: Any) -> bool:
    return value in set(kinds)
