"""Edits and deletions of messages outside of threads: the draft that a message belongs to follows them.

What was added to a ticket as a comment of its own follows them as a comment does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.services.message_drafts.drafts import changed, draft_with, lock
from bot.services.message_drafts.receive import ANSWER_AFTER
from bot.services.tickets.comments import edits
from bot.services.tickets.comments.early_changes import (
    KEPT_FOR,
    EditedMessage,
    is_newer,
    known_of,
    note_deletion,
    note_edit,
)
from bot.services.tickets.comments.threads import comment_at, is_approvers
from models.characters import is_blank
from models.message_draft import DraftMessage, MessageDraft

Messages = Sequence[DraftMessage]


def edit(uow: UnitOfWork, edited: EditedMessage) -> None:
    """A message was edited or lost files. An edit that arrives before its message is saved."""
    known = known_of(uow, edited.channel, edited.ts)
    draft = _draft_of(uow, edited.channel, edited.ts, edited.writer)
    if draft is not None and draft.ticket_id is None:
        _change(uow, draft, lambda messages: _edited(messages, edited))
    elif not edits.edit(uow, edited) and draft is None and _may_arrive(uow, edited):
        note_edit(known, edited)


def delete(uow: UnitOfWork, channel: str, ts: str, writer: str | None = None) -> None:
    """A message was deleted. `writer`: the Slack id of its author, if it is known."""
    note_deletion(known_of(uow, channel, ts))
    draft = _draft_of(uow, channel, ts, writer)
    if draft is not None and draft.ticket_id is None:
        _change(uow, draft, lambda messages: [each for each in messages if each.ts != ts])
    edits.delete(uow, channel, ts)


def _draft_of(uow: UnitOfWork, channel: str, ts: str, writer: str | None) -> MessageDraft | None:
    """The draft of a message, which nobody else changes any more."""
    person = person_by_slack_id(uow.session, writer) if writer else None
    where: ColumnElement[bool] = MessageDraft.channel == channel
    draft = draft_with(uow, where & (MessageDraft.person_id == person.id) if person else where, ts)
    if draft is not None:
        lock(uow, draft.id)
        uow.session.refresh(draft)
    return draft


def _change(uow: UnitOfWork, draft: MessageDraft, change: Callable[[Messages], Messages]) -> None:
    messages = change(draft.messages)
    if list(messages) != list(draft.messages):
        draft.messages = messages
        changed(uow, draft, after=ANSWER_AFTER if messages else timedelta())


def _edited(messages: Messages, edited: EditedMessage) -> Messages:
    """The messages after an edit, without one of which nothing is left."""
    changed_ones = (_after(each, edited) if each.ts == edited.ts else each for each in messages)
    return [each for each in changed_ones if each.files or not is_blank(each.text)]


def _after(message: DraftMessage, edited: EditedMessage) -> DraftMessage:
    files = [file for file in message.files if file.slack_file_id not in edited.removed]
    if not is_newer(edited.edited_ts, message.edited_ts):
        return replace(message, files=files)
    return replace(message, files=files, text=edited.text, edited_ts=edited.edited_ts)


def _may_arrive(uow: UnitOfWork, edited: EditedMessage) -> bool:
    """Whether the message is no comment, and Slack may still resend it: the text of no other is stored."""
    is_recent = float(edited.ts) > (uow.now - KEPT_FOR).timestamp()
    if edited.thread_ts and is_approvers(uow.session, edited.channel, edited.thread_ts):
        return False
    return is_recent and comment_at(uow.session, edited.channel, edited.ts) is None
