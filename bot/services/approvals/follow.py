"""What an event of a ticket means for its agreement."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.rows import approvals_of
from models.approvals.process import withdraw
from models.lifecycle import Agreement
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def follow_agreement(uow: UnitOfWork, ticket: Ticket, event: Event) -> None:
    """Close the steps of a ticket whose agreement the event has withdrawn."""
    if event.details.agreement is Agreement.NOT_NEEDED:
        withdraw(approvals_of(uow.session, ticket.id), uow.now)
