"""The thread in which an earlier attempt may have posted a message to a team: that of the card which the team
had before it handed the ticket over. The next attempt posts under the card of the team that has it now."""

from dataclasses import replace

from sqlalchemy import select

from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.lookup import reference_of
from bot.delivery.rendering.rendered import Rendered, RenderedMessage, Sent
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference


def with_former_root(context: RenderContext, rendered: Rendered) -> Rendered:
    """What was rendered, with the card under which it may be, when that is not where it goes now."""
    if not isinstance(rendered, RenderedMessage) or rendered.edit_ts or rendered.thread_ts is None:
        return rendered
    if context.is_personal or not context.delivery.uncertain or context.delivery.event_number is None:
        return rendered
    card = _card_at_first(context)
    if card is None or (card.channel, card.ts) == (rendered.channel, rendered.thread_ts):
        return rendered
    return replace(rendered, former_root=Sent(card.channel, card.ts))


def _card_at_first(context: RenderContext) -> MessageReference | None:
    """The card that the team had at the delivery's event: the one that it handed over first since."""
    session, delivery = context.session, context.delivery
    moved = select(MessageReference).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == DeliveryKind.MOVED,
        MessageReference.event_number > delivery.event_number,
    )
    card = session.scalars(moved.order_by(MessageReference.event_number).limit(1)).first()
    return card or reference_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
