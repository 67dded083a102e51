"""The clocks of a ticket as its history has them. Pure."""

from collections.abc import Sequence
from datetime import datetime

from models.lifecycle import Action
from models.service_level import ServiceLevel
from models.tickets import clock
from models.tickets.event import Event
from models.tickets.ticket import RUNNING, Ticket


def replay(ticket: Ticket, events: Sequence[Event], level: ServiceLevel, now: datetime) -> None:
    """Make the ticket's clocks anew from all of its events, in order: as if its present priority, team and
    service had been the same all the time."""
    stands_since = now
    ticket.responded_at = ticket.time_to_respond = None
    clock.begin(ticket, level)
    for event in events:
        if event.action is Action.OPEN:
            continue
        is_by_team = event.actor_id != ticket.requester_id
        clock.note_response(ticket, event.action, event.at, level, is_by_team=is_by_team)
        if ticket.clock_since is not None:
            clock.stop(ticket, level, event.at)
            stands_since = event.at
        if event.action in clock.AGAIN:
            clock.grant(ticket, level)
        if event.to_status in RUNNING:
            ticket.clock_since = event.at
    clock.aim(ticket, level, now if ticket.clock_since else stands_since)
