"""A ticket's history, as somebody may read it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
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


def last_visible(session: Session, numbers: Collection[int]) -> Mapping[int, Event]:
    """The last event of each of these tickets that their requesters may see, with its actor."""
    newest = (
        select(Event.ticket_id, func.max(Event.number).label("number"))
        .where(Event.ticket_id.in_(numbers), Event.action.not_in(INTERNAL))
        .group_by(Event.ticket_id)
        .subquery()
    )
    is_newest = (Event.ticket_id == newest.c.ticket_id) & (Event.number == newest.c.number)
    rows = select(Event).join(newest, is_newest).options(joinedload(Event.actor))
    return {event.ticket_id: event for event in session.scalars(rows)} if numbers else {}


def questions(session: Session, numbers: Collection[int]) -> Mapping[int, str]:
    """Of each of these tickets, what the team last wrote to its requester, unless they wrote later."""
    newest = (
        select(func.max(Comment.id))
        .where(Comment.ticket_id.in_(numbers), ~Comment.is_internal, Comment.deleted_at.is_(None))
        .group_by(Comment.ticket_id)
    )
    asked = select(Comment.ticket_id, Comment.text).join(Event, Event.id == Comment.event_id)
    asked = asked.where(Comment.id.in_(newest), Event.action.in_([Action.ASK, Action.REPLY]))
    return {row.ticket_id: row.text for row in session.execute(asked)} if numbers else {}


def former_holder(session: Session, ticket: Ticket, before: int) -> str | None:
    """The Slack id of who had the ticket when its present team last handed it over, before the event of this
    number."""
    handed_over = select(Event).where(
        Event.ticket_id == ticket.id, Event.action == Action.TRANSFER, Event.number < before
    )
    for event in session.scalars(handed_over.order_by(Event.number.desc())):
        if event.details.team == ticket.team_id:
            return event.details.former_holder
    return None


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
