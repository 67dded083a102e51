"""What an attempt posted while its ticket was being forgotten, or its recipient erased."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.rendering.rendered import Outcome, Rendered, RenderedMessage, Sent
from bot.services.own_data.outcome import Posted
from bot.services.removals.queue import remove_message
from models.outbox.delivery import Delivery
from models.outbox.reasons import Reason


def remove_forgotten(
    session: Session, delivery: Delivery, rendered: Rendered, sent: Outcome, *, now: datetime
) -> bool:
    """Queue the deletion of a new message whose delivery was forgotten meanwhile. False: it was not."""
    row = session.get(Delivery, delivery.id, populate_existing=True)
    if row is not None and row.reason is not Reason.TICKET_FORGOTTEN:
        return False
    is_new_message = isinstance(rendered, RenderedMessage) and not rendered.edit_ts
    if isinstance(sent, Posted) or (isinstance(sent, Sent) and is_new_message):
        remove_message(UnitOfWork(session, now), sent.channel, sent.ts)
    return True
