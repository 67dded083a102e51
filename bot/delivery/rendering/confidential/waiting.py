"""The message to a technician: a confidential ticket's card waits for their team's channel."""

from collections.abc import Mapping

from sqlalchemy import select

from blocks.kit.block_text import Content
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, direct_message
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from models.lifecycle import Status
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.outbox.recipient import team_recipient


def _waiting(context: RenderContext) -> Rendered:
    """Its number; `confine` adds what opens it. It has no thread: no reference is kept."""
    ticket, session = context.ticket, context.session
    card = select(MessageReference.id).where(
        MessageReference.ticket_id == ticket.id,
        MessageReference.recipient == str(team_recipient(ticket.team_id)),
        MessageReference.kind == DeliveryKind.TRIAGE_CARD,
    )
    is_over = session.scalar(card.limit(1)) is not None or ticket.status is Status.CLOSED
    if is_over or not ticket.is_confidential:
        raise Superseded(Reason.TICKET_MOVED_ON)
    content: Content = (context.translator("No. {number}", number=ticket.id), [])
    place = direct_message(context.person, None)
    return RenderedMessage(place.channel, place.slack_id, content[0], as_dicts(content[1]))


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.CONFIDENTIAL_WAITING: _waiting}
