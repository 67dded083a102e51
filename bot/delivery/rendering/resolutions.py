"""What asks a requester, or tells them of a decision; and the same in its final state."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from blocks.tickets import card, resolution
from blocks.tickets.conversation.decisions import Decision, Original, decision_message, decision_text
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import direct_message, message
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.services.tickets import history
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def _request(context: RenderContext) -> Rendered:
    ticket, event, _ = context.ticket, context.event, context.translator
    is_answered = ticket.status is not Status.RESOLVED or ticket.resolution != event.number
    if is_answered and not context.delivery.uncertain:
        raise Superseded(Reason.ANSWERED_BEFORE)
    content = resolution.resolution_text(_, ticket), resolution.resolution_request(_, ticket, event)
    destination = direct_message(context.person, None)
    request = message(context, destination, content, None, number=event.number)
    return replace(request, only_if_posted=is_answered)


def _result(context: RenderContext) -> Rendered:
    session, ticket, _ = context.session, context.ticket, context.translator
    request = _last_message(session, context.delivery)
    if request is None:
        raise Superseded(Reason.NO_RESOLUTION_REQUEST)
    resolved = history.event_numbered(session, ticket, request.event_number)
    assert resolved is not None
    destination = direct_message(context.person, request)
    if ticket.status is Status.RESOLVED and ticket.resolution == resolved.number:  # said in other words
        content = resolution.resolution_text(_, ticket), resolution.resolution_request(_, ticket, resolved)
    else:
        blocks = resolution.resolution_result(_, ticket, resolved, _answer_to(session, request))
        content = card.card_text(_, ticket), blocks
    return message(context, destination, content, request)


def _last_message(
    session: Session, delivery: Delivery, *, before: int | None = None
) -> MessageReference | None:
    """The last message of the kind that the delivery edits; `before` this event."""
    earlier = true() if before is None else MessageReference.event_number < before
    return session.scalars(
        select(MessageReference)
        .where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == delivery.kind.description.edits,
            earlier,
        )
        .order_by(MessageReference.event_number.desc())
        .limit(1)
    ).one_or_none()


def _answer_to(session: Session, request: MessageReference) -> Event | None:
    """The event that answered a request, if one did."""
    answers = (Action.APPROVE, Action.RECORD_APPROVAL, Action.REFUSE, Action.CLOSE)
    after = session.scalars(
        select(Event)
        .where(
            Event.ticket_id == request.ticket_id,
            Event.number > request.event_number,
            Event.from_status == Status.RESOLVED,
            Event.to_status != Status.RESOLVED,
        )
        .order_by(Event.number)
        .limit(1)
    ).one_or_none()
    return after if after and after.action in answers else None


def _decision(context: RenderContext) -> Rendered:
    ticket, event = context.ticket, context.event
    is_undone = ticket.status is not Status.CLOSED and event.action is not Action.UNDO_CLOSING
    is_over = is_undone or ticket.state_event > event.number
    if is_over and not context.delivery.uncertain:
        raise Superseded(Reason.TICKET_MOVED_ON)
    rendered = _decision_about(context, event, None, is_current=True)
    return replace(rendered, only_if_posted=is_over)


def _decision_result(context: RenderContext) -> Rendered:
    """The last message before this event, which can no longer be answered."""
    session, ticket = context.session, context.ticket
    before = _last_message(session, context.delivery, before=context.event.number)
    if before is None:
        raise Superseded(Reason.NO_DECISION)
    event = history.event_numbered(session, ticket, before.event_number)
    assert event is not None
    return _decision_about(context, event, before, is_current=False)


def _decision_about(
    context: RenderContext, event: Event, reference: MessageReference | None, *, is_current: bool
) -> RenderedMessage:
    _ = context.translator
    told = Decision(context.ticket, event, _original(context, event), is_current)
    content = decision_text(_, told), decision_message(_, told)
    destination = direct_message(context.person, reference)
    return message(context, destination, content, reference, number=event.number)


def _original(context: RenderContext, event: Event) -> Original | None:
    """The ticket that a duplicate's event names: its title for who raised it, too, unless it is
    confidential."""
    if event.details.of is None:
        return None
    original = context.session.get_one(Ticket, event.details.of)
    is_told = original.requester_id == context.person.id and not original.is_confidential
    return Original(original.id, original.status, original.title if is_told else None)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.RESOLUTION: _request,
    DeliveryKind.RESOLUTION_RESULT: _result,
    DeliveryKind.DECISION: _decision,
    DeliveryKind.DECISION_RESULT: _decision_result,
}
