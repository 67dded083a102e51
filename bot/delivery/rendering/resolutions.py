"""The request to approve a resolution, and the same once it was answered."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.tickets import card, resolution
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import direct_message, message
from bot.delivery.rendering.rendered import Rendered
from bot.services.tickets import history
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.tickets.event import Event


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
    request = _last_request(session, context.delivery)
    if request is None:
        raise Superseded(Reason.NO_RESOLUTION_REQUEST)
    resolved = history.event_numbered(session, ticket, request.event_number)
    assert resolved is not None
    blocks = resolution.resolution_result(_, ticket, resolved, _answer_to(session, request))
    destination = direct_message(context.person, request)
    return message(context, destination, (card.card_text(_, ticket), blocks), request)


def _last_request(session: Session, delivery: Delivery) -> MessageReference | None:
    return session.scalars(
        select(MessageReference)
        .where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == delivery.kind.description.edits,
        )
        .order_by(MessageReference.event_number.desc())
        .limit(1)
    ).one_or_none()


def _answer_to(session: Session, request: MessageReference) -> Event | None:
    """The event that answered a request, if one did."""
    answers = (Action.APPROVE, Action.RECORD_APPROVAL, Action.REFUSE)
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


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.RESOLUTION: _request,
    DeliveryKind.RESOLUTION_RESULT: _result,
}
