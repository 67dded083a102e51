"""The reading that confirms a departure, and the summary of what was released."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from blocks.departures import Summary, summary_message
from blocks.kit.block_text import full_text
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, require_fit
from bot.delivery.rendering.rendered import DepartureReading, Rendered, RenderedMessage
from bot.services.departures.queries import summary_counts
from models.departures.departure import Departure, DepartureState, ReleasedTicket
from models.outbox.details import DepartureDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.ticket import Ticket

LISTED = 20  # tickets; the others are in the queue


def _reading(context: RenderContext) -> Rendered:
    """Nothing is read for who is back, or when the team has another channel now. Who has no open ticket is
    read too: what they resolved may be refused later."""
    departure = _departure(context)
    is_same = departure.channel == departure.team.channel_id
    if not (is_same and departure.state is DepartureState.WAITING):
        raise Superseded(Reason.TICKET_MOVED_ON)
    return DepartureReading(departure.channel, departure.person.slack_id)


def _summary(context: RenderContext) -> Rendered:
    departure, now = _departure(context), context.delivery.started_at
    assert now is not None
    counts = summary_counts(context.session, departure)
    summary = Summary(
        departure, _listed(context, departure), counts, is_returnable=departure.is_returnable(now)
    )
    text, blocks = summary_message(context.translator, summary)
    as_sent = as_dicts(blocks)
    channel = departure.message_channel or departure.team.channel_id
    return RenderedMessage(
        channel=require_fit(context.session, channel),
        slack_id=None,
        text=full_text(text, as_sent),
        blocks=as_sent,
        edit_ts=departure.message_ts,
    )


def _listed(context: RenderContext, departure: Departure) -> Sequence[Ticket]:
    released = select(ReleasedTicket.ticket_id).where(ReleasedTicket.departure_id == departure.id)
    query = select(Ticket).where(Ticket.id.in_(released)).order_by(Ticket.id).limit(LISTED)
    return context.session.scalars(query).all()


def _departure(context: RenderContext) -> Departure:
    return context.session.get_one(Departure, context.delivery.details_as(DepartureDetails).departure_id)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.DEPARTURE: _reading,
    DeliveryKind.DEPARTURE_SUMMARY: _summary,
}
