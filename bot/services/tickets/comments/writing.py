"""Writing a comment, from a form or from a message in a thread. Imports nothing of Slack."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.tickets.actions import locked, trigger
from bot.services.tickets.allowance import check_comments
from bot.services.tickets.attachments import add_files, without_known
from bot.services.tickets.waits.follow import follow
from models.characters import is_blank
from models.errors import RoleRefused, SentAlready
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Role, Status
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment, added
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import apply

_REQUESTERS = {Action.ANSWER, Action.COMMENT}


@dataclass(frozen=True)
class NewComment:
    """A comment to write: of a form, which has a `submission`, or of a message, which has `channel`, `ts`."""

    text: str
    files: Sequence[NewFile] = ()
    submission: str | None = None
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    under_former_card: bool = False
    """In the thread of a card in whose place the team has another, where it no longer looks."""

    def with_own_submission(self) -> "NewComment":
        """The same under a uuid made of its form and contents: sent again, it has the same one."""
        parts = [str(self.submission), self.text, *(file.slack_file_id for file in self.files)]
        return replace(self, submission=str(uuid5(NAMESPACE_URL, "\n".join(parts))))


def requester_action(ticket: Ticket) -> Action:
    """What a requester's message is: the answer to a pending ticket, or a comment."""
    return Action.ANSWER if ticket.status is Status.PENDING else Action.COMMENT


def write(uow: UnitOfWork, ticket_id: int, action: Action, new: NewComment) -> Ticket:
    """Write a comment with its event and files, and queue the messages that follow.

    Raises `SentAlready`, `RoleRefused`, `FieldRefused` without text and files, `LimitReached`, and what
    `transitions.apply` raises.
    """
    ticket = locked(uow, ticket_id)
    if known := comment_of(uow.session, ticket_id, new.submission):
        return _write_more(uow, ticket, action, known, new)
    _check(uow, ticket, action, new)
    event = apply(
        ticket,
        action,
        trigger(uow, ticket, surface="thread" if new.ts else "form"),
        # A file without text is a comment too; the history stores neither.
        text=new.files[0].name if is_blank(new.text) else new.text,
    )
    follow(uow, ticket, event)
    comment = _comment(event, new)
    uow.session.add_all([event, comment])
    uow.session.flush()
    files = add_files(uow, ticket, new.files, comment)
    enqueue.announce(uow, ticket, event, comment=comment, files=files, elsewhere=new.under_former_card)
    return ticket


def comment_of(session: Session, ticket_id: int, submission: str | None) -> Comment | None:
    """The comment that a form made before."""
    query = select(Comment).where(Comment.submission == submission, Comment.ticket_id == ticket_id)
    return session.scalars(query).one_or_none() if submission else None


def _check(uow: UnitOfWork, ticket: Ticket, action: Action, new: NewComment) -> None:
    if action is Action.NOTE and Role.TECHNICIAN not in uow.actor.roles(ticket):
        raise RoleRefused(action)
    if is_blank(new.text) and not new.files:
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    check_comments(uow)


def _comment(event: Event, new: NewComment) -> Comment:
    comment = Comment(
        ticket=event.ticket,
        event=event,
        author=event.actor,
        is_internal=event.action is Action.NOTE,
        channel=new.channel,
        ts=new.ts,
        thread_ts=new.thread_ts,
        submission=new.submission or None,
        edited_ts=new.edited_ts,
        edited_at=event.at if new.edited_ts else None,
        revision=0,
    )
    comment.write(new.text)
    return comment


def _write_more(uow: UnitOfWork, ticket: Ticket, action: Action, known: Comment, new: NewComment) -> Ticket:
    """Write what a form adds to the comment that it made before. Raises `SentAlready` when it adds nothing
    but differs."""
    text = added(known.text, new.text)
    files = without_known(uow.session, new.files, Attachment.comment_id == known.id)
    is_requesters = {action, known.event.action} <= _REQUESTERS  # the first one may have ended the hold
    if text or files:
        is_pending = action is Action.ASK and ticket.status is Status.PENDING
        more = replace(new, text=text, files=files).with_own_submission()
        return write(uow, ticket.id, Action.REPLY if is_pending else action, more)
    if new.text.strip() != known.text.strip() or not (is_requesters or action is known.event.action):
        raise SentAlready
    return ticket
