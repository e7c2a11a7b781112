"""What all tables share: names of constraints, instants, public keys."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
KEY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: keys are read out by telephone
KEY_LENGTH = 10

E = TypeVar("E", bound=StrEnum)


class Base(DeclarativeBase):
    """The common ancestor; plain SQLAlchemy, so that models know no Flask."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware instant: stored in UTC, returned aware, a naive one refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone, so it gets the naive UTC value."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs its zone"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware instants from every database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_of(kind: type[E]) -> SqlEnum:
    """Make a column type that stores an enumeration's values as text, checked by the database."""

    def values(members: Any) -> list[str]:  # noqa: ANN401 - SQLAlchemy hands the enum class over
        return [member.value for member in members]

    return SqlEnum(
        kind,
        values_callable=values,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=kind.__name__.lower(),
    )


def new_key() -> str:
    """Make a random key of 10 characters (about 49 bits) for addresses of pages."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(KEY_LENGTH))


class Keyed:
    """A row with a number for the database and a random key for addresses."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=new_key)


def not_blank(column: str) -> CheckConstraint:
    """Refuse an empty or blank text in a column."""
    return CheckConstraint(f"length(trim({column})) > 0", name=f"{column}_not_blank")
