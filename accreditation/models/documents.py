"""Documents that the system makes: a row says what is to be made, the store holds what was."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from accreditation.models.base import Base, Instant, enum_of


class DocumentKind(StrEnum):
    """What a document is."""

    CERTIFICATE = "certificate"
    NOTICE = "notice"


class Document(Base):
    """A PDF that is made once in the background; made means hash, size and time are known."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "(made_at IS NULL) = (sha256 IS NULL) AND (made_at IS NULL) = (size IS NULL)",
            name="made_whole_or_not_at_all",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind))
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(400), default="")
