"""Messages in threads: lines for the team, and comments, which requesters get in their direct message."""

from collections.abc import Mapping
from dataclasses import replace

from blocks.tickets import resolution
from blocks.tickets.conversation import comments
from blocks.tickets.conversation.undelivered import unheard
from blocks.tickets.satisfaction import opinion_line
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.conversation.approval_lines import approval_line
from bot.delivery.rendering.conversation.undelivered import render_undelivered
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
from bot.notifications.comments import question_before, wait_ended_by
from bot.services.tickets.history import former_holder
from models.lifecycle import Action
from models.outbox.details import (
    AgreementLineDetails,
    CommentDetails,
    NoDetails,
    OpinionDetails,
    UndeliveredDetails,
    UnheardDetails,
)
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.tickets.comment import Comment


def _thread(context: RenderContext) -> Rendered:
    """A line about an event, or about what did not reach the requester."""
    details = context.delivery.details
    if isinstance(details, UndeliveredDetails):
        return render_undelivered(context, details)
    if isinstance(details, UnheardDetails):
        return thread_line(current_card(context), unheard(context.translator, context.ticket, details.why))
    if isinstance(details, AgreementLineDetails):
        return approval_line(context, details)
    is_opinion = isinstance(details, OpinionDetails)
    if not is_opinion:
        context.delivery.details_as(NoDetails)
    ticket, event, _ = context.ticket, context.event, context.translator
    if context.is_handed_over and not context.delivery.uncertain:
        raise Superseded(Reason.HANDED_OVER)
    if is_opinion:
        return thread_line(card_of(context.session, context.delivery), opinion_line(_, ticket))
    assignee = ticket.assignee.slack_id if ticket.assignee else None
    if event.action is Action.TRANSFER and assignee is None:  # it may be back
        assignee = former_holder(context.session, ticket, event.number)
    content = resolution.thread_text(_, ticket, event), resolution.thread_note(_, event, assignee)
    line = thread_line(card_of(context.session, context.delivery), content)
    return replace(line, only_if_posted=context.is_handed_over)


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
    part, event, _ = context.delivery.details_as(CommentDetails).part, comment.event, context.translator
    destination = direct_message(context.person, reference)
    if comment.author_id == context.person.id:
        content = comments.own_text(_, context.ticket, comment, part)
        destination = _own_thread(context)
    else:
        is_question = event.action is Action.ASK
        is_answered = is_question and wait_ended_by(context.session, event) is Action.ANSWER
        content = comments.for_requester(_, context.ticket, comment, part, is_answered=is_answered)
    return message(context, destination, content, reference, number=event.number, part=part)


def _own_thread(context: RenderContext) -> Destination:
    """Where the requester's own text of a form belongs: under the question that it answers, or their card."""
    session, delivery = context.session, context.delivery
    root = None
    if context.event.action is Action.ANSWER and (question := question_before(session, context.event)):
        root = reference_of(session, delivery, number=question.event.number)
    root = root or reference_of(session, delivery, kind=DeliveryKind.CARD)
    return replace(direct_message(context.person, root), thread_ts=root.ts if root else None)


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
