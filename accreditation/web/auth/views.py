"""The pages of accounts: ways in and out, and what people may change about their own."""

from accreditation.web.auth import (
    account,
    addresses,
    confirming,
    doors,
    factors,
    invitations,
    leaving,
    links,
    organisation,
    passkeys,
    second,
    security,
)
from accreditation.web.auth.blueprint import pages

__all__ = [
    "account",
    "addresses",
    "confirming",
    "doors",
    "factors",
    "invitations",
    "leaving",
    "links",
    "organisation",
    "pages",
    "passkeys",
    "second",
    "security",
]
