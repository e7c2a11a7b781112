"""The history of every case: append-only, chained, with erasable details beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant


class HistoryEntry(Base):
    """One link of the chain: facts without names, and a commitment to the details beside it."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject_type_subject_id", "subject_type", "subject_id"),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    application_id: Mapped[int | None] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(60))
    party: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str | None] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    detail: Mapped["HistoryDetail | None"] = relationship(lazy="joined")


class HistoryDetail(Base):
    """Who it was and what they wrote; may be erased without breaking the chain."""

    __tablename__ = "history_details"

    sequence: Mapped[int] = mapped_column(ForeignKey("history.sequence"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class HistoryHead(Base):
    """The last link, in one row that every writer locks first; a cut tail shows here."""

    __tablename__ = "history_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
