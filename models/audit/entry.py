"""One line of the audit trail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, OpenEnum, UtcDateTime

OPERATOR_MAX = 64


class Deed(StrEnum):
    """What was done with personal data."""

    READ = "read"  # a ticket, by somebody else than its requester
    SEARCH = "search"  # over the tickets of one's teams
    EXPORT = "export"  # a copy of a person's data was made
    ERASE = "erase"  # a person's data were erased
    RETENTION = "retention"  # what was kept for long enough was erased, or a list of it was approved
    LOAD = "load"  # of the catalogue, which says whose team reads which tickets
    RETRY = "retry"  # of deliveries, which sends messages again
    AUDIT = "audit"  # this trail was read
    UNKNOWN = "unknown"  # of a newer version


HOURLY = frozenset({Deed.READ, Deed.SEARCH})
"""Written once an hour for each person and ticket."""


class AuditEntry(Base):
    """What somebody did once, or at least once in an hour. The database refuses changes
    (`models.audit.append_only`)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        # NULLs are different from each other: a deed that is not hourly has no `hour`, and is always written.
        Index("uq_audit_entry_ticket", "actor_id", "ticket_id", "deed", "hour", unique=True),
        Index(
            "uq_audit_entry_no_ticket",
            "actor_id",
            "deed",
            "hour",
            unique=True,
            sqlite_where=text("ticket_id IS NULL"),
            postgresql_where=text("ticket_id IS NULL"),
        ),
        Index("ix_audit_entry_ticket_id", "ticket_id", "at"),
        Index("ix_audit_entry_person_id", "person_id", "at"),
        Index("ix_audit_entry_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was done; of what is written once an hour, the first time."""
    hour: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its beginning; only of what is written once an hour."""
    deed: Mapped[Deed] = mapped_column(OpenEnum(Deed, Deed.UNKNOWN))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who did it in Slack; `None` for a command and for the help desk's own jobs."""
    operator: Mapped[str | None] = mapped_column(String(OPERATOR_MAX))
    """Who ran the command, by their account on the machine."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose data it was about; of a ticket, its requester is meant without this."""
    count: Mapped[int | None]
    """How many tickets, deliveries or entries."""
