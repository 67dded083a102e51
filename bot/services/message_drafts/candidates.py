"""The tickets that a draft may be about."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from models.lifecycle import Status
from models.message_draft import MessageDraft
from models.outbox.message_reference import MessageReference
from models.tickets.ticket import Ticket

JUST_ABOVE = timedelta(hours=24)
CANDIDATES_MAX = 100  # options of a menu


def candidates(session: Session, draft: MessageDraft) -> list[Ticket]:
    """The author's tickets that wait for their answer or sign-off, and the one that our newest message just
    above is about, which comes first."""
    waiting = [*awaiting_answer(session, draft.person_id), *awaiting_approval(session, draft.person_id)]
    waiting.sort(key=lambda ticket: ticket.id, reverse=True)
    above = _spoken_of(session, draft)
    first = [above] if above else []
    return [*first, *(ticket for ticket in waiting if ticket not in first)][:CANDIDATES_MAX]


def awaiting_answer(session: Session, person_id: int) -> Sequence[Ticket]:
    """The person's tickets that wait for their answer."""
    return _theirs(session, person_id, Ticket.awaits_answer)


def awaiting_approval(session: Session, person_id: int) -> Sequence[Ticket]:
    """The person's tickets that wait for their sign-off."""
    return _theirs(session, person_id, Ticket.status == Status.RESOLVED)


def _theirs(session: Session, person_id: int, condition: ColumnExpressionArgument[bool]) -> Sequence[Ticket]:
    theirs = select(Ticket).where(Ticket.requester_id == person_id, condition)
    return session.scalars(theirs.order_by(Ticket.id.desc()).limit(CANDIDATES_MAX)).all()


def _spoken_of(session: Session, draft: MessageDraft) -> Ticket | None:
    """The ticket of our newest message in the direct message, when it is little older than the words."""
    newest = session.scalars(
        select(MessageReference)
        .where(MessageReference.channel.in_([draft.channel, draft.person.dm_channel or draft.channel]))
        .order_by(MessageReference.ts.desc())  # Slack's have one length until 2286
        .limit(1)
    ).one_or_none()
    if newest is None or float(newest.ts) < float(draft.messages[-1].ts) - JUST_ABOVE.total_seconds():
        return None
    ticket = session.get_one(Ticket, newest.ticket_id)
    return ticket if ticket.requester_id == draft.person_id else None
