"""What will be erased because its time is over: announced first, so that somebody may object."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accreditation.models.base import Base


class Erasure(Base):
    """Something that was announced: its kind, whose it is (a key, never a name), since when."""

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("what", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    announced_on: Mapped[date]
