"""What people say to each other about a ticket: replies, answers, notes; and what becomes of their edits.

A card's thread is internal: what is typed there is a note. What the requester types under one of their own
messages is for the team. No Slack in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.tickets.actions import locked
from bot.services.tickets.attachments import add_files
from models.catalogue import Team
from models.errors import FieldRefused, NotKept, RoleRefused, SlackUnavailable
from models.lifecycle import Action, Role, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import Post
from models.person import Person
from models.tickets.attachment import DELETED, Attachment, AttachmentState
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

CLOCKS_DIFFER = timedelta(minutes=1)  # Slack's and ours, at most


@dataclass(frozen=True)
class Typed:
    """A message that somebody typed in a thread: where, and what."""

    channel: str
    ts: str
    thread_ts: str
    text: str
    files: Sequence[NewFile] = ()


def reply(
    uow: UnitOfWork,
    ticket_id: int,
    text: str,
    *,
    files: Sequence[NewFile] = (),
    waits: bool = False,
    submission: str,
) -> Ticket:
    """A technician writes to the requester; `waits`: the ticket is pending until they answer. The same
    `submission` twice is one reply."""
    action = Action.ASK if waits else Action.REPLY
    return _write(uow, ticket_id, action, _Written(text, files, submission=submission))


def note(uow: UnitOfWork, ticket_id: int, text: str, *, submission: str) -> Ticket:
    """A technician writes to their team, by a form; the same `submission` twice is one note."""
    return _write(uow, ticket_id, Action.NOTE, _Written(text, submission=submission))


@dataclass(frozen=True)
class Thread:
    """A thread under one of our messages, and whose it is."""

    ticket_id: int | None
    is_teams: bool
    """Under the team's card: what is typed there is a note."""


def thread_at(session: Session, channel: str, thread_ts: str, *, writer: str) -> Thread | None:
    """The thread under this message, when the message is ours. `writer`: the Slack id of who writes there.

    Raises `SlackUnavailable` while it may be one whose sending was not answered: Slack tells the words again,
    and by then it is known where the message stands.
    """
    post = _head(session, channel, thread_ts)
    if post is not None:
        return Thread(post.ticket_id, post.kind in {DeliveryKind.TRIAGE_CARD, DeliveryKind.MOVED})
    outage = select(Outage.id).where(Outage.channel == channel, Outage.ts == thread_ts)
    if session.scalar(outage) is not None:
        return Thread(None, is_teams=True)
    if _may_be_ours(session, channel, thread_ts, writer):
        raise SlackUnavailable
    return None


def _may_be_ours(session: Session, channel: str, thread_ts: str, writer: str) -> bool:
    """Whether an unsettled attempt may have posted this message: the place is kept once it is settled."""
    posted_at = datetime.fromtimestamp(float(thread_ts), UTC)
    in_hand = select(Delivery.id).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.started_at.is_not(None),
        Delivery.created_at <= posted_at + CLOCKS_DIFFER,
    )
    if channel.startswith("D"):  # a direct message, which nobody else can write in
        people = select(Person.id).where(Person.slack_id == writer)
        in_hand = in_hand.where(Delivery.person_id.in_(people), Delivery.recipient.startswith("dm:"))
    else:
        in_hand = in_hand.where(Delivery.team_id.in_(select(Team.id).where(Team.channel_id == channel)))
    return session.scalar(in_hand.limit(1)) is not None


def hear(uow: UnitOfWork, typed: Typed) -> Ticket:
    """Keep what was typed in a thread of ours; the same message twice is one comment.

    Raises `NotKept` under a card that is no ticket's, or no longer, and what `tickets.act` raises.
    """
    head = _head(uow.session, typed.channel, typed.thread_ts)
    if head is None or head.kind is DeliveryKind.MOVED:
        raise NotKept(handed_over=head is not None)
    ticket = locked(uow, head.ticket_id)
    if _comment_at(uow.session, typed.channel, typed.ts):
        return ticket
    if head.kind is DeliveryKind.TRIAGE_CARD:
        action = Action.NOTE
    else:
        action = Action.ANSWER if ticket.status is Status.PENDING else Action.COMMENT
    return _write(
        uow, ticket.id, action, _Written(typed.text, typed.files, channel=typed.channel, ts=typed.ts)
    )


def edit(uow: UnitOfWork, channel: str, ts: str, text: str) -> bool:
    """Its author edited a message: the comment follows. False when it is none, or says the same."""
    comment = _comment_at(uow.session, channel, ts)
    if comment is None or comment.deleted_at is not None or comment.text == text:
        return False
    comment.write(text)
    comment.edited_at = uow.now
    _follow(uow, comment)
    return True


def delete(uow: UnitOfWork, channel: str, ts: str) -> bool:
    """A message was deleted: its words and files leave the comment, which stays. False when it is none."""
    comment = _comment_at(uow.session, channel, ts)
    if comment is None or comment.deleted_at is not None:
        return False
    comment.write("")
    comment.deleted_at = uow.now
    _follow(uow, comment)
    for file in uow.session.scalars(select(Attachment).where(Attachment.comment_id == comment.id)).all():
        file.state, file.reason = AttachmentState.FAILED, DELETED
        enqueue.announce_removal(uow, comment, file)
    return True


def _follow(uow: UnitOfWork, comment: Comment) -> None:
    comment.revision += 1
    uow.session.flush()
    enqueue.announce_edit(uow, comment)


@dataclass(frozen=True)
class _Written:
    """What somebody wrote: by a form, which has a submission, or in a thread, where it stands."""

    text: str
    files: Sequence[NewFile] = ()
    submission: str | None = None
    channel: str | None = None
    ts: str | None = None


def _write(uow: UnitOfWork, ticket_id: int, action: Action, written: _Written) -> Ticket:
    ticket = locked(uow, ticket_id)
    if written.submission and _is_kept(uow.session, ticket_id, written.submission):
        return ticket
    roles = uow.actor.roles(ticket)
    if action is Action.NOTE and Role.TECHNICIAN not in roles:
        raise RoleRefused(action)
    if not written.text.strip() and not written.files:
        raise FieldRefused("text", "missing")
    event = ticket.apply(
        action,
        actor=uow.person,
        roles=roles,
        now=uow.now,
        surface="thread" if written.ts else "form",
        # A file alone says something too; the history keeps neither.
        said=written.text.strip() or written.files[0].name,
        reopen_days=uow.rules.reopen_days,
    )
    comment = _comment(event, written)
    uow.session.add_all([event, comment])
    uow.session.flush()
    added = add_files(uow, ticket, written.files, comment)
    enqueue.announce(uow, ticket, event, comment=comment, files=added)
    return ticket


def _comment(event: Event, written: _Written) -> Comment:
    comment = Comment(
        ticket=event.ticket,
        event=event,
        author=event.actor,
        is_internal=event.action is Action.NOTE,
        channel=written.channel,
        ts=written.ts,
        submission=written.submission or None,
        revision=0,
    )
    comment.write(written.text)
    return comment


def _is_kept(session: Session, ticket_id: int, submission: str) -> bool:
    kept = select(Comment.id).where(Comment.submission == submission, Comment.ticket_id == ticket_id)
    return session.scalar(kept) is not None


def _head(session: Session, channel: str, thread_ts: str) -> Post | None:
    return session.scalars(select(Post).where(Post.channel == channel, Post.ts == thread_ts)).one_or_none()


def _comment_at(session: Session, channel: str, ts: str) -> Comment | None:
    return session.scalars(select(Comment).where(Comment.channel == channel, Comment.ts == ts)).one_or_none()
