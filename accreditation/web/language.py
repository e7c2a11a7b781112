"""Which language: `?lang=`, else the person's own, else the browser's, else Japanese."""

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, current_app, has_request_context, request
from flask_babel import get_locale

from accreditation.web.visitor import current_person

LANGUAGES = ("ja", "en")
DEFAULT = "ja"


def asked() -> str | None:
    """Give the language that the address asks for, if it asks for one that there is."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else None


def chosen() -> str:
    """Choose the language of this answer."""
    if not has_request_context():
        return DEFAULT
    if wanted := asked():
        return wanted
    person = current_person()
    if person is not None:
        return person.language
    return next(filter(None, map(_known, request.accept_languages.values())), DEFAULT)


def language_now() -> str:
    """Give the language of this answer, "ja" or "en"."""
    return str(get_locale() or DEFAULT)


def _known(tag: str) -> str | None:
    """Give our language of a tag such as ja-JP: its region makes no difference to us."""
    language = tag.partition("-")[0].lower()
    return language if language in LANGUAGES else None


def lang_url(code: str, here: str = "") -> str:
    """Give the address of this page in another language; of the home page where it has none.

    An address that only takes forms has no page of its own. Then it is `here`, where the page says
    on which one its form stands, and otherwise the nearest page above.
    """
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        above = quote(request.script_root + (_above(request.path) if rule else "/"))
        return f"{urlsplit(here).path or above}?lang={code}"
    others = [(name, text) for name, text in request.args.items(multi=True) if name != "lang"]
    query = urlencode([*others, ("lang", code)])
    return f"{request.script_root}{quote(request.path)}?{query}"


def _above(path: str) -> str:
    """Give the nearest address above this one at which there is a page to get."""
    addresses = current_app.url_map.bind("")
    while path := path.rpartition("/")[0]:
        if addresses.test(path, "GET"):
            return path
    return "/"


def register(app: Flask) -> None:
    """Carry `?lang=` along in every link of a page that was asked for with it."""

    @app.url_defaults
    def carry(endpoint: str, values: dict[str, Any]) -> None:
        if has_request_context() and endpoint != "static" and (wanted := asked()):
            values.setdefault("lang", wanted)
