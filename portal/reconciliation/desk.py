"""Bank against ledger at the desk: bring a statement, take suggestions by one key, sign as the second person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.choices import options
from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.imports.reading import UnreadableFile
from portal.ledger import accounts
from portal.reconciliation import figures, service
from portal.reconciliation.figures import Account
from portal.reconciliation.models import Reconciliation
from portal.refusals import Conflict, Invalid
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.registry.models import Organisation
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.scope import Scope
from portal.staff.uploads import takes_files

reconciliation = Blueprint("reconciliation", __name__, url_prefix="/desk/reconciliation")

ACCOUNT_WORDS = {accounts.BANK: _l("银行账户"), accounts.PLATFORM: _l("支付平台账户")}
LINES_SHOWN = 200


class StatementForm(FlaskForm):
    """A statement and the account it is of."""

    organisation = PickField(_l("组织"), validators=[InputRequired(_l("请选择组织。"))])
    account = SelectField(_l("账户"), choices=options(list(ACCOUNT_WORDS.items())), validate_choice=False)
    file = FileField(
        _l("流水文件"),
        description=_l("银行或支付平台导出的流水，Excel 或 CSV，原样上传；同一行重复上传不会算两次。"),
        validators=[FileRequired(message=_l("请选择文件。"))],
    )

    def offer(self, scope: Scope) -> None:
        """The organisations within reach."""
        self.organisation.offer(lookups.organisation_choices(db.session(), scope))


class CloseForm(FlaskForm):
    """Up to which day ledger and bank are compared."""

    through = DayField(_l("对到哪一天"), validators=[InputRequired(_l("请填写日期。"))])


@reconciliation.get("")
def index() -> ResponseReturnValue:
    """Statements brought before, and the form for another."""
    form = StatementForm()
    form.offer(current_staff().scope)
    return _index(form)


@reconciliation.post("/new")
@takes_files()
def take_in() -> ResponseReturnValue:
    """Bring a statement."""
    form, by = StatementForm(), current_staff()
    form.offer(by.scope)
    if form.validate_on_submit() and form.file.data is not None:
        upload = form.file.data
        account = (form.organisation.data or "", form.account.data or "")
        try:
            statement, known = service.take_in(upload.read(), upload.filename or "", account, by)
        except UnreadableFile as problem:
            form.file.errors = [str(problem)]
        except Invalid as problem:
            show_errors(form, problem)
        except Conflict as problem:
            form.file.errors = [str(problem.message)]
        else:
            flash(_("流水已存入；其中 %(count)d 行先前已经在系统里，没有重复计算。", count=known), "success")
            return redirect(url_for(".account", code=account[0], account=statement.account_code))
    return _index(form), 422


@reconciliation.get("/<code>/<account>")
def account(code: str, account: str) -> ResponseReturnValue:
    """What is open on either side of an account, with suggestions."""
    by = current_staff()
    organisation, own = service.account_of(db.session(), code, account, by)
    service.join_fees(own, by)
    return _page(organisation, own, CloseForm())


@reconciliation.post("/<code>/<account>/sure")
def accept_sure(code: str, account: str) -> ResponseReturnValue:
    """Take every suggestion that leaves no doubt."""
    by = current_staff()
    _organisation, own = service.account_of(db.session(), code, account, by)
    flash(_("已对上 %(count)d 行。", count=service.accept_sure(own, by)), "success")
    return _back(code, account)


@reconciliation.post("/<code>/<account>/close")
def close(code: str, account: str) -> ResponseReturnValue:
    """Write down how ledger and bank stand."""
    by = current_staff()
    organisation, own = service.account_of(db.session(), code, account, by)
    form = CloseForm()
    if form.validate_on_submit() and form.through.data is not None:
        try:
            service.close(own, form.through.data, by)
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("对账单已做好，请另一位同事签字后公布。"), "success")
            return _back(code, account)
    return _page(organisation, own, form), 422


@reconciliation.get("/lines/<int:line_id>/choose")
def choose(line_id: int) -> ResponseReturnValue:
    """Say which entries together are a line: what a platform pays out for many gifts at once."""
    session = db.session()
    line = service.find_line(session, line_id, current_staff())
    candidates = figures.candidates(session, line)
    return render_template(
        "reconciliation/choose.html",
        line=line,
        candidates=candidates,
        known=figures.entries_by_id(session, [one.id for one in candidates]),
        organisation=session.get_one(Organisation, line.organisation_id),
        words=ACCOUNT_WORDS[line.account_code],
    )


@reconciliation.post("/lines/<int:line_id>/accept")
def accept(line_id: int) -> ResponseReturnValue:
    """A line is this entry."""
    line = service.find_line(db.session(), line_id, current_staff())
    entries = [int(one) for one in request.form.getlist("entry") if one.isascii() and one.isdigit()]
    return _after(line, lambda: service.accept(line_id, entries, current_staff()), _("已对上。"))


@reconciliation.post("/lines/<int:line_id>/fee")
def fee(line_id: int) -> ResponseReturnValue:
    """A line is this entry less a fee."""
    line = service.find_line(db.session(), line_id, current_staff())
    entry = request.form.get("entry", "")
    number = int(entry) if entry.isascii() and entry.isdigit() else 0
    words = _("手续费支出已申请，复核入账后这一行就对上了。")
    return _after(line, lambda: service.book_fee(line_id, number, current_staff()), words)


@reconciliation.post("/lines/<int:line_id>/take-back")
def take_back(line_id: int) -> ResponseReturnValue:
    """Undo what was said of a line."""
    line = service.find_line(db.session(), line_id, current_staff())
    return _after(line, lambda: service.take_back(line_id, current_staff()), _("已撤回。"))


@reconciliation.post("/closings/<int:closing_id>/sign")
def sign(closing_id: int) -> ResponseReturnValue:
    """Sign as the second person."""
    found = service.find(db.session(), closing_id, current_staff())
    return _after(found, lambda: service.sign(closing_id, current_staff()), _("已签字，对账结果已公布。"))


@reconciliation.app_template_global("reconciliations_of")
def reconciliations_of(organisation: Organisation) -> list[tuple[Any, Reconciliation]]:
    """What the public sees of an organisation: the newest signed figure of each account, with its words."""
    return [
        (ACCOUNT_WORDS[one.account_code], one) for one in service.published(db.session(), organisation.id)
    ]


def _index(form: StatementForm) -> str:
    statements = service.listing(db.session(), current_staff())
    return render_template("reconciliation/index.html", form=form, statements=statements, words=ACCOUNT_WORDS)


def _page(organisation: Organisation, own: Account, form: CloseForm) -> str:
    session = db.session()
    lines = figures.open_lines(session, own)
    shown = lines[:LINES_SHOWN]
    found = figures.suggestions(session, own, lines)
    covered = figures.period_of(session, own)
    entries = figures.open_entries(session, own, *covered) if covered else []
    ids = [one.entry_id for one in found.values()] + [one.id for one in entries[:LINES_SHOWN]]
    return render_template(
        "reconciliation/account.html",
        organisation=organisation,
        account=own.code,
        words=ACCOUNT_WORDS[own.code],
        covered=covered,
        lines=shown,
        count=len(lines),
        found=found,
        sure=sum(one.sure for one in found.values()),
        entries=entries[:LINES_SHOWN],
        entry_count=len(entries),
        known=figures.entries_by_id(session, ids),
        closings=service.closings(session, own),
        form=form,
    )


def _after(of: Any, act: Any, words: str) -> ResponseReturnValue:
    code, account = of.organisation_id, of.account_code
    try:
        act()
    except (Invalid, Conflict) as problem:
        flash(problem.message, "warning")
    else:
        flash(words, "success")
    return _back(db.session().get_one(Organisation, code).uscc, account)


def _back(code: str, account: str) -> ResponseReturnValue:
    return redirect(url_for(".account", code=code, account=account))
