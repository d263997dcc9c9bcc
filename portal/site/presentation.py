"""What templates may call: filters for money, days and labels, and addresses that keep the present filters.

Filters: ``yuan`` ``whole_yuan`` ``plain_yuan`` ``words`` ``wan`` ``headline`` ``day`` ``instant`` ``iso`` ``percent``
``label`` ``action_label`` ``thousands`` ``quantity`` ``marked`` ``people`` (fewer than five are not told exactly)
``written`` (what staff wrote is Chinese on every page).
Functions: ``here(**changes)``, ``claims_focus(field)``, ``meter_of(fen, marks)``,
``bar_of(first, second, whole)``.
"""

from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from flask import Flask, g, request
from flask_babel import format_date, format_datetime, format_decimal
from wtforms import Field

from portal.action_labels import action_label
from portal.beneficiaries.public_words import people
from portal.i18n import LOCALES, current_locale, written
from portal.labels import label
from portal.money import format_plain, format_words
from portal.periods import local
from portal.site.figures import bar, headline, meter, percent, signed_yuan, whole_yuan
from portal.site.marking import marked
from portal.site.navigation import desk_navigation, head_navigation, public_navigation
from portal.site.preferences import current_view
from portal.stock.lines import format_quantity

SWITCHES = frozenset({"lang", "view"})
"""Query words that change how the site speaks, not what it shows; no link carries them on."""


def install(app: Flask) -> None:
    """Give the app's templates their filters and functions."""
    environment = app.jinja_env
    environment.filters.update(
        yuan=signed_yuan,
        plain_yuan=format_plain,
        words=format_words,
        wan=lambda fen: str(headline(fen)),
        headline=headline,
        whole_yuan=whole_yuan,
        day=day,
        instant=instant,
        iso=iso,
        percent=percent,
        label=label,
        action_label=action_label,
        thousands=format_decimal,
        quantity=format_quantity,
        marked=marked,
        people=people,
        written=written,
    )
    environment.globals.update(
        here=here,
        claims_focus=claims_focus,
        meter_of=meter,
        bar_of=bar,
        public_navigation=public_navigation,
        head_navigation=head_navigation,
        desk_navigation=desk_navigation,
        language_choices=LOCALES,
        current_view=current_view,
        current_locale=current_locale,
        page_language=lambda: current_locale().replace("_", "-"),
    )


def day(value: date | datetime | None, style: str = "short") -> str:
    """A calendar day: ``short`` for columns (2026-09-05), ``long`` for sentences. An instant counts in Guangzhou."""
    if value is None:
        return "—"
    plain = local(value).date() if isinstance(value, datetime) else value
    if current_locale() == "en":
        return format_date(plain, "EEEE, d MMMM y" if style == "long" else "d MMM y")
    return format_date(plain, "full") if style == "long" else plain.isoformat()


def instant(value: datetime | None) -> str:
    """A point in time on a clock in Guangzhou, to the minute."""
    if value is None:
        return "—"
    # Given without a zone on purpose: Flask-Babel would otherwise turn it a second time.
    shown = local(value).replace(tzinfo=None)
    return format_datetime(
        shown, "d MMM y, HH:mm" if current_locale() == "en" else "yyyy-MM-dd HH:mm", rebase=False
    )


def iso(value: date | datetime) -> str:
    """A day or an instant for the ``datetime`` attribute of a time element."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def here(**changes: object) -> str:
    """The present address with some query words changed; ``None`` takes a word away."""
    # One leading slash only: "//host" would lead away from the site.
    path = quote(request.script_root + "/" + request.path.lstrip("/"))
    pairs = [(k, v) for k, v in request.args.items(multi=True) if k not in changes and k not in SWITCHES]
    pairs += [(name, str(value)) for name, value in changes.items() if value is not None]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def claims_focus(field: Field) -> bool:
    """Whether this is the page's first field in error, which takes the focus."""
    if not field.errors:
        return False
    first: str = g.setdefault("first_field_in_error", field.id)
    return first == field.id
