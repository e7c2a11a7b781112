"""Files that prove what an operator says."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed
from accreditation.models.operators import Operator


class Evidence(Keyed, Base):
    """A file of an operator: its name as given, its bytes in the store under their hash."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    operator: Mapped[Operator] = relationship()
