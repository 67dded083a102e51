"""Messages in the threads under our own: whose thread it is, and the comment that a message makes.

Imports nothing of Slack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card
from bot.services.approvals.queries import is_asked
from bot.services.removals.gone import note_message_gone
from bot.services.tickets.actions import locked
from bot.services.tickets.comments.early_changes import as_known, known_of
from bot.services.tickets.comments.writing import NewComment, requester_action, write
from bot.services.tickets.history import event_numbered
from models.approvals.errors import NotPassedOn
from models.catalogue import Team
from models.errors import NotRecorded, SlackUnavailable
from models.lifecycle import Action
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.outbox.recipient import team_recipient
from models.outbox.slack_event import HeardMessage
from models.person import Person
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

CLOCKS_DIFFER = timedelta(minutes=1)  # Slack's and ours, at most
_TEAM_CARDS = {DeliveryKind.TRIAGE_CARD, DeliveryKind.MOVED}
Reference = MessageReference | FormerMessageReference


@dataclass(frozen=True)
class ThreadMessage:
    """A message that somebody wrote in a thread."""

    channel: str
    ts: str
    thread_ts: str
    text: str
    files: Sequence[NewFile] = ()


@dataclass(frozen=True)
class Thread:
    """A thread under one of our messages."""

    ticket_id: int | None
    """`None` under an outage's card."""
    is_teams: bool
    """Under the team's card: what is written there is a note."""
    outage_id: int | None = None
    """The outage, under its card."""


def thread_at(
    session: Session, channel: str, thread_ts: str, *, writer: str, above: str | None = None
) -> Thread | None:
    """The thread under this message, when the message is ours. `writer`: the Slack id of who writes there;
    `above`: of who wrote the message, when Slack says so.

    Raises `SlackUnavailable` while it may be a message whose sending was not confirmed: Slack resends the
    event, and the message's reference is saved by then.
    """
    if (thread := _known_thread(session, channel, thread_ts)) is not None:
        return thread
    if above == writer or _is_answer(session, channel, thread_ts, writer):
        return None
    if _may_be_ours(session, channel, thread_ts, writer):
        raise SlackUnavailable
    return _known_thread(session, channel, thread_ts)  # saved since it was looked for first


def _known_thread(session: Session, channel: str, thread_ts: str) -> Thread | None:
    root = reference_at(session, channel, thread_ts)
    if root is not None:
        return Thread(root.ticket_id, root.kind in _TEAM_CARDS)
    outage_id = session.scalar(select(Outage.id).where(Outage.channel == channel, Outage.ts == thread_ts))
    return Thread(None, is_teams=True, outage_id=outage_id) if outage_id is not None else None


def reference_at(session: Session, channel: str, ts: str) -> Reference | None:
    """Our message at this place, also one that was deleted."""
    query = select(MessageReference).where(MessageReference.channel == channel, MessageReference.ts == ts)
    return session.scalars(query).one_or_none() or session.get(FormerMessageReference, (channel, ts))


def is_approvers(session: Session, channel: str, ts: str) -> bool:
    """Whether our message at this place asks an approver: what is written below it is not stored."""
    root = reference_at(session, channel, ts)
    return root is not None and root.kind is DeliveryKind.AGREEMENT


def comment_at(session: Session, channel: str, ts: str) -> Comment | None:
    """The comment that a message made."""
    return session.scalars(select(Comment).where(Comment.channel == channel, Comment.ts == ts)).one_or_none()


def moved_from(session: Session, channel: str, thread_ts: str) -> str | None:
    """The id that a team's channel had before it became `channel`: one of our messages there has this `ts`,
    and no team has `channel`."""
    teams = select(Team.channel_id).where(Team.channel_id.is_not(None))
    if session.scalar(teams.where(Team.channel_id == channel).limit(1)):
        return None
    return session.scalar(
        select(MessageReference.channel)
        .where(MessageReference.channel.in_(teams), MessageReference.ts == thread_ts)
        .limit(1)
    )


def _is_answer(session: Session, channel: str, ts: str, writer: str) -> bool:
    """Whether the message answers what they wrote outside of threads, and is about no ticket."""
    answers = (
        select(MessageDraft.id)
        .join(MessageDraft.person)
        .where(
            Person.slack_id == writer, MessageDraft.answer_channel == channel, MessageDraft.answer_ts == ts
        )
    )
    return session.scalar(answers.limit(1)) is not None


def _may_be_ours(session: Session, channel: str, thread_ts: str, writer: str) -> bool:
    """Whether an attempt that is not completed may have posted this message."""
    posted_at = datetime.fromtimestamp(float(thread_ts), UTC)
    in_progress = select(Delivery.id).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.started_at.is_not(None),
        Delivery.kind != DeliveryKind.DRAFT,  # is about no ticket
        Delivery.created_at <= posted_at + CLOCKS_DIFFER,
        *_goes_to(channel, writer),
    )
    return session.scalar(in_progress.limit(1)) is not None


def _goes_to(channel: str, writer: str) -> tuple[ColumnElement[bool], ...]:
    """The deliveries to a channel, or to a direct message, in which nobody but `writer` can write."""
    if channel.startswith("D"):
        people = select(Person.id).where(Person.slack_id == writer)
        return Delivery.person_id.in_(people), Delivery.recipient.startswith("dm:")
    return (Delivery.team_id.in_(select(Team.id).where(Team.channel_id == channel)),)


def receive(uow: UnitOfWork, message: ThreadMessage) -> Ticket | None:
    """Write the comment that a message in a thread of ours makes; the same message twice is one comment.
    `None` when its author deleted it before it arrived.

    Raises `NotRecorded` under an outage's card and the card of a former team, `NotPassedOn` under what asks
    an approver, `LimitReached`, and what `transitions.apply` raises.
    """
    root = reference_at(uow.session, message.channel, message.thread_ts)
    if root is None:
        raise NotRecorded(handed_over=False)
    if root.kind is DeliveryKind.AGREEMENT:
        raise NotPassedOn(is_over=not is_asked(uow.session, root.ticket_id, uow.actor.id))
    known = known_of(uow, message.channel, message.ts)
    ticket = locked(uow, root.ticket_id)
    if comment_at(uow.session, message.channel, message.ts):
        return ticket
    if _is_former_teams(ticket, root):
        raise NotRecorded(handed_over=True)
    new = _new_comment(message, known, under_former_card=_is_former_card(uow.session, ticket, root))
    if new is None:
        return None
    is_teams = root.kind in _TEAM_CARDS
    write(uow, ticket.id, Action.NOTE if is_teams else requester_action(ticket), new)
    known.text = None  # the comment has it now
    return ticket


def _is_former_teams(ticket: Ticket, root: Reference) -> bool:
    """Whether the message is the card of a team that handed the ticket over, also before the card says so."""
    if isinstance(root, FormerMessageReference):
        return root.kind is DeliveryKind.MOVED
    return root.kind in _TEAM_CARDS and root.recipient != str(team_recipient(ticket.team_id))


def _is_former_card(session: Session, ticket: Ticket, root: Reference) -> bool:
    """Whether the ticket's team has another card since, or will have: this one was deleted, or says where the
    ticket went before it came back. That of a ticket behind an outage is of the same kind."""
    if isinstance(root, FormerMessageReference):
        return True
    return ticket.has_card and (root.kind is DeliveryKind.MOVED or _is_moving(session, root))


def _is_moving(session: Session, root: MessageReference) -> bool:
    """Whether the card is still to say where the ticket went."""
    edit = select(Delivery.id).where(
        Delivery.ticket_id == root.ticket_id,
        Delivery.kind == DeliveryKind.MOVED,
        Delivery.state == DeliveryState.PENDING,
        Delivery.recipient == root.recipient,
    )
    return root.kind is DeliveryKind.TRIAGE_CARD and session.scalar(edit.limit(1)) is not None


def _new_comment(
    message: ThreadMessage, known: HeardMessage, *, under_former_card: bool
) -> NewComment | None:
    """The message with the changes that Slack reported before it; `None` when nothing is left of it."""
    text, files = as_known(known, message.text, message.files)
    is_changed = known.edited_ts or known.removed
    if known.is_deleted or (is_changed and not text.strip() and not files):
        return None
    return NewComment(
        text,
        files,
        channel=message.channel,
        ts=message.ts,
        thread_ts=message.thread_ts,
        edited_ts=known.edited_ts,
        under_former_card=under_former_card,
    )


def repost_card(uow: UnitOfWork, channel: str, ts: str) -> None:
    """Queue a team's card anew when it is the message that was deleted; what is written under the old one is
    copied to the new one's thread."""
    note_message_gone(uow, channel, ts)
    root = reference_at(uow.session, channel, ts)
    if not isinstance(root, MessageReference) or root.kind is not DeliveryKind.TRIAGE_CARD:
        return
    uow.session.merge(root.gone())
    uow.session.delete(root)
    ticket = locked(uow, root.ticket_id)
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    refresh_card(uow, ticket, event, why=f"{ts} deleted")
