"""What others did to a ticket since somebody opened a form about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.context.unit_of_work import UnitOfWork
from models.errors import ActedMeanwhile, Done
from models.lifecycle import REQUESTER_WRITES, TEAM_ANSWERS, Action
from models.tickets.comment import Comment
from models.tickets.event import Event

TOLD = (
    REQUESTER_WRITES
    | TEAM_ANSWERS
    | {Action.TAKE, Action.ASSIGN, Action.HOLD, Action.RESUME, Action.TRANSFER, Action.EDIT, Action.COMPLETE}
)
"""What may make a text out of date that somebody is writing."""


@dataclass(frozen=True)
class OpenedForm:
    """What every technician's form carries beside its action."""

    seen: int | None = None
    """The number of the ticket's last event when the form was opened; `None`: it does not say."""
    takes: bool = False
    """Its box is ticked that takes a ticket which nobody has taken."""


NO_FORM = OpenedForm()
"""Of a button, which is no form."""


def check_seen(uow: UnitOfWork, ticket_id: int, form: OpenedForm) -> None:
    """Raise `ActedMeanwhile` when others acted on the ticket, which is locked, since the form was opened."""
    if form.seen is None:
        return
    rows = uow.session.execute(
        select(Event, Comment)
        .outerjoin(Comment, Comment.event_id == Event.id)
        .where(Event.ticket_id == ticket_id, Event.number > form.seen)
        .where(Event.actor_id != uow.actor.id, Event.action.in_(TOLD))
        .order_by(Event.number.desc())
        .options(joinedload(Event.actor))
    ).all()
    done: Sequence[Done] = [_done(event, comment) for event, comment in rows]
    if done:
        raise ActedMeanwhile(rows[0][0].number, done)


def _done(event: Event, comment: Comment | None) -> Done:
    is_shown = comment is not None and comment.deleted_at is None
    text = comment.text if comment is not None and is_shown else event.text
    return Done(event.action, event.actor.name, event.at, event.details, text or "")
