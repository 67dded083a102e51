"""Whether to offer a technician to send their note to the requester, who has just written."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import check
from bot.services.tickets.comments.threads import comment_at
from models.characters import is_blank
from models.errors import StalePayload
from models.lifecycle import Action, Role, Status
from models.tickets.comment import Comment
from models.tickets.event import Event

RECENT = timedelta(minutes=10)
"""How long after the requester's text a note may have been meant for them."""


def note_to_offer(uow: UnitOfWork, channel: str, ts: str) -> Comment | None:
    """The note that this message made, when it is the actor's first one since the requester wrote, at most
    `RECENT` after that."""
    note = comment_at(uow.session, channel, ts)
    if note is None or not note.is_internal or note.author_id != uow.actor.id or is_blank(note.text):
        return None
    ticket, written_at = note.ticket, note.ticket.requester_wrote_at
    if uow.person.declined_reply_hint or ticket.requester_id == note.author_id:
        return None
    if ticket.status is Status.CLOSED or written_at is None or note.event.at - written_at > RECENT:
        return None
    notes = select(func.count(Event.id)).where(
        Event.ticket_id == ticket.id,
        Event.action == Action.NOTE,
        Event.actor_id == note.author_id,
        Event.at >= written_at,
    )
    return note if uow.session.scalar(notes) == 1 else None


def note_to_send(uow: UnitOfWork, ticket_id: int, comment_id: int) -> Comment:
    """A note of the ticket, when the actor may reply to its requester. Raises `StalePayload` when the ticket
    has no such note, or its author deleted it; and as `check` does."""
    check(uow, ticket_id, Action.REPLY)
    note = uow.session.get(Comment, comment_id)
    if note is None or note.ticket_id != ticket_id or not note.is_internal or note.deleted_at is not None:
        raise StalePayload
    assert Role.TECHNICIAN in uow.actor.roles(note.ticket)
    return note


def decline(uow: UnitOfWork) -> None:
    """The actor no longer wants to be offered it."""
    uow.person.declined_reply_hint = True
