"""What the council decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.applications import Application
from accreditation.models.base import Base, Instant, enum_of
from accreditation.models.people import Person


class Outcome(StrEnum):
    """What a decision can be."""

    ACCREDITED = "accredited"
    ACCREDITED_WITH_CONDITIONS = "accredited_with_conditions"
    REFUSED = "refused"


class Decision(Base):
    """One decision for one application; never overwritten."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "outcome != 'refused' OR length(trim(reasons)) > 0", name="refusal_has_reasons"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    indicators: Mapped[list[int]] = mapped_column(JSON)
    conditions: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    application: Mapped[Application] = relationship()
    decided_by: Mapped[Person] = relationship()
