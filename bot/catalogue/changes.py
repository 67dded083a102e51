"""What a load changes in the catalogue's tables, and which open tickets refer to the changed rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.article import Article
from models.catalogue import Group, Service, Site, Team
from models.lifecycle import Status
from models.tickets.ticket import Ticket

NUMBERS_MAX = 20  # how many tickets are named

# The keys of the file by the columns they are loaded into; columns that are derived have none.
KEYS: Mapping[str, str] = {
    "name": "name",
    "title": "title",
    "body": "text",
    "owner": "owner",
    "review_on": "review",
    "services": "services",
    "description": "description",
    "have_ready": "have_ready",
    "url": "url",
    "channel": "channel",
    "announce": "announce",
    "is_default": "default",
    "phrases": "phrases",
    "calendar": "hours, holidays or closures",
    "is_always_open": "hours",
    "targets": "targets",
    "approval": "approval",
    "approval_before_team": "approval_before_team",
    "is_confidential": "confidential",
    "team_id": "team",
    "group_id": "group",
    "parent_id": "group",
    "offers_request": "offers",
    "offers_incident": "offers",
    "questions": "questions",
    "keywords": "keywords",
    "position": "its place",
    "archived": "no longer archived",
}


class How(StrEnum):
    """What a load does to a row."""

    ADDED = "added"
    CHANGED = "changed"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class RowChange:
    """What a load does to one row."""

    how: How
    table: type[Site | Team | Group | Service | Article]
    id: str
    name: str
    columns: tuple[str, ...] = ()
    """The columns whose value changed."""
    channels: tuple[str, str] | None = None
    """The channel that the file named for a team, and the one that it names now, when they differ."""

    @property
    def row(self) -> str:
        """The row, for a message."""
        return f"{self.table.__name__.lower()} {self.id} ({self.name})"

    @property
    def keys(self) -> Sequence[str]:
        """What changed, by the keys of the file."""
        return list(dict.fromkeys(key for column, key in KEYS.items() if column in self.columns))


@dataclass(frozen=True)
class Loaded:
    """How many rows of all tables a load changed, and which."""

    added: int
    changed: int
    archived: int
    rows: Sequence[RowChange] = field(default=(), compare=False)


@dataclass(frozen=True)
class OpenTickets:
    """How many open tickets there are of a row, and the numbers of the first `NUMBERS_MAX`."""

    count: int
    numbers: Sequence[int]

    def __str__(self) -> str:
        more = self.count - len(self.numbers)
        return ", ".join(map(str, self.numbers)) + (f" and {more} more" if more else "")


def open_tickets(session: Session, change: RowChange) -> OpenTickets:
    """The tickets that are not closed and refer to this row; for a group, to one of its services.
    None refers to an article."""
    if change.table is Article:
        return OpenTickets(0, ())
    held = Ticket.status != Status.CLOSED, _holds(change)
    numbers = session.scalars(select(Ticket.id).where(*held).order_by(Ticket.id).limit(NUMBERS_MAX)).all()
    if len(numbers) < NUMBERS_MAX:
        return OpenTickets(len(numbers), numbers)
    count = session.scalar(select(func.count()).select_from(Ticket).where(*held))
    return OpenTickets(count or len(numbers), numbers)


def _holds(change: RowChange) -> ColumnElement[bool]:
    if change.table is Group:
        return Ticket.service_id.in_(select(Service.id).where(Service.group_id == change.id))
    columns = {Site: Ticket.site_id, Team: Ticket.team_id, Service: Ticket.service_id}
    return columns[change.table] == change.id


def archived_with_tickets(session: Session, loaded: Loaded) -> Sequence[tuple[RowChange, OpenTickets]]:
    """The rows that a load archives and open tickets refer to, with these tickets."""
    archived = (change for change in loaded.rows if change.how is How.ARCHIVED)
    held = ((change, open_tickets(session, change)) for change in archived)
    return [(change, tickets) for change, tickets in held if tickets.count]


def touched(session: Session, change: RowChange) -> OpenTickets:
    """The open tickets whose card or channel changes with this row."""
    shown = change.table is not Group and {"name", "channel"}.intersection(change.columns)
    if change.how is How.ARCHIVED or (change.how is How.CHANGED and shown):
        return open_tickets(session, change)
    return OpenTickets(0, ())
