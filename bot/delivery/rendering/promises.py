"""The message that tells a requester that a target has moved later, in the thread of their card."""

from collections.abc import Mapping

from blocks.tickets.requester.promise import moved_message
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import direct_message, message, reference_of, thread_line
from bot.delivery.rendering.rendered import Rendered
from bot.services.clocks.promises import shown_promise
from models.outbox.details import NoDetails, PromiseDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _promise(context: RenderContext) -> Rendered:
    """With what is promised by now; nothing once that is missed or no later than before, or the ticket waits
    or is resolved: the card says so."""
    session, delivery, ticket = context.session, context.delivery, context.ticket
    is_of_hours = isinstance(delivery.details, PromiseDetails)
    if not is_of_hours:
        delivery.details_as(NoDetails)
    assert delivery.started_at is not None
    if outbox.is_superseded(session, delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    shown = shown_promise(session, ticket, delivery.started_at)
    if shown is None or shown.is_missed:
        raise Superseded(Reason.TICKET_MOVED_ON)
    event = None if is_of_hours else context.event
    former = event.details.later_than if event else None
    if former is not None and shown.promise.at <= former:  # another action has made up for it
        raise Superseded(Reason.TICKET_MOVED_ON)
    content = moved_message(context.translator, ticket, event, shown)
    card = reference_of(session, delivery, kind=DeliveryKind.CARD)
    if card is not None:
        return thread_line(card, content)
    return message(context, direct_message(context.person, None), content, None, number=context.event.number)


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.PROMISE: _promise}
