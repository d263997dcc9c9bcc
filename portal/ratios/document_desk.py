"""The desk of what a second person puts in force: stated figures, and explanations. Both have the same few pages."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.ratios import reviewing
from portal.ratios.models import BaseFigure, RatioExcuse
from portal.refusals import Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.review_forms import ReviewForm, shown_version


def desk_of(model: type[BaseFigure] | type[RatioExcuse], name: str, template: str) -> Blueprint:
    """The blueprint of one kind of document."""
    subject = reviewing.SUBJECTS[model]

    def page(document_id: int, form: ReviewForm) -> str:
        session = db.session()
        found = reviewing.find(session, model, document_id, current_staff())
        return render_template(
            template,
            document=found,
            desk=name,
            form=form,
            events=audit.of_subject(session, subject, found.id),
            decisions=review.decisions_on(session, subject, found.id),
        )

    def show(document_id: int) -> str:
        return page(document_id, ReviewForm())

    def approve(document_id: int) -> ResponseReturnValue:
        reviewing.approve(model, document_id, current_staff(), shown_version())
        flash(_("已生效。"), "success")
        return redirect(url_for("site_desk.queue"))

    def withdraw(document_id: int) -> ResponseReturnValue:
        reviewing.withdraw(model, document_id, current_staff(), shown_version())
        flash(_("已撤回，记录仍然保留。"), "success")
        return redirect(url_for(f"{name}.show", document_id=document_id))

    def return_(document_id: int) -> ResponseReturnValue:
        form = ReviewForm()
        try:
            reviewing.return_to_maker(
                model, document_id, current_staff(), shown_version(), form.reason.data or ""
            )
        except Invalid as problem:
            show_errors(form, problem)
            return page(document_id, form), 422
        flash(_("已退回登记人。"), "success")
        return redirect(url_for("site_desk.queue"))

    blueprint = Blueprint(name, __name__, url_prefix=f"/desk/{name.replace('_', '-')}")
    blueprint.add_url_rule("/<int:document_id>", "show", show)
    for word, view in (("approve", approve), ("withdraw", withdraw), ("return", return_)):
        blueprint.add_url_rule(f"/<int:document_id>/{word}", view.__name__, view, methods=["POST"])
    return blueprint


base_figures = desk_of(BaseFigure, "base_figures", "ratios/figures_show.html")
ratio_excuses = desk_of(RatioExcuse, "ratio_excuses", "ratios/excuse_show.html")
