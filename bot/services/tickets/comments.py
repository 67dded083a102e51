"""What people say to each other about a ticket: replies, answers, notes; and what becomes of their edits.

A card's thread is internal: what is typed there is a note. What the requester types under one of their own
messages is for the team. No Slack in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.tickets.actions import locked
from bot.services.tickets.allowance import check_comments
from bot.services.tickets.attachments import add_files
from bot.services.tickets.heard import Edited, is_newer, known_of, note_deletion, note_edit
from bot.services.tickets.history import event_numbered
from models.catalogue import Team
from models.characters import is_blank
from models.errors import NotRecorded, RoleRefused, SentAlready, SlackUnavailable
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Role, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.outbox.slack_event import HeardMessage
from models.person import Person
from models.tickets.attachment import DELETED, Attachment, AttachmentState
from models.tickets.comment import Comment, added
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

CLOCKS_DIFFER = timedelta(minutes=1)  # Slack's and ours, at most


@dataclass(frozen=True)
class ThreadMessage:
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
    `submission` twice is one reply; what it says more the second time is another. Raises `SentAlready` when
    it only says less, and `LimitReached`."""
    action = Action.ASK if waits else Action.REPLY
    return _write(uow, ticket_id, action, _Written(text, files, submission=submission))


def note(uow: UnitOfWork, ticket_id: int, text: str, *, submission: str) -> Ticket:
    """A technician writes to their team, by a form; the same `submission` twice is as in `reply`."""
    return _write(uow, ticket_id, Action.NOTE, _Written(text, submission=submission))


def add(uow: UnitOfWork, ticket_id: int, text: str, *, files: Sequence[NewFile], submission: str) -> bool:
    """Somebody who filed a ticket says more: its requester to the team, a technician of its team as a note.
    The same words of the same form are added once. False from anybody else."""
    ticket = locked(uow, ticket_id)
    roles = uow.actor.roles(ticket)
    if Role.REQUESTER in roles:
        action = Action.ANSWER if ticket.status is Status.PENDING else Action.COMMENT
    elif Role.TECHNICIAN in roles:
        action = Action.NOTE
    else:
        return False
    written = _Written(text, files, submission=submission).once_more()
    if _kept(uow.session, ticket_id, written.submission) is None:
        _write(uow, ticket_id, action, written)
    return True


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


def moved_from(session: Session, channel: str, thread_ts: str) -> str | None:
    """The team's channel that this one may have been, under another id: one of our messages stands there with
    this `ts`, and no team has this one."""
    teams = select(Team.channel_id).where(Team.channel_id.is_not(None))
    if session.scalar(teams.where(Team.channel_id == channel).limit(1)):
        return None
    return session.scalar(
        select(MessageReference.channel)
        .where(MessageReference.channel.in_(teams), MessageReference.ts == thread_ts)
        .limit(1)
    )


def _may_be_ours(session: Session, channel: str, thread_ts: str, writer: str) -> bool:
    """Whether an unsettled attempt may have posted this message: the place is kept once it is settled."""
    posted_at = datetime.fromtimestamp(float(thread_ts), UTC)
    in_progress = select(Delivery.id).where(
        Delivery.state == DeliveryState.PENDING,
        Delivery.started_at.is_not(None),
        Delivery.created_at <= posted_at + CLOCKS_DIFFER,
    )
    if channel.startswith("D"):  # a direct message, which nobody else can write in
        people = select(Person.id).where(Person.slack_id == writer)
        in_progress = in_progress.where(Delivery.person_id.in_(people), Delivery.recipient.startswith("dm:"))
    else:
        in_progress = in_progress.where(
            Delivery.team_id.in_(select(Team.id).where(Team.channel_id == channel))
        )
    return session.scalar(in_progress.limit(1)) is not None


def hear(uow: UnitOfWork, typed: ThreadMessage) -> Ticket | None:
    """Keep what was typed in a thread of ours; the same message twice is one comment. `None` when its author
    took it back before it was heard.

    Raises `NotRecorded` under a card that is no ticket's, or no longer, `LimitReached`, and what
    `tickets.act` raises.
    """
    head = _head(uow.session, typed.channel, typed.thread_ts)
    if head is None or head.kind is DeliveryKind.MOVED:
        raise NotRecorded(handed_over=head is not None)
    known = known_of(uow, typed.channel, typed.ts)
    ticket = locked(uow, head.ticket_id)
    if _comment_at(uow.session, typed.channel, typed.ts):
        return ticket
    written = _as_it_is_now(typed, known)
    if written is None:
        return None
    if head.kind is DeliveryKind.TRIAGE_CARD:
        action = Action.NOTE
    else:
        action = Action.ANSWER if ticket.status is Status.PENDING else Action.COMMENT
    _write(uow, ticket.id, action, replace(written, under_gone=isinstance(head, FormerMessageReference)))
    known.text = None  # it stands in the comment now
    return ticket


def _as_it_is_now(typed: ThreadMessage, known: HeardMessage) -> "_Written | None":
    """The message after what was told of it before it came; `None` when nothing is left of it."""
    edited_ts = known.edited_ts
    text = typed.text if known.text is None else known.text
    files = [file for file in typed.files if file.slack_file_id not in known.removed]
    changed = edited_ts or known.removed
    if known.is_deleted or (changed and not text.strip() and not files):
        return None
    return _Written(text, files, channel=typed.channel, ts=typed.ts, edited_ts=edited_ts)


def edit(uow: UnitOfWork, edited: Edited) -> bool:
    """A message was changed: the comment follows its words, and loses the files that it lost. False when that
    changes no comment. What is told before its message is remembered, if we are going to hear it.

    Raises `SlackUnavailable` as `thread_at` does.
    """
    if not (_is_comment(uow.session, edited) or _will_be_heard(uow.session, edited)):
        return False
    known = known_of(uow, edited.channel, edited.ts)
    comment = _comment_at(uow.session, edited.channel, edited.ts)
    if comment is None:
        note_edit(known, edited)
        return False
    if comment.deleted_at is not None:
        return False
    gone = _files_of(uow.session, comment, edited.removed)
    for file in gone:
        _take_back(uow, comment, file)
    is_older = comment.edited_ts is not None and not is_newer(edited.edited_ts, comment.edited_ts)
    if is_older or comment.text == edited.text:
        return bool(gone)
    comment.write(edited.text)
    comment.edited_at, comment.edited_ts = uow.now, edited.edited_ts
    _follow(uow, comment)
    return True


def delete(uow: UnitOfWork, channel: str, ts: str) -> bool:
    """A message was deleted: its words and files leave the comment, which stays. False when it is none, or
    none yet: should it come, it is not kept."""
    note_deletion(known_of(uow, channel, ts))
    comment = _comment_at(uow.session, channel, ts)
    if comment is None or comment.deleted_at is not None:
        return False
    comment.write("")
    comment.deleted_at = uow.now
    _follow(uow, comment)
    for file in _files_of(uow.session, comment):
        _take_back(uow, comment, file)
    return True


def _is_comment(session: Session, edited: Edited) -> bool:
    found = select(Comment.id).where(Comment.channel == edited.channel, Comment.ts == edited.ts)
    return session.scalar(found) is not None


def _will_be_heard(session: Session, edited: Edited) -> bool:
    """Whether a change is of a message in a thread of ours that has not come yet: no other words are kept."""
    if not (edited.thread_ts and edited.writer and (edited.edited_ts or edited.removed)):
        return False
    thread = thread_at(session, edited.channel, edited.thread_ts, writer=edited.writer)
    return thread is not None and thread.ticket_id is not None


def _files_of(session: Session, comment: Comment, ids: Sequence[str] | None = None) -> Sequence[Attachment]:
    """The files that came with a comment and were not taken back; of these Slack ids, if some are given."""
    query = select(Attachment).where(
        Attachment.comment_id == comment.id, func.coalesce(Attachment.reason, "") != DELETED
    )
    if ids is not None:
        query = query.where(Attachment.slack_file_id.in_(ids))
    return session.scalars(query.with_for_update().order_by(Attachment.id)).all()


def _take_back(uow: UnitOfWork, comment: Comment, file: Attachment) -> None:
    """Its author took a file back: it is named from now on, and nothing else of it is left anywhere."""
    file.state, file.reason, file.permalink = AttachmentState.FAILED, DELETED, None
    uow.session.flush()
    enqueue.announce_removal(uow, comment, file)


def post_again(uow: UnitOfWork, channel: str, ts: str) -> None:
    """A message of ours was deleted: a team’s card is posted anew; what is written under the old one is told
    there."""
    post = _head(uow.session, channel, ts)
    if not isinstance(post, MessageReference) or post.kind is not DeliveryKind.TRIAGE_CARD:
        return
    uow.session.merge(post.gone())
    uow.session.delete(post)
    ticket = locked(uow, post.ticket_id)
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    enqueue.refresh_card(uow, ticket, event, why=f"{ts} deleted")


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
    edited_ts: str | None = None
    under_gone: bool = False
    """In the thread of a card that is gone: nobody looks there, so that it is told under the new one."""

    def once_more(self) -> "_Written":
        """The same under a number that these words have with this form, whenever they are sent."""
        said = "\n".join([str(self.submission), self.text, *(file.slack_file_id for file in self.files)])
        return replace(self, submission=str(uuid5(NAMESPACE_URL, said)))


def _write(uow: UnitOfWork, ticket_id: int, action: Action, written: _Written) -> Ticket:
    ticket = locked(uow, ticket_id)
    if kept := _kept(uow.session, ticket_id, written.submission):
        return _write_more(uow, ticket, action, kept, written)
    roles = uow.actor.roles(ticket)
    if action is Action.NOTE and Role.TECHNICIAN not in roles:
        raise RoleRefused(action)
    if is_blank(written.text) and not written.files:
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    check_comments(uow)
    event = ticket.apply(
        action,
        actor=uow.person,
        roles=roles,
        now=uow.now,
        surface="thread" if written.ts else "form",
        # A file alone says something too; the history keeps neither.
        text=written.files[0].name if is_blank(written.text) else written.text,
        reopen_days=uow.rules.reopen_days,
    )
    comment = _comment(event, written)
    uow.session.add_all([event, comment])
    uow.session.flush()
    added = add_files(uow, ticket, written.files, comment)
    enqueue.announce(uow, ticket, event, comment=comment, files=added, elsewhere=written.under_gone)
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
        edited_ts=written.edited_ts,
        edited_at=event.at if written.edited_ts else None,
        revision=0,
    )
    comment.write(written.text)
    return comment


def _write_more(uow: UnitOfWork, ticket: Ticket, action: Action, kept: Comment, written: _Written) -> Ticket:
    """Keep what a form says more than when it was sent first. Raises `SentAlready` when it says less, or
    wants something else."""
    known = select(Attachment.slack_file_id).where(Attachment.comment_id == kept.id)
    here = set(uow.session.scalars(known).all())
    files = [file for file in written.files if file.slack_file_id not in here]
    more = added(kept.text, written.text)
    if more or files:
        again = action is Action.ASK and ticket.status is Status.PENDING
        new = replace(written, text=more, files=files).once_more()
        return _write(uow, ticket.id, Action.REPLY if again else action, new)
    if written.text.strip() != kept.text.strip() or action is not kept.event.action:
        raise SentAlready
    return ticket


def _kept(session: Session, ticket_id: int, submission: str | None) -> Comment | None:
    kept = select(Comment).where(Comment.submission == submission, Comment.ticket_id == ticket_id)
    return session.scalars(kept).one_or_none() if submission else None


def _head(session: Session, channel: str, thread_ts: str) -> MessageReference | FormerMessageReference | None:
    post = session.scalars(
        select(MessageReference).where(MessageReference.channel == channel, MessageReference.ts == thread_ts)
    ).one_or_none()
    return post or session.get(FormerMessageReference, (channel, thread_ts))


def _comment_at(session: Session, channel: str, ts: str) -> Comment | None:
    return session.scalars(select(Comment).where(Comment.channel == channel, Comment.ts == ts)).one_or_none()
