"""What was refused, in the log: which route and why, never to whom nor with what."""

import structlog
from flask import request

from accreditation.web import headers
from accreditation.web.visitor import current_person

log = structlog.get_logger()


def note(why: str) -> None:
    """Log a refusal; of the person who asked the offices alone, of the address the route alone."""
    person = current_person()
    offices = sorted(person.offices) if person else []
    route = request.url_rule.rule if request.url_rule else None
    log.warning(
        "refused",
        why=why,
        route=route,
        method=request.method,
        offices=offices,
        request=headers.request_id(),
    )
