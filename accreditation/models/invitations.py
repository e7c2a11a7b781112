"""Invitations: to an office, or to act for an operator."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, enum_of, not_blank
from accreditation.models.operators import MemberRole, Operator
from accreditation.models.people import Office, Person


class Invitation(Keyed, Base):
    """A mailed link of which only the hash is kept, with what it opens to whom until when.

    `invited_by_id` is empty when it was made on the console of the machine.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        not_blank("email"),
        CheckConstraint("(office IS NULL) <> (operator_id IS NULL)", name="to_one_thing"),
        CheckConstraint("(role IS NULL) = (operator_id IS NULL)", name="role_of_operator"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8))
    office: Mapped[Office | None] = mapped_column(enum_of(Office))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"), index=True)
    role: Mapped[MemberRole | None] = mapped_column(enum_of(MemberRole))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    invited_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    operator: Mapped[Operator | None] = relationship()
    invited_by: Mapped[Person | None] = relationship()
