"""Edits and deletions of messages: the comment that a message made follows them. Imports nothing of Slack."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.comments import announce_edit
from bot.notifications.files import announce_removal
from bot.services.removals.gone import note_files_gone, note_message_gone
from bot.services.tickets.actions import locked
from bot.services.tickets.comments.early_changes import (
    EditedMessage,
    is_newer,
    known_of,
    note_deletion,
    note_edit,
)
from bot.services.tickets.comments.threads import comment_at, is_approvers, thread_at
from bot.services.tickets.waits.follow import hear_edit
from models.lifecycle import REQUESTER_WRITES
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState
from models.tickets.comment import Comment


def edit(uow: UnitOfWork, edited: EditedMessage) -> bool:
    """A message was edited or lost files: so does its comment. False when no comment changes. An edit that
    arrives before its message is saved, if the message is to become a comment.

    Raises `SlackUnavailable` as `thread_at` does.
    """
    note_files_gone(uow, edited.removed)
    if not (_is_comment(uow.session, edited) or _will_be_comment(uow.session, edited)):
        return False
    known = known_of(uow, edited.channel, edited.ts)
    comment = comment_at(uow.session, edited.channel, edited.ts)
    if comment is None:
        note_edit(known, edited)
        return False
    if comment.deleted_at is not None:
        return False
    removed = _files_of(uow.session, comment, edited.removed)
    for file in removed:
        _remove(uow, comment, file)
    return _edit_text(uow, comment, edited) or bool(removed)


def _edit_text(uow: UnitOfWork, comment: Comment, edited: EditedMessage) -> bool:
    is_older = comment.edited_ts is not None and not is_newer(edited.edited_ts, comment.edited_ts)
    if is_older or comment.text == edited.text:
        return False
    comment.write(edited.text)
    comment.edited_at, comment.edited_ts = uow.now, edited.edited_ts
    _announce(uow, comment)
    if comment.event.action in REQUESTER_WRITES:
        hear_edit(uow, locked(uow, comment.ticket_id), comment.event)
    return True


def delete(uow: UnitOfWork, channel: str, ts: str) -> bool:
    """A message was deleted: its comment stays, without text and files. False when there is no comment; the
    message makes none if it arrives later."""
    note_deletion(known_of(uow, channel, ts))
    note_message_gone(uow, channel, ts)
    comment = comment_at(uow.session, channel, ts)
    if comment is None or comment.deleted_at is not None:
        return False
    comment.write("")
    comment.deleted_at = uow.now
    _announce(uow, comment)
    for file in _files_of(uow.session, comment):
        _remove(uow, comment, file)
    return True


def _is_comment(session: Session, edited: EditedMessage) -> bool:
    found = select(Comment.id).where(Comment.channel == edited.channel, Comment.ts == edited.ts)
    return session.scalar(found) is not None


def _will_be_comment(session: Session, edited: EditedMessage) -> bool:
    """Whether a change is of a message in a thread of ours that has not arrived yet: the text of no other
    message is stored."""
    if not (edited.thread_ts and edited.writer and (edited.edited_ts or edited.removed)):
        return False
    if is_approvers(session, edited.channel, edited.thread_ts):
        return False
    thread = thread_at(session, edited.channel, edited.thread_ts, writer=edited.writer)
    return thread is not None and (thread.ticket_id is not None or thread.outage_id is not None)


def _files_of(session: Session, comment: Comment, ids: Sequence[str] | None = None) -> Sequence[Attachment]:
    """The files of a comment that its author has not deleted; of these Slack ids, if some are given."""
    query = select(Attachment).where(
        Attachment.comment_id == comment.id, Attachment.reason.is_distinct_from(AttachmentReason.DELETED)
    )
    if ids is not None:
        query = query.where(Attachment.slack_file_id.in_(ids))
    return session.scalars(query.with_for_update().order_by(Attachment.id)).all()


def _remove(uow: UnitOfWork, comment: Comment, file: Attachment) -> None:
    """Its author deleted a file: only its name stays."""
    file.state, file.reason, file.permalink = AttachmentState.FAILED, AttachmentReason.DELETED, None
    uow.session.flush()
    announce_removal(uow, comment, file)


def _announce(uow: UnitOfWork, comment: Comment) -> None:
    comment.revision += 1
    uow.session.flush()
    announce_edit(uow, comment)
