"""Staff pages of the registry: one set of pages for every kind of thing it keeps."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid
from portal.registry.forms import ReasonForm, RegistryForm, kind_choices
from portal.registry.listing import Search, find
from portal.registry.models import ENDED, Status
from portal.registry.record_forms import AttachmentForm, OfficerEndForm, OfficerForm
from portal.registry.services import attachments, officers
from portal.registry.sheets import SHEETS, Sheet
from portal.staff.access import current_staff
from portal.staff.models import StaffMember

MOST_AT_ONCE = 200
"""Things that are checked or opened at once."""

registry_desk = Blueprint("registry_desk", __name__, url_prefix="/desk")


def index(kind: str) -> ResponseReturnValue:
    """A list, found by name or code and narrowed by status."""
    status = request.args.get("status", "")
    search = Search(
        text=request.args.get("q", "").strip()[:100],
        status=Status(status) if status in set(Status) else None,
        after=request.args.get("after", "")[:24],
    )
    sheet = SHEETS[kind]
    page = find(db.session(), sheet.keeper, current_staff().scope, search)
    choices = kind_choices(Status)
    return render_template(
        "registry/index.html", sheet=sheet, page=page, search=search, status_choices=choices
    )


def new(kind: str) -> ResponseReturnValue:
    """Enter a new thing; the form comes again with what is wrong."""
    sheet = SHEETS[kind]
    form = sheet.form()
    if not form.is_submitted():
        return _show_form(sheet, form)
    if form.validate():
        try:
            thing = sheet.keeper.create(current_staff(), form.details(), form.reason.data or "")
        except Invalid as problem:
            form.show(problem.errors)
        else:
            flash(_("已登记“%(name)s”。", name=thing.name), "success")
            return redirect(url_for(sheet.endpoint("show"), code=sheet.code(thing)))
    return _show_form(sheet, form), 422


def show(kind: str, code: str) -> ResponseReturnValue:
    """Everything about a thing, with its history of changes."""
    return show_thing(SHEETS[kind], code)


def edit(kind: str, code: str) -> ResponseReturnValue:
    """Change a thing; the form comes filled, and again with what is wrong."""
    sheet = SHEETS[kind]
    thing = sheet.keeper.find(db.session(), code, current_staff().scope)
    if thing.status in ENDED:
        raise Conflict(_("“%(name)s”已经关闭，不能再修改。", name=thing.name))
    existing = sheet.keeper.details(thing)
    form = sheet.form(obj=existing)
    form.leave_out(sheet.keeper.fixed_fields)
    if not form.is_submitted():
        return _show_form(sheet, form, thing)
    if form.validate():
        try:
            sheet.keeper.edit(current_staff(), code, form.details(existing), form.reason.data or "")
        except Invalid as problem:
            form.show(problem.errors)
        else:
            flash(_("修改已保存，并写入变更历史。"), "success")
            return redirect(url_for(sheet.endpoint("show"), code=code))
    return _show_form(sheet, form, thing), 422


def check(kind: str, code: str) -> ResponseReturnValue:
    """Confirm as a second person what was applied for."""
    sheet = SHEETS[kind]
    sheet.keeper.check(current_staff(), code)
    flash(_("已核准，可以启用。"), "success")
    return redirect(url_for(sheet.endpoint("show"), code=code))


def activate(kind: str, code: str) -> ResponseReturnValue:
    """Open for business what was checked."""
    sheet = SHEETS[kind]
    sheet.keeper.activate(current_staff(), code)
    flash(_("已启用，公众可以看到。"), "success")
    return redirect(url_for(sheet.endpoint("show"), code=code))


def check_many(kind: str) -> ResponseReturnValue:
    """Confirm several at once, all or none."""
    return _move_many(SHEETS[kind], SHEETS[kind].keeper.check)


def activate_many(kind: str) -> ResponseReturnValue:
    """Open several at once, all or none."""
    return _move_many(SHEETS[kind], SHEETS[kind].keeper.activate)


def suspend(kind: str, code: str) -> ResponseReturnValue:
    """Take a thing out of new business for a time."""
    return _move(SHEETS[kind], code, SHEETS[kind].keeper.suspend)


def resume(kind: str, code: str) -> ResponseReturnValue:
    """Bring a suspended thing back."""
    return _move(SHEETS[kind], code, SHEETS[kind].keeper.resume)


def close(kind: str, code: str) -> ResponseReturnValue:
    """End a thing for good."""
    return _move(SHEETS[kind], code, SHEETS[kind].keeper.close)


def _register(sheet: Sheet) -> None:
    """Give one kind of thing its addresses; each has an endpoint of its own in the table of access."""
    for view, path, methods in (
        (index, "", ("GET",)),
        (new, "/new", ("GET", "POST")),
        (show, "/<code>", ("GET",)),
        (edit, "/<code>/edit", ("GET", "POST")),
        (check_many, "/check", ("POST",)),
        (activate_many, "/activate", ("POST",)),
        (check, "/<code>/check", ("POST",)),
        (activate, "/<code>/activate", ("POST",)),
        (suspend, "/<code>/suspend", ("POST",)),
        (resume, "/<code>/resume", ("POST",)),
        (close, "/<code>/close", ("POST",)),
    ):
        registry_desk.add_url_rule(
            f"/{sheet.word}{path}",
            sheet.endpoint(view.__name__).partition(".")[2],
            view,
            methods=methods,
            defaults={"kind": sheet.word},
        )


for _sheet in SHEETS.values():
    _register(_sheet)


def _move(sheet: Sheet, code: str, step: Callable[[StaffMember, str, str], object]) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            step(current_staff(), code, form.reason.data or "")
        except (Invalid, Conflict) as problem:
            form.reason.errors = [problem.message]
        else:
            flash(_("状态已更改，并写入变更历史。"), "success")
            return redirect(url_for(sheet.endpoint("show"), code=code))
    return show_thing(sheet, code, form=form), 422


def _move_many(sheet: Sheet, step: Callable[..., int]) -> ResponseReturnValue:
    codes = request.form.getlist("code")[:MOST_AT_ONCE]
    if codes:
        count = step(current_staff(), *codes)
        flash(_("已处理 %(count)d 个。", count=count), "success")
    else:
        flash(_("请先勾选要处理的。"), "warning")
    return redirect(url_for(sheet.endpoint("index"), status=request.form.get("status") or None))


def show_thing(sheet: Sheet, code: str, **forms: FlaskForm) -> str:
    """The page of a thing; ``forms`` are those that come back with something wrong."""
    session = db.session()
    thing = sheet.keeper.find(session, code, current_staff().scope)
    return render_template(
        "registry/show.html",
        sheet=sheet,
        thing=thing,
        code=sheet.code(thing),
        facts=sheet.facts(thing),
        history=sheet.history(session, thing),
        officers=officers.of_thing(session, sheet.keeper.subject, thing.id, all_time=True),
        attachments=attachments.of_thing(session, sheet.keeper.subject, thing.id),
        **{**_fresh_forms(), **forms},
    )


def _fresh_forms() -> dict[str, FlaskForm]:
    officer_form, attachment_form = OfficerForm(formdata=None), AttachmentForm(formdata=None)
    officer_form.offer()
    attachment_form.offer()
    return {
        "form": ReasonForm(formdata=None),
        "officer_form": officer_form,
        "end_form": OfficerEndForm(formdata=None),
        "attachment_form": attachment_form,
    }


def _show_form(sheet: Sheet, form: RegistryForm, thing: Any = None) -> str:
    form.offer(db.session(), current_staff().scope)
    return render_template("registry/form.html", sheet=sheet, form=form, thing=thing)
