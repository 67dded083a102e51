"""A line for the team: what did not reach the ticket's requester, and why."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blocks.tickets.conversation.undelivered import Lost, undelivered_note, undelivered_text
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.lookup import current_card, thread_line
from bot.delivery.rendering.rendered import RenderedMessage
from models.outbox.details import UndeliveredDetails
from models.outbox.kinds import DeliveryKind
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event


def render_undelivered(context: RenderContext, details: UndeliveredDetails) -> RenderedMessage:
    """The line, in the thread of the card of the team that has the ticket now, whose task it is."""
    ticket, _ = context.ticket, context.translator
    card = current_card(context)
    lost = _lost(context.session, context.event, details)
    assignee = ticket.assignee.slack_id if ticket.assignee else None
    return thread_line(card, (undelivered_text(_, ticket, lost), undelivered_note(_, lost, assignee)))


def _lost(session: Session, event: Event, details: UndeliveredDetails) -> Lost:
    kind, why = details.kind, details.why
    name, author = event.ticket.requester.name, event.actor.name
    if kind is DeliveryKind.COMMENT:
        comment = session.scalars(select(Comment).where(Comment.event_id == event.id)).one()
        count = session.scalar(select(func.count()).where(Attachment.comment_id == comment.id)) or 0
        return Lost(kind, why, name, author, comment.text, has_files=count > 0, is_edit=details.is_edit)
    file = session.get_one(Attachment, details.attachment_id).name if details.attachment_id else ""
    return Lost(kind, why, name, author, file=file)
