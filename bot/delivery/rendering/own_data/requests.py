"""A person's own data: what the message with it says, or that it could not be sent."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from blocks.kit.block_text import full_text
from blocks.own_data import message
from bot.context.actor import known_zone
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts
from bot.delivery.rendering.rendered import Rendered, RenderedMessage, RenderedOwnData
from bot.services.own_data.outcome import KEPT_FOR
from models.outbox.details import OwnDataDetails
from models.outbox.kinds import DeliveryKind


def _own_data(context: RenderContext) -> Rendered:
    person, _, now = context.person, context.translator, context.delivery.started_at
    assert now is not None
    here = now.astimezone(ZoneInfo(known_zone(person.time_zone, "UTC")))
    return RenderedOwnData(
        person_id=person.id,
        slack_id=person.slack_id,
        text=message.comment(_, (here + KEPT_FOR).date()),
        file_name=message.file_name(_, here.date()),
        file=context.delivery.details_as(OwnDataDetails).file,
    )


def _failure(context: RenderContext) -> Rendered:
    text, blocks = message.failure(context.translator)
    shown = as_dicts(blocks)
    return RenderedMessage(
        channel=context.person.dm_channel,
        slack_id=context.person.slack_id,
        text=full_text(text, shown),
        blocks=shown,
    )


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.OWN_DATA: _own_data,
    DeliveryKind.OWN_DATA_FAILURE: _failure,
}
