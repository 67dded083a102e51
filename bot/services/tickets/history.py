"""A ticket's history, as somebody may read it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.lifecycle import INTERNAL, INTERNAL_WORDS, Action, Role
from models.tickets.comment import Comment
from models.tickets.event import Event, Line
from models.tickets.ticket import Ticket


def history(session: Session, ticket: Ticket, roles: Collection[Role]) -> Sequence[Line]:
    """Its events, oldest first: all of them for technicians; for the requester without notes, and without the
    texts that only the team may read."""
    rows = session.execute(
        select(Event, Comment)
        .outerjoin(Comment, Comment.event_id == Event.id)
        .where(Event.ticket_id == ticket.id)
        .order_by(Event.number)
        .options(joinedload(Event.actor))
    ).all()
    team = Role.TECHNICIAN in roles
    return [
        _line(event, comment, team=team) for event, comment in rows if team or event.action not in INTERNAL
    ]


def _line(event: Event, comment: Comment | None, *, team: bool) -> Line:
    if comment is not None:
        deleted = comment.deleted_at is not None
        return Line(event, None if deleted else comment.text, comment.edited_at is not None, deleted)
    return Line(event, event.text if team or event.action not in INTERNAL_WORDS else None)


def event_numbered(session: Session, ticket: Ticket, number: int) -> Event | None:
    """One of its events."""
    return session.scalars(
        select(Event).where(Event.ticket_id == ticket.id, Event.number == number)
    ).one_or_none()


def last_of(session: Session, ticket: Ticket, action: Action) -> Event:
    """Its newest event with this action; there must be one."""
    return session.scalars(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.action == action)
        .order_by(Event.number.desc())
        .limit(1)
    ).one()
