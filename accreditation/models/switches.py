"""Switches that stop something in the whole installation, such as issuing certificates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from accreditation.models.base import Base, Instant, enum_of


class SwitchName(StrEnum):
    """What can be stopped."""

    ISSUANCE = "issuance"


class Switch(Base):
    """Whether something is stopped, since when and why; without a row it never was."""

    __tablename__ = "switches"
    __table_args__ = (
        CheckConstraint(
            "(paused_at IS NULL) = (length(trim(reason)) = 0)", name="reason_while_paused"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[SwitchName] = mapped_column(enum_of(SwitchName), unique=True)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")
