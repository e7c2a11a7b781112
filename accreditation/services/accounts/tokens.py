"""Random tokens: whoever holds one may do something, so only their hashes are kept."""

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """Make a token of 256 random bits that fits into an address."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """Give what is kept of a token; being random itself, it needs neither salt nor cost."""
    return hashlib.sha256(token.encode()).hexdigest()
