"""The reminder in a requester's direct message: what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from blocks.kit.block_text import full_text
from blocks.tickets.requester.waiting import reminder
from bot.catalogue.calendar.stored import calendar_for
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, direct_message
from bot.delivery.rendering.rendered import MessageRemoval, Rendered, RenderedMessage, Sent
from bot.services.tickets.my_tickets import reminded_of
from bot.services.tickets.waits.reminders import MESSAGE_MAX, was_reminded_today
from models.calendar.working_days import is_open
from models.outbox.details import ReminderDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.outbox.reminder import Reminder
from models.tickets.ticket import Ticket


def _reminder(context: RenderContext) -> Rendered:
    """A new message in place of the former one; without tickets that are due, that one brought up to date."""
    waits, delivery = context.delivery.details_as(ReminderDetails).waits, context.delivery
    standing = context.session.get(Reminder, delivery.person_id)
    place = Sent(standing.channel, standing.ts) if standing and standing.channel and standing.ts else None
    if not waits:
        return _refreshed(context, place)
    assert delivery.started_at is not None
    reason = _reason_not_to(context, _due(context, waits), delivery.started_at)
    if reason and not delivery.uncertain:
        raise Superseded(reason)
    return replace(_message(context), replaces=place, only_if_posted=reason is not None)


def _refreshed(context: RenderContext, place: Sent | None) -> Rendered:
    if place is None:
        raise Superseded(Reason.NEVER_POSTED)
    rendered = _message(context)
    if not rendered.blocks[1:]:
        return MessageRemoval(place)
    return replace(rendered, channel=place.channel, edit_ts=place.ts)


def _reason_not_to(context: RenderContext, due: Sequence[Ticket], now: datetime) -> Reason | None:
    """Why the reminder is not sent now, though it was due when it was queued."""
    session, uow = context.session, UnitOfWork(context.session, now)
    if not due:
        return Reason.ANSWERED_BEFORE
    if was_reminded_today(session, context.person.id, now):
        return Reason.REMINDED_TODAY
    if not all(is_open(calendar_for(uow.session, ticket), now) for ticket in due):
        return Reason.OUTSIDE_HOURS
    return None


def _due(context: RenderContext, waits: Sequence[tuple[int, int]]) -> Sequence[Ticket]:
    """Those whose wait goes on, and which their requester has not put off since."""
    tickets = [(context.session.get_one(Ticket, number), wait) for number, wait in waits]
    return [each for each, wait in tickets if each.wait_event == wait and each.warned < each.reminded]


def _message(context: RenderContext) -> RenderedMessage:
    first = [number for number, _wait in context.delivery.details_as(ReminderDetails).waits]
    assert context.delivery.started_at is not None
    uow = UnitOfWork(context.session, context.delivery.started_at, settings=UseCaseSettings())
    waiting = reminded_of(uow, context.person.id, first, most=MESSAGE_MAX)
    headline, blocks = reminder(context.translator, waiting)
    shown, destination = as_dicts(blocks), direct_message(context.person, None)
    return RenderedMessage(
        channel=destination.channel,
        slack_id=destination.slack_id,
        text=full_text(headline, shown),
        blocks=shown,
    )


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.REMINDER: _reminder}
