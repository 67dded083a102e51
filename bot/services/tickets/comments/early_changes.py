"""Edits and deletions that Slack reports before the message itself.

Slack may resend the message later: what was deleted or replaced must not be stored then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from sqlalchemy import delete, select

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import insert_into
from models.outbox.slack_event import HeardMessage
from models.tickets.draft import NewFile

KEPT_FOR = timedelta(days=2)  # Slack resends an event within a day


@dataclass(frozen=True)
class EditedMessage:
    """A message as it is after a change."""

    channel: str
    ts: str
    text: str
    edited_ts: str | None = None
    """Slack's number of the edit; `None` when the text was not edited."""
    removed: tuple[str, ...] = ()
    """Slack's ids of the files that were removed from it."""
    thread_ts: str | None = None
    writer: str | None = None
    """The Slack id of its author."""


def known_of(uow: UnitOfWork, channel: str, ts: str) -> HeardMessage:
    """What is known of a message, locked until the transaction ends: Slack may report a message and its
    deletion at the same time."""
    row = insert_into(uow.session, HeardMessage).values(
        channel=channel, ts=ts, at=uow.now, is_deleted=False, removed=[]
    )
    uow.session.execute(row.on_conflict_do_nothing())  # SQLite's only writer from here on
    return uow.session.scalars(
        select(HeardMessage)
        .where(HeardMessage.channel == channel, HeardMessage.ts == ts)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def note_deletion(known: HeardMessage) -> None:
    """The message is not to be stored if it arrives later."""
    known.is_deleted, known.text, known.edited_ts, known.removed = True, None, None, []


def note_edit(known: HeardMessage, edited: EditedMessage) -> None:
    """Save the edit, for the message if it arrives later in its unedited form."""
    if known.is_deleted:
        return
    known.removed = sorted({*known.removed, *edited.removed})
    if edited.edited_ts and is_newer(edited.edited_ts, known.edited_ts):
        known.text, known.edited_ts = edited.text, edited.edited_ts


def as_known(known: HeardMessage, text: str, files: Sequence[NewFile]) -> tuple[str, list[NewFile]]:
    """A message's text and files, with the changes that Slack reported before it."""
    left = [file for file in files if file.slack_file_id not in known.removed]
    return text if known.text is None else known.text, left


def is_newer(ts: str | None, than: str | None) -> bool:
    """Whether an edit came after another one; `None` is the unedited message."""
    return _number(ts) > _number(than)


def _number(ts: str | None) -> Decimal:
    try:
        return Decimal(ts or 0)
    except InvalidOperation:
        return Decimal(0)


def delete_heard_messages(uow: UnitOfWork) -> None:
    """Delete what was known of messages that Slack no longer resends."""
    uow.session.execute(
        delete(HeardMessage).where(HeardMessage.at < uow.now - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
