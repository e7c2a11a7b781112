"""How often somebody may try: counted for each network address and for each account.

Only failures count against a network address, since a whole office may share one. An account
is counted by every try, before the password is looked at, so that many tries at the same
moment gain nothing; the right password sets its count back. The keys are hashes, so that no
list of accounts lies in memory.
"""

import hmac
from hashlib import sha256

import structlog
from flask import Response, current_app, request
from redis.exceptions import RedisError

from accreditation.config import Settings
from accreditation.extensions import limiter
from accreditation.services.accounts.people import normal_address
from accreditation.web.visitor import current_person, half_sign_in

log = structlog.get_logger()

MAILS = "5 per hour"  # links mailed to one address
QUESTIONS = "60 per 5 minutes"  # challenges for passkeys, which are kept until they are answered
REFUSED = 422


def forget_tries() -> None:
    """Set the count of this form's account back: the password was right."""
    key = _account_key()
    for passed in limiter.current_limits:
        if passed.request_args[0] == key:
            try:
                limiter.limiter.clear(passed.limit, *passed.request_args)
            except RedisError as error:  # the count runs out by itself
                log.warning("limits_unreachable", error=type(error).__name__)


def _account() -> str:
    half = half_sign_in()
    person = half.person if half else current_person()
    return person.email if person else normal_address(request.form.get("email", ""))


def _account_key() -> str:
    settings: Settings = current_app.extensions["settings"]
    return hmac.new(settings.session_key.encode(), _account().encode(), sha256).hexdigest()


def _names_nobody() -> bool:
    return not _account()


def _tries() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.sign_in_limit


def _was_refused(response: Response) -> bool:
    return response.status_code == REFUSED


failures_by_address = limiter.limit(_tries, methods=["POST"], deduct_when=_was_refused)
links_by_address = limiter.shared_limit(_tries, scope="links", methods=["POST"])
tries_by_account = limiter.limit(
    _tries, methods=["POST"], key_func=_account_key, exempt_when=_names_nobody
)
questions_by_address = limiter.limit(QUESTIONS, methods=["POST"])
links_by_account = limiter.shared_limit(
    MAILS, scope="mails", methods=["POST"], key_func=_account_key, exempt_when=_names_nobody
)
