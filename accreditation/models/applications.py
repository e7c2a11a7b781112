"""Applications, their answers, their evidence and what was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, enum_of
from accreditation.models.calls import Call, SchemeVersion
from accreditation.models.evidence import Evidence
from accreditation.models.operators import Site
from accreditation.models.people import Person
from accreditation.schemes.rules import Verdict
from workflows.application import ApplicationState

_ENDED = "state IN ('withdrawn', 'declined')"


class Application(Keyed, Base):
    """One site's application in one call, pinned to the scheme version of that call."""

    __tablename__ = "applications"
    __table_args__ = (
        # One application for a site in a call, unless the earlier one was given up or declined.
        Index(
            "uq_applications_running",
            "call_id",
            "site_id",
            unique=True,
            sqlite_where=text(f"NOT ({_ENDED})"),
            postgresql_where=text(f"NOT ({_ENDED})"),
        ),
        Index("ix_applications_state_state_since", "state", "state_since"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_versions.id"))
    state: Mapped[ApplicationState] = mapped_column(enum_of(ApplicationState))
    state_since: Mapped[datetime] = mapped_column(Instant)
    cycle: Mapped[int] = mapped_column(default=0)
    indicators: Mapped[list[int]] = mapped_column(JSON, default=list)
    terms_version: Mapped[str | None] = mapped_column(String(40))
    terms_sha256: Mapped[str | None] = mapped_column(String(64))
    terms_accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    terms_accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    call: Mapped[Call] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    scheme_version: Mapped[SchemeVersion] = relationship(lazy="joined", innerjoin=True)
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="application", cascade="all, delete-orphan"
    )
    submissions: Mapped[list["Submission"]] = relationship(
        back_populates="application", order_by="Submission.number"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy

    @property
    def reference(self) -> str:
        """The key as people read, write and say it; addresses take it in either case."""
        return self.key.upper()

    @property
    def is_renewal(self) -> bool:
        """Whether the site was accredited before."""
        return self.cycle > 0


class Answer(Base):
    """What an operator says about one item, while the application is being written."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("application_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    item: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[Verdict | None] = mapped_column(enum_of(Verdict))
    text: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(back_populates="answers")
    attachments: Mapped[list["Attachment"]] = relationship(
        cascade="all, delete-orphan", order_by="Attachment.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy


class Attachment(Base):
    """A piece of evidence put beside an answer; one file may prove several items."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("answer_id", "evidence_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"))
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    evidence: Mapped[Evidence] = relationship(lazy="joined", innerjoin=True)


class Submission(Base):
    """What was sent, frozen: later edits of profile or answers do not reach it.

    `erased_at` is when a part of it was erased because its time of keeping was over; the hash then
    still stands for what was sent.
    """

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    application: Mapped[Application] = relationship(back_populates="submissions")
    sent_by: Mapped[Person] = relationship()
