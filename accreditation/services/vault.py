"""Secrets that must be read again, such as those of authenticators, encrypted with our own key."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import select

from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Authenticator
from accreditation.services import history

_KEY_BYTES = 32


def lock_up(secret: str) -> str:
    """Encrypt a secret for the database."""
    return _vault().encrypt(secret.encode()).decode()


def take_out(locked: str) -> str:
    """Read a secret again, also one that was locked up under a former key.

    cryptography's InvalidToken when it was changed, or its key is not among ours any more.
    """
    return _vault().decrypt(locked.encode()).decode()


def renew() -> int:
    """Lock every secret up anew under the present key, in the caller's transaction; count them.

    Afterwards the former keys open nothing here any more, and can be dropped. cryptography's
    InvalidToken when one can't be read: then nothing is changed, and a key is missing.
    """
    history.lock()
    kept = db.session.scalars(select(Authenticator)).all()
    for one in kept:
        one.secret = _vault().rotate(one.secret.encode()).decode()
    return len(kept)


def _vault() -> MultiFernet:
    settings: Settings = current_app.extensions["settings"]
    keys = (settings.session_key, *settings.former_keys)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """Derive a key of its own: the one that signs cookies never encrypts (RFC 5869)."""
    derivation = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"accreditation vault")
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
