"""Figures for Prometheus: how often and how fast the site answers. They name nobody.

The page is closed unless METRICS_TOKEN is set, and asks for it as a bearer token then.
"""

import hmac
import time

from flask import Flask, Response, abort, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)

from accreditation.config import Settings

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NOWHERE = "none"  # an address that there is not: never its text, which anybody may choose


class Meter:
    """Counts the answers of one application and how long they took."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "accreditation_http_requests",
            "Answers by endpoint, method and status.",
            ("endpoint", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "accreditation_http_request_seconds",
            "Time until the answer was made, by endpoint.",
            ("endpoint",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def count(self, response: Response) -> Response:
        """Count an answer."""
        endpoint = request.endpoint or NOWHERE
        self.answers.labels(endpoint, _method(), str(response.status_code)).inc()
        if "began_at" in g:
            self.seconds.labels(endpoint).observe(time.perf_counter() - g.began_at)
        return response


def shown() -> Response:
    """Give the figures to whoever holds the token; without one set there is no such page."""
    settings: Settings = current_app.extensions["settings"]
    token = settings.metrics_token.get_secret_value()
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    meter: Meter = current_app.extensions["meter"]
    return Response(
        generate_latest(meter.registry), mimetype=None, content_type=CONTENT_TYPE_LATEST
    )


def _method() -> str:
    return request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"


def _begin() -> None:
    g.began_at = time.perf_counter()


def register(app: Flask) -> None:
    """Count every answer of the application."""
    meter = Meter()
    app.extensions["meter"] = meter
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(meter.count)
