"""What the card of a known outage says when it is sent."""

from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.outages.cards import card_text, outage_card
from bot.delivery import outbox
from bot.delivery.rendering.lookup import destination_team, fit
from bot.delivery.rendering.rendered import RenderedMessage, Superseded
from bot.services.outages import queries
from models.outbox.delivery import Delivery
from models.tickets.outage import Outage


def render_outage(session: Session, delivery: Delivery, _: Translator) -> RenderedMessage:
    """The one card of an outage, in its team's channel; in the default team's while that is out of reach.

    Raises `Superseded` when a later one follows, and `ChannelUnreachable` when no channel is known.
    """
    outage = session.get_one(Outage, delivery.outage_id)
    if outage.ts and outbox.is_superseded(session, delivery):
        raise Superseded("a later edit follows")
    channel = fit(session, outage.channel or destination_team(session, delivery).channel_id)
    away = _("For {team}, whose channel cannot be reached.", team=outage.team.name.in_(_.locale))
    following = queries.following(session, outage)
    blocks = outage_card(
        _,
        queries.known(session, outage),
        following,
        notice=None if channel == outage.team.channel_id else away,
    )
    return RenderedMessage(
        channel=channel,
        slack_id=None,
        text=card_text(_, outage, following),
        blocks=[block.to_dict() for block in blocks],
        edit_ts=outage.ts,
    )
