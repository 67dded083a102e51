"""What people say to each other about a ticket: replies, answers, notes; and what becomes of their edits.

A card's thread is internal: what is typed there is a note. What the requester types under one of their own
messages is for the team. No Slack in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.notifications import enqueue as notifications
from bot.services.tickets import actions as tickets
from bot.services.tickets import attachments
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
    session: Session,
    asker: Asker,
    ticket_id: int,
    text: str,
    *,
    files: Sequence[NewFile] = (),
    waits: bool = False,
    submission: str,
    rules: Rules,
    now: datetime,
) -> Ticket:
    """A technician writes to the requester; `waits`: the ticket is pending until they answer. The same
    `submission` twice is one reply."""
    action = Action.ASK if waits else Action.REPLY
    return _say(session, asker, ticket_id, action, text, files, submission=submission, rules=rules, now=now)


def note(
    session: Session,
    asker: Asker,
    ticket_id: int,
    text: str,
    *,
    submission: str,
    rules: Rules,
    now: datetime,
) -> Ticket:
    """A technician writes to their team, by a form; the same `submission` twice is one note."""
    return _say(session, asker, ticket_id, Action.NOTE, text, (), submission=submission, rules=rules, now=now)


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


def hear(session: Session, asker: Asker, typed: Typed, *, rules: Rules, now: datetime) -> Ticket:
    """Keep what was typed in a thread of ours; the same message twice is one comment.

    Raises `NotKept` under a card that is no ticket's, or no longer, and what `tickets.act` raises.
    """
    head = _head(session, typed.channel, typed.thread_ts)
    if head is None or head.kind is DeliveryKind.MOVED:
        raise NotKept(handed_over=head is not None)
    ticket = tickets.locked(session, head.ticket_id)
    if _comment_at(session, typed.channel, typed.ts):
        return ticket
    if head.kind is DeliveryKind.TRIAGE_CARD:
        action = Action.NOTE
    else:
        action = Action.ANSWER if ticket.status is Status.PENDING else Action.COMMENT
    return _say(session, asker, ticket.id, action, typed.text, typed.files, typed=typed, rules=rules, now=now)


def edit(session: Session, channel: str, ts: str, text: str, *, now: datetime) -> bool:
    """Its author edited a message: the comment follows. False when it is none, or says the same."""
    comment = _comment_at(session, channel, ts)
    if comment is None or comment.deleted_at is not None or comment.text == text:
        return False
    comment.write(text)
    comment.edited_at = now
    _follow(session, comment, now)
    return True


def delete(session: Session, channel: str, ts: str, *, now: datetime) -> bool:
    """A message was deleted: its words and files leave the comment, which stays. False when it is none."""
    comment = _comment_at(session, channel, ts)
    if comment is None or comment.deleted_at is not None:
        return False
    comment.write("")
    comment.deleted_at = now
    _follow(session, comment, now)
    for file in session.scalars(select(Attachment).where(Attachment.comment_id == comment.id)).all():
        file.state, file.reason = AttachmentState.FAILED, DELETED
        notifications.announce_removal(session, comment, file, now=now)
    return True


def _follow(session: Session, comment: Comment, now: datetime) -> None:
    comment.revision += 1
    session.flush()
    notifications.announce_edit(session, comment, now=now)


def _say(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    text: str,
    files: Sequence[NewFile],
    *,
    typed: Typed | None = None,
    submission: str | None = None,
    rules: Rules,
    now: datetime,
) -> Ticket:
    ticket = tickets.locked(session, ticket_id)
    said = select(Comment.id).where(Comment.submission == submission, Comment.ticket_id == ticket_id)
    if submission and session.scalar(said):
        return ticket
    author = session.get_one(Person, asker.id)
    roles = asker.roles(ticket)
    if action is Action.NOTE and Role.TECHNICIAN not in roles:
        raise RoleRefused(action)
    if not text.strip() and not files:
        raise FieldRefused("text", "missing")
    event = ticket.apply(
        action,
        actor=author,
        roles=roles,
        now=now,
        surface="thread" if typed else "form",
        said=text.strip() or files[0].name,  # a file alone says something too; the history keeps neither
        reopen_days=rules.reopen_days,
    )
    comment = Comment(
        ticket=ticket,
        event=event,
        author=author,
        is_internal=action is Action.NOTE,
        channel=typed.channel if typed else None,
        ts=typed.ts if typed else None,
        submission=submission or None,
        revision=0,
    )
    comment.write(text)
    session.add_all([event, comment])
    session.flush()
    added = attachments.add_files(session, ticket, files, comment)
    notifications.announce(session, ticket, event, now=now, comment=comment, files=added)
    return ticket


def _head(session: Session, channel: str, thread_ts: str) -> Post | None:
    return session.scalars(select(Post).where(Post.channel == channel, Post.ts == thread_ts)).one_or_none()


def _comment_at(session: Session, channel: str, ts: str) -> Comment | None:
    return session.scalars(select(Comment).where(Comment.channel == channel, Comment.ts == ts)).one_or_none()
