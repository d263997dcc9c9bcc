"""The public lists and profiles of organisations, funds, stations, projects, campaigns and landmarks."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.disclosure import directory, people_helped, profiles, project_profiles
from portal.disclosure.blueprint import disclosure
from portal.disclosure.directory import SHELVES, Search
from portal.i18n import gettext as _
from portal.registry.record_desk import public_file


@disclosure.get("/organisations")
def organisations() -> ResponseReturnValue:
    """All charitable organisations."""
    return _list("organisations")


@disclosure.get("/organisations/<uscc>")
def organisation(uscc: str) -> ResponseReturnValue:
    """One organisation."""
    return _profile("organisations", uscc)


@disclosure.get("/funds")
def funds() -> ResponseReturnValue:
    """All funds."""
    return _list("funds")


@disclosure.get("/funds/<code>")
def fund(code: str) -> ResponseReturnValue:
    """One fund."""
    return _profile("funds", code)


@disclosure.get("/stations/<code>")
def station(code: str) -> ResponseReturnValue:
    """One station."""
    return _profile("stations", code)


@disclosure.get("/projects")
def projects() -> ResponseReturnValue:
    """All charity projects."""
    return _list("projects")


@disclosure.get("/projects/<code>")
def project(code: str) -> ResponseReturnValue:
    """One project; ``after`` leads on through its payouts."""
    after = request.args.get("after", "")
    if after and not (after.isascii() and after.isdigit() and len(after) <= 18):
        abort(400, _("“after”应是上一页给出的数字。"))
    found = project_profiles.profile(
        db.session(),
        code,
        after=int(after) if after else None,
        year=profiles.year_asked(request.args.get("year", "")),
    )
    return render_template("disclosure/project.html", profile=found)


@disclosure.get("/projects/<code>/people")
def project_people(code: str) -> ResponseReturnValue:
    """How many people a project helped, by month and group."""
    session = db.session()
    thing = profiles.find(session, SHELVES["projects"], code)
    year = request.args.get("year", "")
    wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 and int(year) else None
    return render_template(
        "disclosure/people_helped.html",
        thing=thing,
        helped=people_helped.of_project(session, thing.id, wanted),
    )


@disclosure.get("/campaigns")
def campaigns() -> ResponseReturnValue:
    """All fundraising campaigns."""
    return _list("campaigns")


@disclosure.get("/campaigns/<code>")
def campaign(code: str) -> ResponseReturnValue:
    """One campaign."""
    return _profile("campaigns", code)


@disclosure.get("/landmarks")
def landmarks() -> ResponseReturnValue:
    """All charity landmarks."""
    return _list("landmarks")


@disclosure.get("/landmarks/<code>")
def landmark(code: str) -> ResponseReturnValue:
    """One landmark."""
    return _profile("landmarks", code)


@disclosure.get("/documents/<int:attachment_id>")
def attachment(attachment_id: int) -> ResponseReturnValue:
    """A public paper about a thing of the registry."""
    return public_file(attachment_id)


def _list(word: str) -> str:
    session, shelf = db.session(), SHELVES[word]
    search = Search(
        text=request.args.get("q", "").strip()[:100].replace("\x00", ""),
        street=request.args.get("street", "")[:12],
        after=request.args.get("after", "")[:24].replace("\x00", ""),
    )
    return render_template(
        "disclosure/list.html",
        shelf=shelf,
        search=search,
        page=directory.page(session, shelf, search),
        streets=directory.streets(session) if word in ("organisations", "funds", "landmarks") else (),
    )


def _profile(word: str, code: str) -> str:
    session, year = db.session(), profiles.year_asked(request.args.get("year", ""))
    return render_template(
        "disclosure/profile.html", profile=profiles.profile(session, SHELVES[word], code, year)
    )
