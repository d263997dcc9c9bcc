"""Staff pages of the registry: one set of pages for the five kinds of things it keeps."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid
from portal.registry.forms import ReasonForm, RegistryForm, kind_choices
from portal.registry.listing import Search, find
from portal.registry.models import Status
from portal.registry.sheets import SHEETS, Sheet
from portal.staff.access import current_staff
from portal.staff.models import StaffMember

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
    return _show_thing(SHEETS[kind], code, ReasonForm())


def edit(kind: str, code: str) -> ResponseReturnValue:
    """Change a thing; the form comes filled, and again with what is wrong."""
    sheet = SHEETS[kind]
    thing = sheet.keeper.find(db.session(), code, current_staff().scope)
    if thing.status == Status.CLOSED:
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
    return _show_thing(sheet, code, form), 422


def _show_thing(sheet: Sheet, code: str, form: ReasonForm) -> str:
    session = db.session()
    thing = sheet.keeper.find(session, code, current_staff().scope)
    return render_template(
        "registry/show.html",
        sheet=sheet,
        thing=thing,
        code=sheet.code(thing),
        facts=sheet.facts(thing),
        history=sheet.history(session, thing),
        form=form,
    )


def _show_form(sheet: Sheet, form: RegistryForm, thing: Any = None) -> str:
    form.offer(db.session(), current_staff().scope)
    return render_template("registry/form.html", sheet=sheet, form=form, thing=thing)
