"""Files that prove what an operator says."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed

if TYPE_CHECKING:
    from accreditation.models.applications import Application


class Evidence(Keyed, Base):
    """A file of one application: its name as given, its bytes in the store under their hash.

    The store keeps equal bytes once, but who may read them is asked of the row alone: the same
    file in another case, or of another operator, has a row and an address of its own.
    """

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    application: Mapped["Application"] = relationship()
