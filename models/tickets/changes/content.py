"""What a ticket says, as its requester or a technician corrects it; how satisfied its requester is."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from models.base import LocalizedText
from models.catalogue import Service, Site
from models.details import EventDetails
from models.lifecycle import (
    Impact,
    Priority,
    Rating,
    Urgency,
)
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Qualification:
    """The technician sets impact, urgency, site and service; what the requester declared is kept."""

    impact: Impact
    urgency: Urgency
    site: Site
    service: Service | None

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before = _qualified(ticket)
        ticket.set_priority(self.impact, self.urgency)
        ticket.site, ticket.service = self.site, self.service
        return EventDetails.between(before, _qualified(ticket))


class _Qualified(NamedTuple):
    impact: Impact
    urgency: Urgency
    site: LocalizedText
    service: LocalizedText | None
    priority: Priority


def _qualified(ticket: Ticket) -> _Qualified:
    return _Qualified(
        impact=ticket.impact,
        urgency=ticket.urgency,
        site=ticket.site.name,
        service=ticket.service.name if ticket.service else None,
        priority=ticket.priority,
    )


@dataclass(frozen=True)
class Edit:
    """The requester corrects what they declared."""

    title: str
    description: str
    impact: Impact
    urgency: Urgency
    site: Site

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        before, is_described_anew = _declared(ticket), self.description != ticket.description
        ticket.title, ticket.description, ticket.site = self.title, self.description, self.site
        if self.impact is not ticket.impact:
            ticket.declared_impact = self.impact
        if self.urgency is not ticket.urgency:
            ticket.declared_urgency = self.urgency
        ticket.set_priority(self.impact, self.urgency)
        details = EventDetails.between(before, _declared(ticket))
        return details.model_copy(update={"description": True}) if is_described_anew else details


class _Declared(NamedTuple):
    title: str
    impact: Impact
    urgency: Urgency
    site: LocalizedText
    priority: Priority


def _declared(ticket: Ticket) -> _Declared:
    return _Declared(ticket.title, ticket.impact, ticket.urgency, ticket.site.name, ticket.priority)


@dataclass(frozen=True)
class Satisfaction:
    """The requester rates how their ticket was handled."""

    rating: Rating

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.rating = self.rating
        return EventDetails(rating=self.rating)
