"""Accreditations (認定) with their number, and the editions of their certificate (認定証)."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.applications import Application
from accreditation.models.base import Base, Instant, enum_of
from accreditation.models.decisions import Decision
from accreditation.models.documents import Document
from accreditation.models.operators import Site
from workflows.accreditation import AccreditationState

_RUNNING = "state IN ('active', 'suspended')"


class Accreditation(Base):
    """What one site was granted; the number is kept through every renewal."""

    __tablename__ = "accreditations"
    __table_args__ = (
        # One accreditation for a site, unless the earlier one was withdrawn or given up.
        Index(
            "uq_accreditations_running",
            "site_id",
            unique=True,
            sqlite_where=text(_RUNNING),
            postgresql_where=text(_RUNNING),
        ),
        Index("ix_accreditations_state_valid_until", "state", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    state: Mapped[AccreditationState] = mapped_column(enum_of(AccreditationState))
    state_since: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[date]  # of the newest certificate, so that lists need one table
    kind: Mapped[str] = mapped_column(String(40))
    search_text: Mapped[str] = mapped_column(String(4000), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    certificates: Mapped[list["Certificate"]] = relationship(
        back_populates="accreditation", order_by="Certificate.edition", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy

    @property
    def newest(self) -> "Certificate":
        """The certificate of the last edition; there is always one."""
        return self.certificates[-1]


def new_code() -> str:
    """Make the random code of 128 bits that a certificate's QR carries."""
    return secrets.token_hex(16)


class Certificate(Base):
    """One edition of an accreditation's certificate: what was granted, from when to when."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("accreditation_id", "edition"),
        CheckConstraint("edition > 0", name="edition_counts_from_one"),
        CheckConstraint("valid_from <= valid_until", name="begins_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditations.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    edition: Mapped[int]
    code: Mapped[str] = mapped_column(String(32), unique=True, default=new_code)
    indicators: Mapped[list[int]] = mapped_column(JSON)
    conditions: Mapped[list[str]] = mapped_column(JSON)
    level: Mapped[str | None] = mapped_column(String(40))
    holder: Mapped[dict[str, Any]] = mapped_column(JSON)  # names as submitted: a later change of
    # the profile must not change what was accredited
    fiscal_year: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    accreditation: Mapped[Accreditation] = relationship(back_populates="certificates")
    application: Mapped[Application] = relationship()
    decision: Mapped[Decision] = relationship()
    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)


class CertifiedIndicator(Base):
    """An indicator of the newest certificate, as a row, so that the register can filter by it."""

    __tablename__ = "certified_indicators"

    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditations.id"), primary_key=True)
    indicator: Mapped[int] = mapped_column(primary_key=True, index=True)
