"""Whether what completes a request was sent before: the same form may arrive twice."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.attachments import without_known
from models.lifecycle import Action
from models.tickets.attachment import Attachment
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def is_sent_before(uow: UnitOfWork, ticket: Ticket, text: str, files: Sequence[NewFile]) -> bool:
    """Whether the request was completed with these words and files, and nothing was asked since."""
    about = Event.ticket_id == ticket.id, Event.action.in_([Action.QUERY, Action.COMPLETE])
    last = uow.session.scalars(select(Event).where(*about).order_by(Event.number.desc()).limit(1)).first()
    if last is None or last.action is not Action.COMPLETE or last.text != (text.strip() or None):
        return False
    return not without_known(uow.session, files, Attachment.ticket_id == ticket.id)
