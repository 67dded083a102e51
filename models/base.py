"""What every table shares: the declarative base, moments in UTC, and texts in two languages."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


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
    """An index on the rows for which `where`, an SQL condition, is true. A negated column, `NOT name`, is written
    as SQLAlchemy writes it for each database: the planner compares the texts."""
    on_sqlite = re.sub(r"NOT (?!NULL)(\w+)$", r"\1 = 0", where)
    return Index(name, *columns, sqlite_where=text(on_sqlite), postgresql_where=text(where))


def enum_column(enum: type[StrEnum]) -> Enum:
    """A column type that keeps the enum's own words: readable in SQL, and new ones need no migration."""
    return Enum(
        enum, native_enum=False, length=32, values_callable=lambda words: [word.value for word in words]
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite keeps no time zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class LocalizedText:
    """A text of the desk's own data in the languages it speaks."""

    fr: str
    en: str

    def in_(self, locale: str) -> str:
        """The text for a reader whose locale begins with `en`, or the French one."""
        return self.en if locale.startswith("en") else self.fr


class LocalizedTextType(TypeDecorator[LocalizedText]):
    """`LocalizedText` kept as a small JSON object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: LocalizedText | None, dialect: Dialect) -> Any:
        return None if value is None else {"fr": value.fr, "en": value.en}

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalizedText | None:
        return None if value is None else LocalizedText(fr=value["fr"], en=value["en"])


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)
