"""What can be done with a ticket: one action at a time, as the table of transitions allows it.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence

from bot.catalogue.calendar.stored import read_beside
from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.approvals.asking import bring_on
from bot.services.approvals.changes import Asking, with_agreement
from bot.services.audit.reading import saw
from bot.services.tickets.waits.follow import follow
from bot.services.tickets.waits.reopened import return_to_queue
from models.errors import TicketForgotten, TicketNotFound
from models.lifecycle import Action
from models.tickets import transitions
from models.tickets.event import Change, Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger


def act(
    uow: UnitOfWork,
    ticket_id: int,
    action: Action,
    *,
    text: str | None = None,
    change: Change | None = None,
    resolution: int | None = None,
) -> Ticket:
    """Do `action` to a ticket, write its event and queue the messages that follow.

    Raises `TicketNotFound` when there is none, and what `check` and `transitions.apply` raise.
    """
    ticket = locked(uow, ticket_id)
    _check(uow, ticket, action, resolution)
    change = with_agreement(uow, ticket, action, change)
    event = transitions.apply(
        ticket, action, trigger(uow, ticket), text=text, change=change, resolution=resolution
    )
    follow(uow, ticket, event)
    uow.session.add(event)
    uow.session.flush()
    own_agreements = bring_on(uow, ticket, change.approvals) if isinstance(change, Asking) else []
    for each in (event, *own_agreements, *return_to_queue(uow, ticket, event)):
        enqueue.announce(uow, ticket, each)
    return ticket


def write_events(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Write what was done to many tickets, which are locked, and queue the messages that follow."""
    for event in events:
        follow(uow, event.ticket, event)
    uow.session.add_all(events)
    uow.session.flush()
    for event in events:
        enqueue.announce(uow, event.ticket, event)


def trigger(uow: UnitOfWork, ticket: Ticket, *, surface: str | None = None) -> Trigger:
    """The actor, in their roles, now, on the unit of work's surface unless another is given."""
    roles, levels = uow.actor.roles(ticket), StoredLevels(uow.session)
    return Trigger(uow.person, roles, uow.now, surface or uow.surface, levels)


def locked(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, which nobody else changes until the transaction ends. Raises `TicketNotFound`, and
    `TicketForgotten` for one whose contents were erased."""
    ticket = _existing(uow.session.get(Ticket, ticket_id, with_for_update=True))
    read_beside(uow.session, ticket, uow.by.id if uow.by else None)
    return ticket


def _existing(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise TicketNotFound
    if ticket.forgotten_at is not None:
        raise TicketForgotten(ticket.id, ticket.forgotten_at)
    return ticket


def check(uow: UnitOfWork, ticket_id: int, action: Action, *, resolution: int | None = None) -> Ticket:
    """The ticket, when the actor may do `action` to it now. Raises `TicketNotFound`, what
    `transitions.check` raises, and `ReopeningTooLate`."""
    ticket = _existing(uow.session.get(Ticket, ticket_id))
    _check(uow, ticket, action, resolution)
    saw(uow, ticket)
    return ticket


def _check(uow: UnitOfWork, ticket: Ticket, action: Action, resolution: int | None) -> None:
    transitions.check(ticket, action, uow.actor.roles(ticket), resolution=resolution)
    if action in transitions.REOPENINGS:
        transitions.check_reopening(ticket, uow.now, uow.settings.days_to_reopen(ticket.ending))
