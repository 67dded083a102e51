"""The clocks of a ticket as its history has them. Pure."""

from collections.abc import Sequence
from datetime import datetime

from models.calendar.service_level import ServiceLevel
from models.lifecycle import Action, Agreement, Status
from models.tickets.clocks import clock
from models.tickets.event import Event
from models.tickets.ticket import RUNNING, Ticket


def replay(ticket: Ticket, events: Sequence[Event], level: ServiceLevel, now: datetime) -> None:
    """Make the ticket's clocks anew from all of its events, in order: as if its present priority, team and
    service had been the same all the time."""
    now_agreed = ticket.agreement, ticket.agreed_at
    ticket.responded_at = ticket.time_to_respond = ticket.agreed_at = None
    ticket.agreement = events[0].details.agreement or Agreement.NOT_NEEDED if events else ticket.agreement
    clock.begin(ticket, level)
    for event in events:
        if event.action is not Action.OPEN:
            _replay(ticket, event, level)
    ticket.agreement, ticket.agreed_at = now_agreed
    if ticket.clock_since is not None:
        clock.aim(ticket, level, now)


def _replay(ticket: Ticket, event: Event, level: ServiceLevel) -> None:
    if event.details.agreement:
        was_asked = ticket.agreement is Agreement.ASKED
        ticket.agreement = event.details.agreement
        if ticket.agreement is Agreement.ASKED:
            ticket.agreed_at = None
        elif was_asked and event.to_status is not Status.CLOSED:
            ticket.agreed_at = event.at
    was_running = ticket.clock_since is not None
    runs = event.to_status in RUNNING and ticket.agreement is not Agreement.ASKED
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
