"""The clocks of a ticket as its history has them. Pure."""

from collections.abc import Sequence
from datetime import datetime

from models.lifecycle import Action
from models.service_level import ServiceLevel
from models.tickets.clocks import clock
from models.tickets.event import Event
from models.tickets.ticket import RUNNING, Ticket


def replay(ticket: Ticket, events: Sequence[Event], level: ServiceLevel, now: datetime) -> None:
    """Make the ticket's clocks anew from all of its events, in order: as if its present priority, team and
    service had been the same all the time."""
    ticket.responded_at = ticket.time_to_respond = None
    clock.begin(ticket, level)
    for event in events:
        if event.action is not Action.OPEN:
            _replay(ticket, event, level)
    if ticket.clock_since is not None:
        clock.aim(ticket, level, now)


def _replay(ticket: Ticket, event: Event, level: ServiceLevel) -> None:
    was_running, runs = ticket.clock_since is not None, event.to_status in RUNNING
    is_by_team = event.actor_id != ticket.requester_id
    clock.note_response(ticket, event.action, event.at, level, is_by_team=is_by_team)
    if not runs:
        clock.stop(ticket, level, event.at)
    if event.action in clock.AGAIN:
        clock.grant(ticket, level)
    if runs and not was_running:
        ticket.clock_since = event.at
    if runs or was_running:
        clock.aim(ticket, level, event.at)
