"""Reviewers' assignments, their findings, and how differences were settled."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.applications import Application
from accreditation.models.base import Base, Instant, Keyed, enum_of, not_blank
from accreditation.models.people import Person
from accreditation.schemes.rules import Verdict
from workflows.review import ReviewState


class Review(Keyed, Base):
    """One reviewer's assignment to one application."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[ReviewState] = mapped_column(enum_of(ReviewState))
    state_since: Mapped[datetime] = mapped_column(Instant)
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship()
    reviewer: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    findings: Mapped[list["Finding"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy


class Finding(Base):
    """What a reviewer finds on one item, and why."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("review_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    item: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[Verdict | None] = mapped_column(enum_of(Verdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy


class Reconciliation(Base):
    """The office's settlement of an item on which the reviewers differed; the newest counts."""

    __tablename__ = "reconciliations"
    __table_args__ = (not_blank("reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    item: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[Verdict] = mapped_column(enum_of(Verdict))
    reason: Mapped[str] = mapped_column(Text)
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime] = mapped_column(Instant)
    settled_by: Mapped[Person] = relationship()
