"""Files: which one, and the thread that it is posted in."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.errors import CommentNotSent, Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import (
    Destination,
    card_of,
    handed_over_since,
    newest_reference,
    reference_of,
)
from bot.delivery.rendering.rendered import FileRemoval, Rendered, RenderedFile
from models.outbox.details import FileDetails, FileRemovalDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.attachment import Attachment, AttachmentState, FileCopy, key_of


def _file(context: RenderContext) -> Rendered:
    """A file to post, or to remove. Raises `Superseded` when it cannot be fetched."""
    session, details = context.session, context.delivery.details
    if isinstance(details, FileRemovalDetails):
        if details.key is not None:  # the row is gone, and the copies are removed apart
            return FileRemoval(details.attachment_id, [], [details.key])
        return _removal(session, session.get_one(Attachment, details.attachment_id), details.copy)
    details = context.delivery.details_as(FileDetails)
    file = session.get_one(Attachment, details.attachment_id)
    if file.state is AttachmentState.FAILED:
        raise Superseded(Reason.FILE_UNAVAILABLE, file.reason)
    if details.approval_id is not None:
        thread = _thread_of_agreement(context, details.approval_id)
    elif details.is_asked_for:
        thread = _own_thread(context)
    else:
        thread = _thread_of_comment(context) if context.is_personal else _thread_of_card(context, file)
    return RenderedFile(
        attachment_id=file.id,
        slack_file_id=file.slack_file_id,
        owner=file.owner_slack_id,
        name=file.name,
        key=file.key,
        channel=thread.channel,
        thread_ts=thread.thread_ts,
        slack_id=thread.slack_id if thread.channel is None else None,
    )


def _removal(session: Session, file: Attachment, copy: str | None) -> FileRemoval:
    """All that there is of a file; `copy`: the one that a delivery of version 0.1 names."""
    copies = session.scalars(select(FileCopy.slack_file_id).where(FileCopy.attachment_id == file.id)).all()
    keys = {key_of(file), file.key or key_of(file)}
    return FileRemoval(file.id, sorted({*copies, *([copy] if copy else [])}), sorted(keys))


def _thread_of_comment(context: RenderContext) -> Destination:
    """Under the comment that the file came with."""
    delivery = context.delivery
    assert delivery.event_number
    comment = reference_of(context.session, delivery, kind=DeliveryKind.COMMENT, number=delivery.event_number)
    if comment is None:
        raise CommentNotSent(Reason.COMMENT_NOT_SENT)
    return Destination(comment.channel, thread_ts=comment.ts)


def _thread_of_agreement(context: RenderContext, approval_id: int) -> Destination:
    """Under the newest message that asks its reader for their agreement."""
    asked = newest_reference(context.session, context.delivery, DeliveryKind.AGREEMENT, number=approval_id)
    if asked is None:
        raise Superseded(Reason.TICKET_MOVED_ON)
    return Destination(asked.channel, thread_ts=asked.ts)


def _own_thread(context: RenderContext) -> Destination:
    """Under the reader's own card of the ticket; in their direct message when they have none."""
    card = reference_of(context.session, context.delivery, kind=DeliveryKind.CARD)
    if card is None:
        return Destination(None, context.person.slack_id)
    return Destination(card.channel, thread_ts=card.ts)


def _thread_of_card(context: RenderContext, file: Attachment) -> Destination:
    """Under the team's card; in no channel for what a technician posted there themselves."""
    if handed_over_since(context.session, context.delivery):  # it was queued anew then
        raise Superseded(Reason.HANDED_OVER)
    card = card_of(context.session, context.delivery)
    comment = file.comment
    is_there = comment is not None and comment.channel == card.channel and comment.thread_ts == card.ts
    return Destination(None) if is_there else Destination(card.channel, thread_ts=card.ts)


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.FILE: _file}
