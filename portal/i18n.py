"""Languages: simplified Chinese is the source; Traditional Chinese (Hong Kong) and English are complete."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, gettext, lazy_gettext, lazy_pgettext, ngettext
from markupsafe import Markup

__all__ = [
    "DEFAULT_LOCALE",
    "LOCALES",
    "babel",
    "current_locale",
    "gettext",
    "lazy_gettext",
    "lazy_pgettext",
    "ngettext",
    "written",
]

LOCALES = {"zh_Hans_CN": "简体中文", "zh_Hant_HK": "繁體中文", "en": "English"}
DEFAULT_LOCALE = "zh_Hans_CN"
COOKIE = "portal_language"

babel = Babel()


def current_locale() -> str:
    """The language of this request: the address, then the cookie, then the default.

    ``Accept-Language`` is not asked: a phone bought abroad must not greet a grandmother in English.
    """
    if not has_request_context():
        return DEFAULT_LOCALE
    chosen = request.args.get("lang") or request.cookies.get(COOKIE) or DEFAULT_LOCALE
    return chosen if chosen in LOCALES else DEFAULT_LOCALE


def written(text: str | None) -> str | None:
    """What staff wrote, a name or a purpose, marked as simplified Chinese on pages in other languages.

    So a voice reads it as such, and the right glyphs are drawn (WCAG 2.2, 3.1.2).
    """
    if not text or current_locale() == DEFAULT_LOCALE:
        return text
    return Markup('<span lang="{}">{}</span>').format(DEFAULT_LOCALE.replace("_", "-"), text)


def install(app: Flask) -> None:
    """Give the app its languages and its clock."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=DEFAULT_LOCALE,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    babel.init_app(app, locale_selector=current_locale)

    @app.before_request
    def _remember_locale() -> None:
        g.locale = current_locale()
