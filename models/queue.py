"""What technicians see of their teams' tickets at once: a page of the queue, a page of a search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from models.catalogue import Service, Site
from models.lifecycle import Priority
from models.tickets.ticket import Ticket


class Tab(StrEnum):
    """A part of the queue."""

    UNASSIGNED = "unassigned"  # new, nobody has it
    MINE = "mine"
    ON_HOLD = "on_hold"
    TO_APPROVE = "to_approve"  # resolved, the requester has not answered
    LATE = "late"


@dataclass(frozen=True)
class QueuePlace:
    """Where somebody stands in the queue: which tab and page (from 0), and what they filter by."""

    tab: Tab = Tab.UNASSIGNED
    page: int = 0
    site_id: str | None = None
    priority: Priority | None = None
    service_id: str | None = None


@dataclass(frozen=True)
class Queue:
    """One page of a tab, with what stands around it."""

    place: QueuePlace
    tickets: Sequence[Ticket]
    has_more: bool
    counts: Mapping[Tab, int]
    """How many tickets each tab holds under the same filters, counted up to `COUNT_MAX`."""
    sites: Sequence[Site] = field(default_factory=tuple)
    """What may be filtered by."""
    services: Sequence[Service] = field(default_factory=tuple)


COUNT_MAX = 100


@dataclass(frozen=True)
class TicketsFound:
    """One page (from 0) of what a search over tickets found; `words` as they were typed."""

    words: str
    tickets: Sequence[Ticket]
    page: int
    has_more: bool
