"""Tickets that are kept from their team until an agreement is given."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.lifecycle import TRANSITIONS, Action, Agreement, Role, Status
from models.tickets.attachment import Attachment
from models.tickets.event import Event


def show_to_team(uow: UnitOfWork, event: Event, files: Sequence[Attachment]) -> Sequence[Attachment]:
    """After this event the team has the ticket's card, if nothing is waited for any more. Returns the files
    that came before those of the event."""
    ticket = event.ticket
    if not ticket.is_kept_from_team or not _is_for_team(event):
        return []
    ticket.is_kept_from_team = False
    rows = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)
    return [each for each in uow.session.scalars(rows) if each not in files]


def _is_for_team(event: Event) -> bool:
    """Whether the agreement is no longer asked, or somebody of the team has found the ticket and works on
    it."""
    ticket = event.ticket
    is_theirs = event.action is not Action.NOTE and (
        event.action in TRANSITIONS and TRANSITIONS[event.action].roles == {Role.TECHNICIAN}
    )
    return is_theirs or (ticket.agreement is not Agreement.ASKED and ticket.status is not Status.CLOSED)
