"""What Slack told of a message before the message itself: nothing is heard again that was taken back."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.context.unit_of_work import UnitOfWork
from models.outbox.slack_event import HeardMessage

KEPT_FOR = timedelta(days=2)  # Slack tells an event again within a day


@dataclass(frozen=True)
class Edited:
    """A message as it is after a change: its words, Slack's number of the edit, the files that it lost."""

    channel: str
    ts: str
    text: str
    edited_ts: str | None = None
    """`None`: nobody edited the words."""
    removed: tuple[str, ...] = ()
    """Slack's ids of files that it had."""
    thread_ts: str | None = None
    writer: str | None = None
    """The Slack id of its author."""


def known_of(uow: UnitOfWork, channel: str, ts: str) -> HeardMessage:
    """What is known of a message. Until the transaction ends nobody else learns or changes anything of it: a
    message and its deletion may be told at the same moment."""
    insert = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(HeardMessage).values(channel=channel, ts=ts, at=uow.now, is_deleted=False, removed=[])
    uow.session.execute(row.on_conflict_do_nothing())  # SQLite's only writer from here on
    return uow.session.scalars(
        select(HeardMessage)
        .where(HeardMessage.channel == channel, HeardMessage.ts == ts)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def note_deletion(known: HeardMessage) -> None:
    """Its message is not to be kept, should it come."""
    known.is_deleted, known.text, known.edited_ts, known.removed = True, None, None, []


def note_edit(known: HeardMessage, edited: Edited) -> None:
    """What its message says now, should the one from before the edit come."""
    if known.is_deleted:
        return
    known.removed = sorted({*known.removed, *edited.removed})
    if edited.edited_ts and is_newer(edited.edited_ts, known.edited_ts):
        known.text, known.edited_ts = edited.text, edited.edited_ts


def is_newer(ts: str | None, than: str | None) -> bool:
    """Whether an edit came after another one; `None` is the message as it was first."""
    return _moment(ts) > _moment(than)


def _moment(ts: str | None) -> Decimal:
    try:
        return Decimal(ts or 0)
    except InvalidOperation:
        return Decimal(0)


def delete_heard_messages(uow: UnitOfWork) -> None:
    """Delete what was known of messages that Slack tells no more."""
    uow.session.execute(
        delete(HeardMessage).where(HeardMessage.at < uow.now - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
