"""The desk's doors: log in and out, one's own account, the staff list, the audit trail."""

import io
from urllib.parse import urlsplit

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid, Refusal
from portal.staff import accounts, audit, device_cookie, passwords, places, sessions, totp
from portal.staff.access import cookie_name, current_staff, identify, set_cookie, settings
from portal.staff.forms import (
    ActiveForm,
    CodeForm,
    LoginForm,
    MemberForm,
    PasswordForm,
    PlacedForm,
    show_errors,
)
from portal.staff.throttle import network_of

staff = Blueprint("staff", __name__, url_prefix="/desk")


@staff.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The login page."""
    form = LoginForm()
    if request.method == "GET":
        if identify():
            return redirect(url_for("site_desk.home"))
        return render_template("staff/login.html", form=form, refusal=None)
    if not form.validate_on_submit():
        return render_template("staff/login.html", form=form, refusal=None), 422
    try:
        token = sessions.log_in(_credentials(form), settings())
    except Refusal as refusal:
        return render_template("staff/login.html", form=form, refusal=refusal.message), refusal.status
    response = redirect(safe_target(request.args.get("next", "")) or url_for("site_desk.home"))
    set_cookie(response, token)
    device_cookie.remember(response, form.username.data or "")
    return response


@staff.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session."""
    sessions.log_out(request.cookies.get(cookie_name(), ""))
    response = redirect(url_for("staff.login"))
    response.delete_cookie(
        cookie_name(), path="/", secure=settings().secure_cookies, httponly=True, samesite="Lax"
    )
    return response


@staff.get("/account")
def account() -> ResponseReturnValue:
    """One's own account: password, second factor, sessions."""
    return _account(PasswordForm(), CodeForm())


@staff.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password; everybody logged in under it is logged out."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            accounts.change_password(
                current_staff(), form.old_password.data or "", form.new_password.data or ""
            )
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("密码已更改，请用新密码登录。"), "success")
            return redirect(url_for("staff.login"))
    return _account(form, CodeForm()), 422


@staff.post("/account/totp")
def totp_begin() -> ResponseReturnValue:
    """Make a new secret for the second factor."""
    totp.begin(current_staff(), settings())
    return redirect(url_for("staff.account") + "#totp")


@staff.get("/account/totp.svg")
def totp_qr() -> ResponseReturnValue:
    """The QR code of a secret that is not yet confirmed."""
    member = current_staff()
    if member.totp_confirmed or not member.totp_secret_encrypted:
        raise Conflict(_("二维码只在设置时显示一次。"))
    picture = io.BytesIO()
    segno.make(totp.address(member, settings())).save(picture, kind="svg", scale=5, border=3)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@staff.post("/account/totp/confirm")
def totp_confirm() -> ResponseReturnValue:
    """Switch the second factor on with its first code."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            totp.confirm(current_staff(), form.code.data or "", settings())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("动态码已启用，下次登录时需要输入。"), "success")
            return redirect(url_for("staff.account"))
    return _account(PasswordForm(), form), 422


@staff.post("/account/totp/off")
def totp_off() -> ResponseReturnValue:
    """Switch the second factor off, with a code of the moment."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            totp.switch_off(current_staff(), form.code.data or "", settings())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("动态码已停用。"), "success")
            return redirect(url_for("staff.account"))
    return _account(PasswordForm(), form), 422


@staff.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.end(session_id, current_staff())
    return redirect(url_for("staff.account"))


@staff.get("/staff")
def members() -> ResponseReturnValue:
    """All accounts."""
    return render_template("staff/members.html", members=accounts.listing(db.session(), current_staff()))


@staff.route("/staff/new", methods=["GET", "POST"])
def member_new() -> ResponseReturnValue:
    """Make an account; its first password is shown once."""
    form = MemberForm()
    _offer_places(form)
    if not form.validate_on_submit():
        return render_template("staff/member_new.html", form=form), 422 if request.method == "POST" else 200
    password = passwords.generate()
    try:
        organisation_id, station_id = _placed(form)
        details = accounts.AccountDetails(
            (form.username.data or "").strip(),
            form.display_name.data or "",
            form.role.data,
            organisation_id,
            station_id,
        )
        member = accounts.add(details, password, current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return render_template("staff/member_new.html", form=form), 422
    return render_template("staff/password_once.html", member=member, password=password), 201


@staff.get("/staff/<int:member_id>")
def member_show(member_id: int) -> ResponseReturnValue:
    """One account."""
    return _member(member_id)


@staff.post("/staff/<int:member_id>/role")
def member_role(member_id: int) -> ResponseReturnValue:
    """Change role and reach of an account."""
    form = PlacedForm()
    _offer_places(form)
    if form.validate_on_submit():
        try:
            organisation_id, station_id = _placed(form)
            accounts.change_role(member_id, form.role.data, organisation_id, station_id, current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("角色已更改，对方需要重新登录。"), "success")
            return redirect(url_for(".member_show", member_id=member_id))
    return _member(member_id, form), 422


@staff.post("/staff/<int:member_id>/active")
def member_active(member_id: int) -> ResponseReturnValue:
    """Let an account in or shut it out."""
    form = ActiveForm()
    accounts.set_active(member_id, bool(form.active.data), current_staff())
    return redirect(url_for(".member_show", member_id=member_id))


@staff.post("/staff/<int:member_id>/reset")
def member_reset(member_id: int) -> ResponseReturnValue:
    """Give an account a new password, shown once."""
    password = accounts.reset_password(member_id, current_staff())
    member = accounts.find(db.session(), member_id, current_staff())
    return render_template("staff/password_once.html", member=member, password=password)


@staff.get("/audit")
def audit_trail() -> ResponseReturnValue:
    """Everything that was done at the desk, newest first."""
    session = db.session()
    before = request.args.get("before", type=int)
    events = audit.events(session, current_staff(), before=before)
    return render_template("staff/audit.html", events=events, limit=50)


def safe_target(target: str) -> str | None:
    """A target within this site, or None: one leading slash, nothing a browser could read as another host."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 0x20 for character in target) or "%0" in target.lower():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _credentials(form: LoginForm) -> sessions.Credentials:
    return sessions.Credentials(
        username=form.username.data or "",
        password=form.password.data or "",
        code=form.code.data or "",
        network=network_of(request.remote_addr or ""),
        device=(request.user_agent.string or "")[:120],
        known_device=device_cookie.known_device(),
    )


def _account(password_form: PasswordForm, code_form: CodeForm) -> str:
    member = current_staff()
    return render_template(
        "staff/account.html",
        member=member,
        form=password_form,
        code_form=code_form,
        open_sessions=sessions.open_sessions(db.session(), member),
    )


def _offer_places(form: PlacedForm) -> None:
    session = db.session()
    form.offer(places.organisation_options(session), places.station_options(session))


def _placed(form: PlacedForm) -> tuple[int | None, int | None]:
    session = db.session()
    if form.station.data:
        found = places.station_ids_of(session, form.station.data)
        if found is None:
            raise Invalid({"station": _("没有这个站点。")})
        return found[1], found[0]
    if form.organisation.data:
        organisation_id = places.organisation_id_of(session, form.organisation.data)
        if organisation_id is None:
            raise Invalid({"organisation": _("没有这个组织。")})
        return organisation_id, None
    return None, None


def _member(member_id: int, form: PlacedForm | None = None) -> str:
    member = accounts.find(db.session(), member_id, current_staff())
    if form is None:
        form = PlacedForm(role=member.role)
        _offer_places(form)
    events = audit.of_subject(db.session(), "staff_member", member.id)
    return render_template("staff/member.html", member=member, form=form, events=events)
