"""Pages as they are shown: of the catalogue, of the queue, of a search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from models.article import Article
from models.catalogue import Group, OutOfScope, Service, Site, Team
from models.lifecycle import Priority, Status
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

CatalogueItem = Group | Service


@dataclass(frozen=True)
class CataloguePage:
    """One page of what a group holds; at the top there is no group."""

    group: Group | None
    above: Sequence[Group]
    """The groups that hold it, from the top."""
    items: Sequence[CatalogueItem]
    """Groups, then services, in the order of the file."""
    page: int
    has_more: bool


@dataclass(frozen=True)
class SearchHit:
    """A group, service or article that was found, and the groups that hold it, from the top."""

    item: CatalogueItem | Article
    above: Sequence[Group]


@dataclass(frozen=True)
class SearchPage:
    """One page of what a search in the catalogue found, and how much it found in all."""

    words: str
    items: Sequence[SearchHit]
    total: int
    page: int
    has_more: bool
    is_near: bool = False
    """Whether nothing answers the words, and these are only the nearest."""
    out_of_scope: OutOfScope | None = None
    """What the help desk does not serve, when the words are about that."""


@dataclass(frozen=True)
class ServicePage:
    """A service, the team that serves it, the groups that hold it, from the top, and its articles."""

    service: Service
    team: Team
    above: Sequence[Group]
    articles: Sequence[Article] = ()


@dataclass(frozen=True)
class ArticlePage:
    """An article, and those of its services that are in the catalogue."""

    article: Article
    services: Sequence[Service]


class Tab(StrEnum):
    """A part of the queue."""

    UNASSIGNED = "unassigned"  # new, nobody has it
    MINE = "mine"  # what its assignee can work on now
    MINE_ON_HOLD = "mine_on_hold"
    TEAM = "team"  # all open tickets, by technician
    ON_HOLD = "on_hold"
    TO_APPROVE = "to_approve"  # resolved, the requester has not answered
    LATE = "late"
    DUE_TODAY = "due_today"  # not late yet, and to be resolved before midnight


@dataclass(frozen=True)
class QueueState:
    """The state of the queue's view: its tab, its page (from 0), and what it is filtered by."""

    tab: Tab = Tab.UNASSIGNED
    page: int = 0
    site_id: str | None = None
    priority: Priority | None = None
    service_id: str | None = None
    technician: int | None = None
    """Of `Tab.TEAM`, as the next one: the id of who has the tickets; `NOBODY`: nobody has."""
    status: Status | None = None


NOBODY = 0


@dataclass(frozen=True)
class Beside:
    """What a row of the queue shows beside its ticket."""

    last: Event | None = None
    """Its last event that its requester may see too."""
    card: tuple[str, str] | None = None
    """The channel and the `ts` of its team's card."""
    files: int = 0


@dataclass(frozen=True)
class Queue:
    """One page of a tab, with its filters and the counts of the tabs."""

    state: QueueState
    tickets: Sequence[Ticket]
    has_more: bool
    counts: Mapping[Tab, int]
    """How many tickets each tab holds under the same filters, counted up to `COUNT_MAX`."""
    sites: Sequence[Site] = field(default_factory=tuple)
    """What may be filtered by."""
    services: Sequence[Service] = field(default_factory=tuple)
    technicians: Sequence[Person] = ()
    """Of `Tab.TEAM`: who has tickets."""
    beside: Mapping[int, Beside] = field(default_factory=dict)
    """By number."""
    workspace: str = ""
    """The reader's: the address of a card begins with it."""


COUNT_MAX = 100


@dataclass(frozen=True)
class WaitingTicket:
    """A ticket that waits for its requester, and the words that they are asked about."""

    ticket: Ticket
    words: str
    """The solution or the question; "" when nothing was asked in writing."""
    closes_on: date | None = None
    """The day on which it is closed if they stay silent."""


@dataclass(frozen=True)
class Waiting:
    """The tickets that wait for one requester: as many as are shown, and how many more there are."""

    tickets: Sequence[WaitingTicket] = ()
    more: int = 0


@dataclass(frozen=True)
class Children:
    """The tickets attached to one: as many as are shown, how many there are, and how many files each of
    those shown has, by its number."""

    shown: Sequence[Ticket] = ()
    count: int = 0
    files: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class HandedOver:
    """A ticket that another team has now: all that its former team may know of it."""

    number: int
    status: Status
    team: Team
    at: datetime
    """When the former team handed it over."""


@dataclass(frozen=True)
class TicketsFound:
    """One page (from 0) of what a search over tickets found; `words`: the query."""

    words: str
    tickets: Sequence[Ticket]
    page: int
    has_more: bool
    handed_over: Sequence[HandedOver] = ()
    """Those of its numbers that the searcher's teams have handed over."""


@dataclass(frozen=True)
class OwnTicketsFound(TicketsFound):
    """The same of a search over somebody's own tickets; `last`: by number, the last event of each open one
    that its requester may see."""

    last: Mapping[int, Event] = field(default_factory=dict)
