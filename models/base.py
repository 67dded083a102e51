"""What every table shares: the declarative base, column types, and texts in two languages."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Index, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Base(DeclarativeBase):
    """The declarative base. Constraints are named, so that a migration can find them again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index on the rows that satisfy `where`, an SQL condition. A negated column, `NOT name`, is written
    as SQLAlchemy writes it for each database: its planner compares the texts."""
    on_sqlite = re.sub(r"\bNOT (?!NULL$)(\w+)$", r"\1 = 0", where)
    return Index(name, *columns, sqlite_where=text(on_sqlite), postgresql_where=text(where))


def enum_column(enum: type[StrEnum]) -> Enum:
    """A column type that stores the enum's values: readable in SQL, and new ones need no migration."""
    return Enum(
        enum, native_enum=False, length=32, values_callable=lambda members: [each.value for each in members]
    )


class OpenEnum(TypeDecorator[E]):
    """An enum column as of `enum_column`, whose other values read as `unknown`: those of a newer version."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[E], unknown: E) -> None:
        super().__init__()
        self.enum, self.unknown = enum, unknown

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        try:
            return None if value is None else self.enum(value)
        except ValueError:
            return self.unknown


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite keeps no time zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Duration(TypeDecorator[timedelta]):
    """A timedelta, stored as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class JsonColumn(TypeDecorator[T]):
    """A `T`, made of dataclasses or pydantic models, stored as JSON.

    In an old row, a missing key takes the field's default, and an unknown key is ignored. Of a pydantic model
    only the fields that were set are stored.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, of: type[T]) -> None:
        super().__init__()
        self.of = of
        self._adapter = TypeAdapter(of)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> object:
        if value is None:
            return None
        return self._adapter.dump_python(value, mode="json", by_alias=True, exclude_unset=True)

    def process_result_value(self, value: object, dialect: Dialect) -> T | None:
        return None if value is None else self._adapter.validate_python(value)


@dataclass(frozen=True)
class LocalizedText:
    """A text in the languages that the help desk speaks."""

    fr: str
    en: str

    def in_(self, locale: str) -> str:
        """The text for a reader whose locale begins with `en`, or the French one."""
        return self.en if locale.startswith("en") else self.fr


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark `message` for translation where it stands; it is translated where it is shown."""
    return message


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)
