"""Scheme versions as published, and the calls (募集) made under them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, not_blank
from accreditation.models.incentives import Programme


class SchemeVersion(Base):
    """A scheme file as it was published; its text never changes."""

    __tablename__ = "scheme_versions"
    __table_args__ = (UniqueConstraint("scheme", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, deferred=True)  # long, and read once for each process
    published_at: Mapped[datetime] = mapped_column(Instant)


call_programmes = Table(
    "call_programmes",
    Base.metadata,
    Column("call_id", ForeignKey("calls.id"), primary_key=True),
    Column("programme_id", ForeignKey("programmes.id"), primary_key=True),
)


class Call(Keyed, Base):
    """A time in which applications are taken; `closes_at` is the first instant outside."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        not_blank("title_ja"),
        not_blank("title_en"),
    )

    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_versions.id"))
    title_ja: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    fiscal_year: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    scheme_version: Mapped[SchemeVersion] = relationship(lazy="joined", innerjoin=True)
    programmes: Mapped[list[Programme]] = relationship(
        secondary=call_programmes, order_by="Programme.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy

    def is_open(self, moment: datetime) -> bool:
        """Say whether an application may be sent at this instant."""
        return self.opens_at <= moment < self.closes_at
