"""Forms that were sent and done, so that the same one sent again does nothing more."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from accreditation.models.base import Base, Instant


class IdempotencyKey(Base):
    """The hash of a form's random key, with whose act on what it did and what the form said."""

    __tablename__ = "idempotency_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    act: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    done_at: Mapped[datetime] = mapped_column(Instant, index=True)
