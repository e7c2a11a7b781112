"""People: accounts, their offices, their sign-ins and one-time links."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, enum_of, not_blank


class Office(StrEnum):
    """What a person may be appointed to; operators' people need no appointment."""

    OFFICE = "office"
    REVIEWER = "reviewer"
    COUNCIL = "council"


class Person(Keyed, Base):
    """Somebody with an account; the address is kept normalised and unique."""

    __tablename__ = "people"
    __table_args__ = (not_blank("email"), not_blank("name"))

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="ja")
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    demonstration: Mapped[bool] = mapped_column(default=False)
    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def offices(self) -> frozenset[Office]:
        """The offices that the person holds."""
        return frozenset(appointment.office for appointment in self.appointments)


class Appointment(Base):
    """An office held by a person."""

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("person_id", "office"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    office: Mapped[Office] = mapped_column(enum_of(Office))
    since: Mapped[date]
    person: Mapped[Person] = relationship(back_populates="appointments")


class SignIn(Base):
    """A session on the server; the browser holds a token of which only the hash is kept."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SIGN_UP = "sign_up"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, not a password


class OneTimeLink(Base):
    """A mailed link of which only the hash is kept; consumed by POST, once."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
