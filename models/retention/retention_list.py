"""A list of what is due to be erased: what the archivist signs before anything is (Code du patrimoine,
art. L212-2 and R212-14)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

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
    is_whole: bool = True
    """The tickets are forgotten as a whole; else only their files and notes."""
    tickets: int = 0
    files: int = 0
    size: int = 0
    """Bytes of the files."""
    notes: int = 0
    teams: tuple[str, ...] = ()
    """The ids of the teams that had them."""
    first: date | None = None
    """The day on which the first of them was opened."""
    last: date | None = None
    """The day on which the last of them was closed."""

    def plus(self, more: "Due", team: str, opened: date, closed: date) -> "Due":
        """The same line with another ticket: what it has of files and notes, its team, its days."""
        return replace(
            self,
            tickets=self.tickets + more.tickets,
            files=self.files + more.files,
            size=self.size + more.size,
            notes=self.notes + more.notes,
            teams=self.teams if team in self.teams else tuple(sorted((*self.teams, team))),
            first=min(self.first or opened, opened),
            last=max(self.last or closed, closed),
        )


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
    """The reference of the archivist's visa; `None` of a list that needed none."""
    tickets_done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """How many tickets were forgotten by it; `files_done`: of how many only the files and notes."""
    files_done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When nothing was left of what it covers."""
