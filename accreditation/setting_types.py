"""What each kind of setting takes: a type for each, with the sentence that says how it must be.

An empty text means that the setting is not used.
"""

import re
from pathlib import Path
from typing import Annotated

from limits import parse_many
from pydantic import AfterValidator, SecretStr
from pyrage import RecipientError, x25519
from redis import ConnectionPool
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PASSPHRASE_LENGTH = 16
DATABASES = {"postgresql", "sqlite"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*")
_SITE = re.compile(rf"https?://{_HOST_NAME.pattern}(:[0-9]{{1,5}})?/?")
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.-]+)*/?")  # RFC 3986, S3's names
_SERVICE = re.compile(r"https?://[^/?#@\s]+/?")
_CONTACT = re.compile(r"(mailto:[^\s@]+@|https://)[^\s@/]+\S*")
_SAFE = ("https://", "http://127.0.0.1", "http://localhost")


def is_site_address(address: str) -> bool:
    """Say whether an address can be that of the site: scheme, host and port, and no path."""
    return bool(_SITE.fullmatch(address))


def _require(condition: object, how: str) -> None:
    if not condition:
        raise ValueError(how)


def _database(address: str) -> str:
    try:
        known = not address or make_url(address).get_backend_name() in DATABASES
    except (ArgumentError, ValueError):
        known = False
    _require(known, "must be like postgresql://user:password@host/name or sqlite:////path")
    return address


def _replica(address: str) -> str:
    known = not address or _database(address).startswith("postgresql")
    _require(known, "must be like postgresql://user:password@host/name")
    return address


def _redis(address: str) -> str:
    try:
        known = not address or "host" in ConnectionPool.from_url(address).connection_kwargs
    except ValueError:
        known = False
    _require(known, "must be like redis://:password@host:6379/0")
    return address


def _bucket(address: str) -> str:
    _require(not address or _BUCKET.fullmatch(address), "must be like s3://bucket/prefix")
    return address


def _service(address: str) -> str:
    _require(not address or _SERVICE.fullmatch(address), "must be like https://s3.example.jp")
    return address.rstrip("/")


def _hosts(given: str) -> str:
    known = all(_HOST_NAME.fullmatch(one) for one in given.split())
    _require(known, "must be names such as www.example.jp with spaces between, without port")
    return given.lower()


def _contact(given: str) -> str:
    known = not given or _CONTACT.fullmatch(given)
    _require(known, "must be like mailto:security@example.jp or https://example.jp/security")
    return given


def _issuer(address: str) -> str:
    _require(not address or address.startswith(_SAFE), "must begin with https://")
    return address.rstrip("/")


def _limit(given: str) -> str:
    try:
        parse_many(given)
    except ValueError:
        message = "must be like 10 per 5 minutes"
        raise ValueError(message) from None
    return given


def _level(given: str) -> str:
    _require(given.upper() in LOG_LEVELS, "must be DEBUG, INFO, WARNING or ERROR")
    return given.upper()


def _recipients(given: str) -> str:
    try:
        for one in given.split():
            x25519.Recipient.from_str(one)
    except RecipientError:
        message = "must be age recipients (age1...) with spaces between"
        raise ValueError(message) from None
    return given


def _passphrase(given: SecretStr) -> SecretStr:
    length = len(given.get_secret_value())
    _require(
        not 0 < length < PASSPHRASE_LENGTH, f"must have {PASSPHRASE_LENGTH} characters or more"
    )
    return given


Place = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
DatabaseAddress = Annotated[str, AfterValidator(_database)]
ReplicaAddress = Annotated[str, AfterValidator(_replica)]
RedisAddress = Annotated[str, AfterValidator(_redis)]
BucketAddress = Annotated[str, AfterValidator(_bucket)]
ServiceAddress = Annotated[str, AfterValidator(_service)]
HostNames = Annotated[str, AfterValidator(_hosts)]
Contact = Annotated[str, AfterValidator(_contact)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Limit = Annotated[str, AfterValidator(_limit)]
LogLevel = Annotated[str, AfterValidator(_level)]
Recipients = Annotated[str, AfterValidator(_recipients)]
Passphrase = Annotated[SecretStr, AfterValidator(_passphrase)]
