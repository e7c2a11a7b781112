"""Forms sent twice, by a double click or a retry of the network: done once, answered as once."""

from collections.abc import Callable

from flask import request

from accreditation.services import idempotency
from accreditation.services.canonical import sha256_of
from accreditation.services.facts import Subject, kind_of
from accreditation.web import access

FIELD = "form_key"
_NOT_CONTENT = frozenset({FIELD, "csrf_token"})


def do_once(subject: Subject, act: str, doing: Callable[[], object]) -> None:
    """Do what the form of this request asks, unless the same form was done before.

    `doing` raises what speaks against it, and then nothing is remembered. OutdatedError (409) when
    the key came before with another form. A form without a key is simply done. The caller commits.
    """
    key = request.form.get(FIELD, "")
    form = idempotency.Form(
        key, access.person(), act, kind_of(subject).workflow.name, subject.id, _fingerprint()
    )
    if key and idempotency.was_done(form):
        return
    doing()
    if key:
        idempotency.remember(form)


def _fingerprint() -> str:
    sent = request.form.items(multi=True)
    return sha256_of(sorted([name, text] for name, text in sent if name not in _NOT_CONTENT))
