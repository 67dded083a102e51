"""The announcement of an outage in a channel of a site."""

from collections.abc import Mapping

from blocks.kit.block_text import full_text
from blocks.outages.announcements.message import announcement_message, announcement_text
from bot.delivery import outbox
from bot.delivery.errors import ChannelUnreachable, Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.services.announcements.choosing import is_kept_back
from bot.services.outages import queries
from models.announcements.announcement import Announcement, AnnouncementChannel
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.outbox.recipient import Recipient
from models.tickets.outage import Outage


def _announcement(context: RenderContext) -> Rendered:
    """The one message about an outage in a channel.

    Raises `Superseded` when a later one follows, or when the outage is over, or confidential, before it was
    announced; `ChannelUnreachable` when the channel is out of reach or shared.
    """
    session, delivery, _ = context.session, context.delivery, context.translator
    announcement = session.get_one(Announcement, Recipient.parse(delivery.recipient).id)
    outage = session.get_one(Outage, announcement.outage_id)
    if announcement.ts and outbox.is_superseded(session, delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    is_kept = is_kept_back(session, outage)
    is_too_late = announcement.ts is None and (outage.is_over or is_kept)
    if is_too_late and not delivery.uncertain:
        raise Superseded(Reason.NEVER_POSTED)
    known = queries.known(session, outage)
    blocks = as_dicts(announcement_message(_, known, is_kept_back=is_kept))
    return RenderedMessage(
        channel=_channel(announcement.place),
        slack_id=None,
        text=full_text(announcement_text(_, outage, is_kept_back=is_kept), blocks),
        blocks=blocks,
        edit_ts=announcement.ts,
        only_if_posted=is_too_late,
    )


def _channel(place: AnnouncementChannel) -> str:
    if place.channel_id is None or place.read_at is None:
        raise ChannelUnreachable(Reason.UNKNOWN_CHANNEL)
    if not place.is_fit:
        raise ChannelUnreachable(Reason.UNFIT_CHANNEL)
    return place.channel_id


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.ANNOUNCEMENT: _announcement}
