"""What proves who somebody is: sessions, one-time links, passkeys, second factors."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, enum_of, not_blank
from accreditation.models.people import Person


class SignIn(Base):
    """A session on the server; the browser holds a token of which only the hash is kept.

    `proved_at` is when its owner last proved who they are, `second_factor_at` when they gave
    their second factor, if they did.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime] = mapped_column(Instant)
    second_factor_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    browser: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, not a password
    NEW_ADDRESS = "new_address"
    KEEP_ADDRESS = "keep_address"
    KEEP_ACCOUNT = "keep_account"


class OneTimeLink(Base):
    """A mailed link of which only the hash is kept; consumed by POST, once.

    `email` is where it was mailed to; `person_id` whose account it changes, where that is not
    the account of the address.
    """

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Authenticator(Base):
    """The authenticator application of a person (TOTP, RFC 6238); the secret is encrypted.

    It counts once `confirmed_at` is set. `last_step` is the newest time step of which a code was
    taken: none is taken twice.
    """

    __tablename__ = "authenticators"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(400))
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One of the codes that stand in for a lost second factor, each of them once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Base):
    """A public key of a person's device or key ring (WebAuthn)."""

    __tablename__ = "passkeys"
    __table_args__ = (not_blank("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)  # four bytes without a sign
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Challenge(Base):
    """A question put to a passkey, of which only the hash is kept; answered once.

    `person_id` is who may answer it; of nobody, whoever holds a passkey of ours.
    """

    __tablename__ = "challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
