"""Messages in threads: lines for the team, and comments, which requesters get in their direct message."""

from collections.abc import Mapping
from dataclasses import replace

from blocks.tickets import comments, resolution
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import (
    Destination,
    card_of,
    current_card,
    direct_message,
    message,
    reference_of,
    thread_line,
)
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.delivery.rendering.undelivered import render_undelivered
from models.outbox.details import CommentDetails, NoDetails, UndeliveredDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.tickets.comment import Comment


def _thread(context: RenderContext) -> Rendered:
    """A line about an event, or about what did not reach the requester."""
    details = context.delivery.details
    if isinstance(details, UndeliveredDetails):
        return render_undelivered(context, details)
    context.delivery.details_as(NoDetails)
    ticket, event, _ = context.ticket, context.event, context.translator
    if context.is_handed_over:
        raise Superseded(Reason.HANDED_OVER)
    assignee = ticket.assignee.slack_id if ticket.assignee else None
    content = resolution.thread_text(_, ticket, event), resolution.thread_note(_, event, assignee)
    return thread_line(card_of(context.session, context.delivery), content)


def _comment(context: RenderContext) -> Rendered:
    """One part of a comment, for the other side."""
    session, delivery = context.session, context.delivery
    details = delivery.details_as(CommentDetails)
    comment = session.get_one(Comment, details.comment_id)
    reference = reference_of(session, delivery, number=context.event.number, part=details.part)
    is_left_out = comment.deleted_at is not None or details.part >= comment.pieces
    is_withdrawn = reference is None and is_left_out
    if is_withdrawn and not delivery.uncertain:
        raise Superseded(Reason.COMMENT_WITHDRAWN)
    render = _for_requester if context.is_personal else _for_team
    return replace(render(context, comment, reference), only_if_posted=is_withdrawn)


def _for_requester(
    context: RenderContext, comment: Comment, reference: MessageReference | None
) -> RenderedMessage:
    part = context.delivery.details_as(CommentDetails).part
    content = comments.for_requester(context.translator, context.ticket, comment, part)
    destination = direct_message(context.person, reference)
    return message(context, destination, content, reference, number=context.event.number, part=part)


def _for_team(
    context: RenderContext, comment: Comment, reference: MessageReference | None
) -> RenderedMessage:
    """In the thread of the team's card. A new message goes to the team that has the ticket now."""
    part = context.delivery.details_as(CommentDetails).part
    if reference is not None and context.is_handed_over and comment.deleted_at is None:
        raise Superseded(Reason.HANDED_OVER)
    if reference is not None:
        destination = Destination(reference.channel)
    else:
        card = current_card(context)
        destination = Destination(card.channel, thread_ts=card.ts)
    content = comments.for_team(context.translator, context.ticket, comment, part)
    return message(context, destination, content, reference, number=context.event.number, part=part)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.THREAD: _thread,
    DeliveryKind.COMMENT: _comment,
}
