"""What the requester of a resolved or closed ticket can still do, below what they wrote."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from blocks.tickets.conversation.prompts import again, prompt, prompt_text
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import Destination, direct_message, message, reference_of
from bot.delivery.rendering.rendered import MessageRemoval, Rendered, Sent
from bot.services.tickets.history import questions
from models.lifecycle import Action, Status
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.comment import Comment


def _prompt(context: RenderContext) -> Rendered:
    """Below the requester's newest message; the one below an earlier message is deleted. Of any other event
    the message is deleted: it was answered."""
    session, delivery, ticket = context.session, context.delivery, context.ticket
    reference = reference_of(session, delivery)
    before = Sent(reference.channel, reference.ts) if reference else None
    if outbox.is_superseded(session, delivery) and not delivery.uncertain:
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    if context.event.action is Action.ASK_AGAIN:
        return _again(context, before)
    if context.event.action is not Action.COMMENT:
        if before is None:
            raise Superseded(Reason.ANSWERED_BEFORE)
        return MessageRemoval(before)
    comment = session.scalars(select(Comment).where(Comment.event_id == context.event.id)).one()
    if comment.deleted_at is not None and not delivery.uncertain:
        raise Superseded(Reason.COMMENT_WITHDRAWN)
    is_over = ticket.status not in {Status.RESOLVED, Status.CLOSED}
    if is_over and not delivery.uncertain:
        raise Superseded(Reason.ANSWERED_BEFORE)
    content = prompt_text(context.translator, ticket), prompt(context.translator, ticket)
    rendered = message(context, _destination(context, comment), content, None)
    is_withdrawn = comment.deleted_at is not None
    return replace(rendered, only_if_posted=is_over or is_withdrawn, replaces=before)


def _again(context: RenderContext, before: Sent | None) -> Rendered:
    """What is asked once more: a new message, outside of threads."""
    ticket, event = context.ticket, context.event
    is_over = ticket.wait_event is None
    if is_over and not context.delivery.uncertain:
        raise Superseded(Reason.ANSWERED_BEFORE)
    words = ticket.solution or questions(context.session, [ticket.id]).get(ticket.id, "")
    content = again(context.translator, ticket, event, words)
    rendered = message(context, direct_message(context.person, None), content, None)
    return replace(rendered, only_if_posted=is_over, replaces=before)


def _destination(context: RenderContext, comment: Comment) -> Destination:
    """The thread that they wrote in; of a form, that of the ticket's card."""
    if comment.channel is not None:
        return Destination(comment.channel, context.person.slack_id, comment.thread_ts)
    card = reference_of(context.session, context.delivery, kind=DeliveryKind.CARD)
    return replace(direct_message(context.person, card), thread_ts=card.ts if card else None)


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.PROMPT: _prompt}
