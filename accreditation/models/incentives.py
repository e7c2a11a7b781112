"""Incentive programmes with their budget, and the incentives granted from them."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, enum_of, not_blank
from accreditation.models.documents import Document
from workflows.incentive import IncentiveState

if TYPE_CHECKING:
    from accreditation.models.accreditations import Certificate


class IncentiveKind(StrEnum):
    """Money, or another benefit."""

    MONEY = "money"
    BENEFIT = "benefit"


class Programme(Keyed, Base):
    """A programme of a fiscal year; amounts are whole yen, and the budget can't be overdrawn."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("committed_yen >= 0", name="committed_not_negative"),
        CheckConstraint("committed_yen <= budget_yen", name="within_budget"),
        CheckConstraint(
            "(kind != 'money' OR amount_yen > 0) AND (kind != 'benefit' OR amount_yen = 0)",
            name="amount_fits_kind",
        ),
        not_blank("name_ja"),
        not_blank("name_en"),
    )

    name_ja: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    benefit_ja: Mapped[str] = mapped_column(String(150), default="")
    benefit_en: Mapped[str] = mapped_column(String(250), default="")
    kind: Mapped[IncentiveKind] = mapped_column(enum_of(IncentiveKind))
    fiscal_year: Mapped[int]
    amount_yen: Mapped[int] = mapped_column(BigInteger, default=0)
    budget_yen: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_yen: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy

    @property
    def left_yen(self) -> int:
        """What is left of the budget, in whole yen."""
        return self.budget_yen - self.committed_yen


class Incentive(Keyed, Base):
    """What one certificate brought from one programme; unfunded when the budget was used up."""

    __tablename__ = "incentives"
    __table_args__ = (
        UniqueConstraint("programme_id", "certificate_id"),
        CheckConstraint(
            "(state = 'unfunded') = (number IS NULL) OR state = 'cancelled'",
            name="number_when_granted",
        ),
        CheckConstraint("amount_yen >= 0", name="amount_not_negative"),
    )

    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    state: Mapped[IncentiveState] = mapped_column(enum_of(IncentiveState))
    state_since: Mapped[datetime] = mapped_column(Instant)
    amount_yen: Mapped[int] = mapped_column(BigInteger)
    decided_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    certificate: Mapped["Certificate"] = relationship()
    document: Mapped[Document | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy
