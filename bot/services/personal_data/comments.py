"""Forgets what was written about a ticket: all of it, or the internal notes."""

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.removals import rows
from bot.services.removals.queue import remove_message
from models.lifecycle import INTERNAL
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.slack_event import HeardMessage
from models.person import Person
from models.removals.removal import RemovalKind, RemovalState
from models.tickets.comment import Comment
from models.tickets.event import Event


def forget_comments(session: Session, which: ColumnElement[bool]) -> None:
    """Delete comments, and what is known of the messages that they were written as."""
    places = session.execute(select(Comment.channel, Comment.ts).where(which, Comment.ts.is_not(None))).all()
    heard = tuple_(HeardMessage.channel, HeardMessage.ts).in_([tuple(place) for place in places])
    if places:
        session.execute(delete(HeardMessage).where(heard), execution_options={"synchronize_session": "fetch"})
    session.execute(delete(Comment).where(which))


def forget_notes(uow: UnitOfWork, ticket_id: int) -> None:
    """Delete a ticket's notes, have our copies of them deleted in Slack, and list those that technicians
    typed there themselves."""
    session = uow.session
    is_note = (Comment.ticket_id == ticket_id) & Comment.is_internal
    typed = select(Comment.channel, Comment.ts, Comment.thread_ts, Person.slack_id)
    typed = typed.join(Person, Comment.author_id == Person.id).where(is_note, Comment.ts.is_not(None))
    listed = {"ticket_id": ticket_id, "state": RemovalState.OTHERS}
    found = [
        {"channel": channel, "ts": ts, "thread_ts": thread_ts, "owner": owner, **listed}
        for channel, ts, thread_ts, owner in session.execute(typed)
    ]
    rows.add(uow, RemovalKind.MESSAGE, found)
    numbers = session.scalars(
        select(Event.number).where(Event.ticket_id == ticket_id, Event.action.in_(INTERNAL))
    ).all()
    references = select(MessageReference).where(
        MessageReference.ticket_id == ticket_id,
        MessageReference.kind == DeliveryKind.COMMENT,
        MessageReference.event_number.in_(numbers),
    )
    for copy in session.scalars(references):
        remove_message(uow, copy.channel, copy.ts)
        session.delete(copy)
    session.execute(
        delete(Delivery).where(
            Delivery.ticket_id == ticket_id,
            Delivery.kind == DeliveryKind.COMMENT,
            Delivery.event_number.in_(numbers),
        )
    )
    forget_comments(session, is_note)
