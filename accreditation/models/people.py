"""People: their accounts and the offices to which they are appointed."""

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
    ADMINISTRATOR = "administrator"


class Person(Keyed, Base):
    """Somebody with an account; the address is kept normalised and unique.

    `short_password` says that the password is too short to stand without a second factor.
    `closes_at` is when the account closes because its owner asked for it; until then they may
    change their mind.
    """

    __tablename__ = "people"
    __table_args__ = (not_blank("email"), not_blank("name"))

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="ja")
    password_hash: Mapped[str] = mapped_column(String(200))
    short_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
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
