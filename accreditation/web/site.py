"""The site: its name, and how passkeys know it, which belong to one host and never to a number."""

import ipaddress
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext as _

from accreditation.config import Settings
from accreditation.services.accounts.passkeys import RelyingParty
from accreditation.services.schemes import current, scheme_of
from accreditation.web.language import language_now

LOCAL = "localhost"


def name() -> str:
    """Give the site's name: that of the scheme, once one is published."""
    version = current()
    return scheme_of(version).name.in_language(language_now()) if version else _("Accreditation")


def relying_party() -> RelyingParty | None:
    """Give the site as passkeys know it, or None where it is opened by an address of numbers.

    The demonstration is also found as "localhost", for browsers make no passkeys for 127.0.0.1.
    """
    settings: Settings = current_app.extensions["settings"]
    own = urlsplit(settings.site_address)
    if settings.demo and request.host.partition(":")[0] == LOCAL:
        own = urlsplit(request.host_url)
    if own.hostname is None or _is_numbers(own.hostname):
        return None
    return RelyingParty(own.hostname, f"{own.scheme}://{own.netloc}", name())


def _is_numbers(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
