"""A list of what is due to be erased: what the archivist signs before anything is (Code du patrimoine,
art. L212-2 and R212-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonColumn, UtcDateTime
from models.lifecycle import Kind

VISA_MAX = 200


@dataclass(frozen=True)
class Due:
    """One line of a list: what is due of the tickets of one kind that were closed in one year."""

    year: int
    kind: Kind
    tickets: int = 0
    """Tickets that are forgotten as a whole."""
    with_files: int = 0
    """Tickets of which files or notes are due, those before included; their counts are the three below."""
    files: int = 0
    notes: int = 0
    size: int = 0
    """Bytes of the files."""
    first_day: str = ""
    """The first day, YYYY-MM-DD, on which one of them was opened; `last_day`: on which one was closed."""
    last_day: str = ""


class RetentionList(Base):
    """One list. It covers the tickets that were closed before its cut-offs, and stay closed."""

    __tablename__ = "retention_list"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a number that was signed is never reused

    id: Mapped[int] = mapped_column(primary_key=True)
    tickets_before: Mapped[datetime] = mapped_column(UtcDateTime)
    """Tickets that were closed before are forgotten."""
    files_before: Mapped[datetime] = mapped_column(UtcDateTime)
    """The same of files and notes."""
    lines: Mapped[Sequence[Due]] = mapped_column(JsonColumn(list[Due]))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visa: Mapped[str | None] = mapped_column(String(VISA_MAX))
    """The reference of the archivist's visa."""
    tickets_done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """How many tickets were forgotten by it; `files_done`: of how many only the files and notes."""
    files_done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When nothing was left of what it covers."""
