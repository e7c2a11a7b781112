"""What every template may use: language, navigation, hashed static files, dates."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from babel.units import format_unit
from flask import Flask, request, url_for
from flask_babel import format_date, format_time, format_timedelta, get_locale
from flask_babel import gettext as _

from accreditation import clock
from accreditation.config import Settings
from accreditation.models import Office, Person
from accreditation.services import issuance
from accreditation.services.operators import of_person
from accreditation.services.unlinked import unlinked
from accreditation.web import headers, language, site, verdicts
from accreditation.web.language import language_now
from accreditation.web.offices import OFFICES, ROLES, ROLES_IN_FULL
from accreditation.web.visitor import current_person

# Unit, how it is written, and how many bytes it has: as the limits of the uploads count.
_UNITS: tuple[tuple[str, Literal["short", "long"], int], ...] = (
    ("digital-megabyte", "short", 1024 * 1024),
    ("digital-kilobyte", "short", 1024),
    ("digital-byte", "long", 1),
)


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


def navigation(person: Person | None) -> list[Entry]:
    """List the ways that are open to a person."""
    places = [(_("Register"), "public.register"), (_("Check a certificate"), "public.check")]
    if person is None:
        return [_entry(*place) for place in places]
    if not person.offices or of_person(person):
        places.append((_("My applications"), "applicant.home"))
    for office, label, endpoint in (
        (Office.OFFICE, _("Office"), "office.home"),
        (Office.REVIEWER, _("Reviews"), "reviewer.home"),
        (Office.COUNCIL, _("Council"), "council.home"),
        (Office.ADMINISTRATOR, _("Administration"), "administrator.home"),
    ):
        if office in person.offices:
            places.append((label, endpoint))
    return [_entry(*place) for place in places]


def _entry(label: str, endpoint: str) -> Entry:
    here = request.endpoint or ""
    same = here == endpoint or (
        endpoint.endswith(".home") and here.startswith(endpoint.removesuffix("home"))
    )
    return Entry(label, url_for(endpoint), same)


@lru_cache(maxsize=512)
def _hash_of(path: Path, changed: float) -> str:
    del changed
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def day(value: date | datetime) -> str:
    """Write a day in words in the reader's language."""
    return str(format_date(value, "long"))


def moment(value: datetime) -> str:
    """Write an instant in the scheme's zone, with the zone's name."""
    zone = _("JST")
    return f"{format_date(value, 'long')} {format_time(value, 'short')} {zone}"


def listed(parts: Iterable[object]) -> str:
    """Write parts one after the other, with what stands between them in the reader's language."""
    return reduce(_and, map(str, parts), "")


def _and(first: str, second: str) -> str:
    return str(_("%(first)s, %(second)s", first=first, second=second)) if first else second


def closing(value: datetime) -> str:
    """Write until when a call takes applications; a midnight means the whole day before it."""
    local = value.astimezone(clock.ZONE)
    if local.time() != time():
        return moment(value)
    last = day(local.date() - timedelta(days=1))
    return str(_("%(day)s (until the end of the day)", day=last))


def size(length: int) -> str:
    """Write the size of a file, given in bytes, with a unit of the reader's language."""
    unit, written, steps = next(one for one in _UNITS if length >= one[2] or one[2] == 1)
    return str(format_unit(round(length / steps, 1), unit, written, locale=get_locale()))


def register(app: Flask) -> None:
    """Give the templates what they may use."""
    settings: Settings = app.extensions["settings"]

    def static_url(path: str) -> str:
        file = Path(app.static_folder or "") / path
        return url_for("static", filename=path, v=_hash_of(file, file.stat().st_mtime))

    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(listed, "listed")
    app.add_template_filter(unlinked, "unlinked")
    app.add_template_filter(closing, "closing")
    app.add_template_filter(size, "size")
    app.add_template_filter(format_timedelta, "span")
    app.add_template_filter(verdicts.word, "verdict")
    app.add_template_filter(OFFICES.__getitem__, "office")
    app.add_template_filter(ROLES.__getitem__, "role")
    app.add_template_filter(ROLES_IN_FULL.__getitem__, "role_in_full")
    app.add_template_global(lambda: site.relying_party() is not None, "passkeys_possible")
    app.add_template_global(static_url, "static_url")
    app.add_template_global(issuance.paused, "issuance_paused")
    app.add_template_global(language.lang_url, "lang_url")

    @app.context_processor
    def provide() -> dict[str, Any]:
        person = current_person() if request else None
        return {
            "lang": language_now(),
            "site_name": site.name(),
            "current_person": person,
            "nav": navigation(person) if request else [],
            "demo": settings.demo,
            "organisation": settings.oidc_name or urlsplit(settings.oidc_issuer).hostname,
            "csp_nonce": headers.nonce(),
        }
