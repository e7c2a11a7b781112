"""Operators (事業者), their people and their sites (施設・ツアー)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accreditation.models.base import Base, Instant, Keyed, enum_of, not_blank
from accreditation.models.people import Person


class EntityType(StrEnum):
    """What an operator is before the law; a corporation has a corporate number."""

    CORPORATION = "corporation"
    SOLE_PROPRIETOR = "sole_proprietor"
    ASSOCIATION = "association"


class Operator(Keyed, Base):
    """A business that runs sites; one corporate number may stand for several operators."""

    __tablename__ = "operators"
    __table_args__ = (not_blank("name_ja"),)

    name_ja: Mapped[str] = mapped_column(String(200))
    name_kana: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    entity_type: Mapped[EntityType] = mapped_column(enum_of(EntityType))
    corporate_number: Mapped[str | None] = mapped_column(String(13), index=True)
    representative: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(7), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    website: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="operator")
    sites: Mapped[list["Site"]] = relationship(back_populates="operator", order_by="Site.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy


class MemberRole(StrEnum):
    """What a person is to an operator: an owner also chooses who else acts for it."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Membership(Base):
    """A person who acts for an operator, or reads what it does."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("operator_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_of(MemberRole), default=MemberRole.OWNER)
    operator: Mapped[Operator] = relationship(back_populates="memberships")
    person: Mapped[Person] = relationship()


class Site(Keyed, Base):
    """An accommodation or a tour; its kind is one of the kinds that the scheme names."""

    __tablename__ = "sites"
    __table_args__ = (not_blank("name_ja"),)

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name_ja: Mapped[str] = mapped_column(String(200))
    name_kana: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    address_ja: Mapped[str] = mapped_column(String(400), default="")
    address_en: Mapped[str] = mapped_column(String(400), default="")
    description_ja: Mapped[str] = mapped_column(String(2000), default="")
    description_en: Mapped[str] = mapped_column(String(2000), default="")
    website: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    operator: Mapped[Operator] = relationship(back_populates="sites", lazy="joined", innerjoin=True)
    practices: Mapped[list["Practice"]] = relationship(
        cascade="all, delete-orphan", order_by="Practice.indicator"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by SQLAlchemy


class Practice(Base):
    """What a site does for one indicator, as shown to travellers."""

    __tablename__ = "practices"
    __table_args__ = (UniqueConstraint("site_id", "indicator"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    indicator: Mapped[int]
    text_ja: Mapped[str] = mapped_column(String(1000))
    text_en: Mapped[str] = mapped_column(String(1000))
