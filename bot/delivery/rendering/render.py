"""What a delivery says, rendered from the database when it is sent.

No session is open while anything is sent: what is rendered holds all that its sender needs.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.delivery.errors import Superseded
from bot.delivery.rendering import (
    cards,
    files,
    message_drafts,
    outages,
    personal,
    promises,
    resolutions,
    targets,
)
from bot.delivery.rendering.announcements import announcement
from bot.delivery.rendering.confidential import waiting
from bot.delivery.rendering.confidential.confine import confine
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.conversation import approvals, approvers, prompts, reminders, threads
from bot.delivery.rendering.conversation.former_root import with_former_root
from bot.delivery.rendering.departures import summary
from bot.delivery.rendering.mails import mail
from bot.delivery.rendering.own_data import requests as own_data
from bot.delivery.rendering.rendered import ChannelReading, Rendered
from models.outbox.delivery import Delivery
from models.outbox.details import ChannelDetails, FileRemovalDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _channel(context: RenderContext) -> Rendered:
    details = context.delivery.details
    return ChannelReading(details.channel if isinstance(details, ChannelDetails) else None)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    **announcement.RENDERERS,
    **approvals.RENDERERS,
    **approvers.RENDERERS,
    **cards.RENDERERS,
    **waiting.RENDERERS,
    **files.RENDERERS,
    **mail.RENDERERS,
    **message_drafts.RENDERERS,
    **outages.RENDERERS,
    **own_data.RENDERERS,
    **personal.RENDERERS,
    **promises.RENDERERS,
    **targets.RENDERERS,
    **resolutions.RENDERERS,
    **threads.RENDERERS,
    **prompts.RENDERERS,
    **reminders.RENDERERS,
    **summary.RENDERERS,
    DeliveryKind.CHANNEL: _channel,
}
"""One for each kind that has a lane."""


def render(session: Session, delivery: Delivery, *, locale: str, escalate: str | None = None) -> Rendered:
    """What is to be sent; teams are written to in `locale`, people in their own. `escalate`: as in
    `RenderContext`.

    Raises `Superseded` when there is nothing left to send, `NotYet` when it is too early, and `Permanent`
    when there is no channel for it. A message that an earlier attempt may have posted is still looked for:
    people see it, press its buttons, write under it.
    """
    context = RenderContext(session, delivery, locale, escalate)
    if context.is_personal and context.person.is_deactivated:
        raise Superseded(Reason.ACCOUNT_DEACTIVATED)
    _require_remembered(context)
    return with_former_root(context, confine(context, RENDERERS[delivery.kind](context)))


def _require_remembered(context: RenderContext) -> None:
    """Raises `Superseded` for what is left to say of a ticket whose contents were erased."""
    delivery = context.delivery
    if delivery.ticket_id is None or isinstance(delivery.details, FileRemovalDetails):
        return
    if context.ticket.forgotten_at is not None:
        raise Superseded(Reason.TICKET_FORGOTTEN)
