"""The living card of a known outage."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block

from blocks.kit.block_text import full_text
from blocks.outages.cards import card_text, outage_card
from blocks.outages.updates import due_message, due_text, update_message, update_text
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, destination_team, direct_message, require_fit
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.services.outages import queries
from models.outbox.details import OutageUpdateDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.outage import Outage, OutageEvent


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


def _update(context: RenderContext) -> Rendered:
    """An update, for one of the outage's followers. Raises `Superseded` once the outage is over: they are
    asked about its solution, and no more news comes."""
    outage = context.session.get_one(Outage, context.delivery.outage_id)
    if outage.is_over and not context.delivery.uncertain:
        raise Superseded(Reason.TICKET_MOVED_ON)
    told = context.delivery.details_as(OutageUpdateDetails).outage_event_id
    event = context.session.get_one(OutageEvent, told)
    _ = context.translator
    shown = _to_person(context, update_text(_, outage, event), update_message(_, outage, event))
    return replace(shown, only_if_posted=outage.is_over)


def _update_due(context: RenderContext) -> Rendered:
    """The reminder of the next update. Raises `Superseded` once it was sent or put off, or the outage is
    over."""
    outage = context.session.get_one(Outage, context.delivery.outage_id)
    assert context.delivery.started_at is not None
    if outage.next_update_at is None or outage.next_update_at > context.delivery.started_at:
        raise Superseded(Reason.ANSWERED_BEFORE)
    _ = context.translator
    return _to_person(context, due_text(_, outage), due_message(_, outage))


def _to_person(context: RenderContext, text: str, shown: Sequence[Block]) -> RenderedMessage:
    blocks = as_dicts(shown)
    destination = direct_message(context.person, None)
    return RenderedMessage(
        channel=destination.channel,
        slack_id=destination.slack_id,
        text=full_text(text, blocks),
        blocks=blocks,
    )


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.OUTAGE: _outage,
    DeliveryKind.OUTAGE_UPDATE: _update,
    DeliveryKind.UPDATE_DUE: _update_due,
}
