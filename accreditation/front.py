"""What the application believes of the request's own words about where it came from."""

import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from accreditation.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Probes ask a machine by its number, not the site by its name, and nothing in the answers
# depends on either.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
# Under these the demonstration answers too: it is opened on the machine itself.
HOME = ("localhost", "127.0.0.1", socket.gethostname().lower())


def trusted_hosts(settings: Settings) -> list[str] | None:
    """Give the names of hosts under which the site answers; None: under any.

    A demonstration that listens beyond its machine is opened under names that nobody told it.
    """
    if settings.demo and not settings.base_url and settings.host not in HOME:
        return None
    own = urlsplit(settings.site_address).hostname or ""
    return [own, *settings.trusted_hosts.split(), *(HOME if settings.demo else ())]


def register(app: Flask, settings: Settings) -> None:
    """Believe the proxies in front as far as the settings say, and let probes ask by number.

    The host is believed of nobody but Host, checked against TRUSTED_HOSTS: a proxy that sets no
    X-Forwarded-Host would pass on whatever a visitor writes there.
    """
    name = urlsplit(settings.site_address).netloc
    answer: WSGIApplication = app.wsgi_app
    if hops := settings.trusted_proxies:
        answer = ProxyFix(answer, x_for=hops, x_proto=hops, x_host=0)
    believed = answer

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in PROBES:
            environ["HTTP_HOST"] = name
        return believed(environ, start_response)

    app.wsgi_app = answered  # type: ignore[method-assign] # as Flask's manual shows
