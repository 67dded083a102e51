"""Tickets that are open again after who had them has left the team: they return to its queue."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.waits.follow import follow
from models.departures.departure import Departure, DepartureState
from models.lifecycle import Action, Role
from models.person import ChannelMember
from models.tickets.changes.holder import Unassignment
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

OPENS_AGAIN = frozenset({Action.REFUSE, Action.REOPEN, Action.UNDO_CLOSING})
_CONFIRMED = frozenset({DepartureState.RELEASING, DepartureState.RELEASED})


def return_to_queue(uow: UnitOfWork, ticket: Ticket, event: Event) -> list[Event]:
    """Take the ticket from who has left its team, when `event` opened it again. Returns the event of that."""
    if event.action not in OPENS_AGAIN or ticket.assignee is None or not has_left(uow.session, ticket):
        return []
    trigger = Trigger(ticket.assignee, {Role.DESK}, uow.now, "departure", StoredLevels(uow.session))
    released = apply(ticket, Action.UNASSIGN, trigger, change=Unassignment())
    follow(uow, ticket, released)
    uow.session.add(released)
    uow.session.flush()
    return [released]


def has_left(session: Session, ticket: Ticket) -> bool:
    """Whether the account of who has the ticket is deactivated, or their last departure from its team is
    confirmed and they are no member again."""
    person = ticket.assignee
    if person is None or person.is_deactivated:
        return person is not None
    theirs = select(Departure.state).where(
        Departure.person_id == person.id, Departure.team_id == ticket.team_id
    )
    if session.scalar(theirs.order_by(Departure.id.desc()).limit(1)) not in _CONFIRMED:
        return False
    channel = ticket.team.channel_id
    return channel is None or session.get(ChannelMember, (channel, person.slack_id)) is None
