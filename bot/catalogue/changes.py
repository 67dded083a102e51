"""What a load does to the catalogue's rows, and which open tickets hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.catalogue import Group, Service, Site, Team
from models.lifecycle import Status
from models.tickets.ticket import Ticket

NUMBERS_MAX = 20  # how many tickets are named

# As the file calls what the columns hold; what only follows from another is not named.
KEYS: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "have_ready": "have_ready",
    "url": "url",
    "channel": "channel",
    "is_default": "default",
    "phrases": "phrases",
    "team_id": "team",
    "group_id": "group",
    "parent_id": "group",
    "offers_request": "offers",
    "offers_incident": "offers",
    "questions": "questions",
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
    table: type[Site | Team | Group | Service]
    id: str
    name: str
    columns: tuple[str, ...] = ()
    """The columns that another value was put into."""
    channels: tuple[str, str] | None = None
    """Of a team whose channel the file names anew: which it named, and names."""

    @property
    def row(self) -> str:
        """Which row it is, in words."""
        return f"{self.table.__name__.lower()} {self.id} ({self.name})"

    @property
    def keys(self) -> Sequence[str]:
        """What is another, as the file calls it."""
        return list(dict.fromkeys(key for column, key in KEYS.items() if column in self.columns))


@dataclass(frozen=True)
class Loaded:
    """How many rows a load touched: sites, teams, groups and services together; and each of them."""

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
    """The tickets that are not closed and hold this row; a group's are those of its own services."""
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
    """What a load archives that open tickets hold, with them."""
    archived = (change for change in loaded.rows if change.how is How.ARCHIVED)
    held = ((change, open_tickets(session, change)) for change in archived)
    return [(change, tickets) for change, tickets in held if tickets.count]


def touched(session: Session, change: RowChange) -> OpenTickets:
    """The open tickets whose card says, or whose way is, another after this change."""
    shown = change.table is not Group and {"name", "channel"}.intersection(change.columns)
    if change.how is How.ARCHIVED or (change.how is How.CHANGED and shown):
        return open_tickets(session, change)
    return OpenTickets(0, ())
