"""The living card of a known outage."""

from collections.abc import Mapping

from blocks.kit.block_text import full_text
from blocks.outages.cards import card_text, outage_card
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, destination_team, require_fit
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.services.outages import queries
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.outage import Outage


def _outage(context: RenderContext) -> Rendered:
    """The one card of an outage, in its team's channel; in the default team's while that is out of reach.

    Raises `Superseded` when a later one follows, and `ChannelUnreachable` when no channel is known.
    """
    session, delivery, _ = context.session, context.delivery, context.translator
    outage = session.get_one(Outage, delivery.outage_id)
    if outage.ts and outbox.is_superseded(session, delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    channel = require_fit(session, outage.channel or destination_team(session, delivery).channel_id)
    away = _("For {team}, whose channel is unavailable.", team=outage.team.name.in_(_.locale))
    following = queries.following(session, outage)
    notice = None if channel == outage.team.channel_id else away
    blocks = as_dicts(outage_card(_, queries.known(session, outage), following, notice=notice))
    return RenderedMessage(
        channel=channel,
        slack_id=None,
        text=full_text(card_text(_, outage, following), blocks),
        blocks=blocks,
        edit_ts=outage.ts,
    )


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.OUTAGE: _outage}
