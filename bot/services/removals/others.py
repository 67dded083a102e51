"""What people wrote and uploaded themselves: no app can delete it, so it is listed for its author or the
workspace's owners (docs.slack.dev, "chat.delete": a bot token deletes the bot's own messages)."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.removals import rows
from bot.services.removals.rows import Values
from models.message_draft import MessageDraft
from models.person import Person
from models.removals.removal import RemovalKind, RemovalState
from models.removals.ticket_message import TicketMessage
from models.tickets.attachment import Attachment, AttachmentReason
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket

_LINK = re.compile(r"/archives/(\w{1,32})/p(\d{10})(\d{6})(?:\?(?:\S*&)?thread_ts=(\d{10}\.\d{6}))?")
"""Of a message (docs.slack.dev, "chat.getPermalink")."""


def list_messages(uow: UnitOfWork, ticket_id: int) -> None:
    """List the comments that were written in threads, and the messages that the ticket was filed from."""
    session = uow.session
    found: dict[tuple[str, str], Values] = {}
    for row in (
        *_of_source(session, ticket_id),
        *_of_drafts(session, ticket_id),
        *_written(session, ticket_id),
    ):
        found.setdefault((row["channel"], row["ts"]), {}).update(
            {name: value for name, value in row.items() if value}
        )
    listed = {"ticket_id": ticket_id, "state": RemovalState.OTHERS}
    rows.add(uow, RemovalKind.MESSAGE, [row | listed for _place, row in sorted(found.items())])


def list_files(uow: UnitOfWork, ticket_id: int) -> None:
    """List the files that people uploaded in Slack, in forms and in messages."""
    query = (
        select(Attachment, Comment.author_id, Ticket.requester_id)
        .join(Ticket, Attachment.ticket_id == Ticket.id)
        .outerjoin(Comment, Attachment.comment_id == Comment.id)
        .where(
            Attachment.ticket_id == ticket_id,
            Attachment.reason.is_distinct_from(AttachmentReason.DELETED),
        )
        .order_by(Attachment.id)
    )
    files: dict[str, Values] = {}
    for file, author, requester in uow.session.execute(query):
        owner = file.owner_slack_id or _slack_id(uow.session, author or requester)
        files[file.slack_file_id] = {
            "slack_file_id": file.slack_file_id,
            "permalink": file.permalink,
            "owner": owner,
            "ticket_id": ticket_id,
            "state": RemovalState.OTHERS,
        }
    rows.add(uow, RemovalKind.FILE, [*files.values()])


def _slack_id(session: Session, person_id: int) -> str | None:
    return session.scalar(select(Person.slack_id).where(Person.id == person_id))


def _written(session: Session, ticket_id: int) -> list[Values]:
    comments = (
        select(Comment.channel, Comment.ts, Comment.thread_ts, Person.slack_id)
        .join(Person, Comment.author_id == Person.id)
        .where(Comment.ticket_id == ticket_id, Comment.ts.is_not(None), Comment.deleted_at.is_(None))
    )
    filed = select(
        TicketMessage.channel, TicketMessage.ts, TicketMessage.thread_ts, TicketMessage.owner
    ).where(TicketMessage.ticket_id == ticket_id, TicketMessage.owner.is_not(None))
    return [
        {"channel": channel, "ts": ts, "thread_ts": thread_ts, "owner": owner}
        for query in (comments, filed)
        for channel, ts, thread_ts, owner in session.execute(query)
    ]


def _of_drafts(session: Session, ticket_id: int) -> list[Values]:
    """What was written to Guichet, or with a mention, while its draft is kept."""
    drafts = (
        select(MessageDraft, Person.slack_id)
        .join(Person, MessageDraft.person_id == Person.id)
        .where(MessageDraft.ticket_id == ticket_id)
    )
    return [
        {"channel": draft.channel, "ts": message.ts, "owner": owner}
        for draft, owner in session.execute(drafts)
        for message in draft.messages
    ]


def _of_source(session: Session, ticket_id: int) -> list[Values]:
    """The message in a channel that somebody made the ticket from; who wrote it is not known."""
    source = session.scalar(select(Ticket.source).where(Ticket.id == ticket_id))
    found = _LINK.search(source or "")
    if found is None:
        return []
    channel, seconds, fraction, thread_ts = found.groups()
    return [{"channel": channel, "ts": f"{seconds}.{fraction}", "thread_ts": thread_ts}]
