"""What follows for a delivery that was not sent: another attempt, a pause, another channel, or the end."""

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery import message_references, outbox
from bot.delivery.errors import (
    AccountClosed,
    CardGone,
    ChannelMoved,
    ChannelUnreachable,
    Defect,
    DeliveryError,
    LeaseLost,
    MethodPaused,
    Permanent,
    RateLimited,
    Retryable,
    SenderPaused,
)
from bot.delivery.failures.undelivered import announce_dead
from bot.delivery.outbox import DEFECTS_MAX
from bot.notifications.cards import refresh_card
from bot.notifications.confidential.waiting import announce_waiting
from bot.notifications.maintenance.pauses import PAUSED_FOR, pause, pause_channel
from bot.services import channels
from bot.services.announcements import channels as announcement_channels
from models.announcements.announcement import Announcement
from models.outbox.delivery import Delivery
from models.outbox.kinds import POST, DeliveryKind, DeliveryState, Lane
from models.outbox.reasons import CHANNEL_GONE, POSTING_RESTRICTED
from models.outbox.recipient import Recipient
from models.person import Person
from models.tickets.event import Event

# An e-mail that cannot be sent for so long is given up (RFC 5321, 4.5.4.1).
MAIL_MAX = timedelta(days=5)
# After `DEFECTS_MAX` unexpected errors a delivery is tried hourly, and given up a day after the first one.
DEFECT_PAUSE, DEFECT_MAX = timedelta(hours=1), timedelta(hours=24)
CHANNEL_PAUSE = timedelta(hours=1)
"""Until what is confidential tries its team's channel again; it is due at once when that was found fit."""
logger = logging.getLogger("guichet.deliveries")


def follow_up(session: Session, delivery: Delivery, error: DeliveryError, *, now: datetime) -> DeliveryState:
    """Have the delivery tried again, or give it up. Returns its state afterwards."""
    retry = partial(outbox.retry_later, session, delivery, cause=error.cause)
    if isinstance(error, ChannelUnreachable):
        if delivery.kind is DeliveryKind.ANNOUNCEMENT:
            _close_to_announcements(session, delivery, error)
        _save_restriction(session, delivery, error, now)
    match error:
        case RateLimited() | MethodPaused() | SenderPaused():
            _pause(session, delivery, error, now)
            # Due as before: after the pause it is sent in its order.
            method = delivery.method if isinstance(error, SenderPaused) else error.method
            retry(due_at=delivery.due_at, method=method, awaited_since=_awaited_since(error, now))
        case CardGone():
            if retry(due_at=now, method=POST):
                message_references.delete_reference(session, delivery)
        case ChannelMoved():
            retry(due_at=now)
        case AccountClosed():
            _close_account(session, delivery, error, now)
        case ChannelUnreachable() if message_references.can_fall_back(session, delivery):
            if retry(due_at=now):
                message_references.fall_back(session, delivery)
        case ChannelUnreachable() if message_references.keeps_to_own_channel(session, delivery):
            if retry(due_at=now + CHANNEL_PAUSE):
                announce_waiting(UnitOfWork(session, now), delivery)
        case Permanent():
            return _give_up(session, delivery, error, now)
        case Retryable() if _is_mail(delivery) and now - delivery.created_at >= MAIL_MAX:
            return _give_up(session, delivery, error, now)
        case Retryable(maybe_sent=maybe_sent):
            retry(due_at=now + outbox.backoff(delivery.attempt), maybe_sent=maybe_sent)
        case Defect():
            return _after_defect(session, delivery, error, now)
        case LeaseLost():
            logger.warning("an attempt at delivery %s was too late: another has it", delivery.id)
        case _:
            raise error
    return DeliveryState.PENDING


def _awaited_since(error: DeliveryError, now: datetime) -> datetime | None:
    """A delivery is not late while Slack's rate limit holds it."""
    return now + timedelta(seconds=error.seconds) if isinstance(error, RateLimited) else None


def _is_mail(delivery: Delivery) -> bool:
    return delivery.kind.description.lane is Lane.MAIL


def _pause(
    session: Session, delivery: Delivery, error: RateLimited | MethodPaused | SenderPaused, now: datetime
) -> None:
    """Pause what refused the delivery: a channel, a method or the whole sender."""
    if isinstance(error, RateLimited):
        _pause_for_rate_limit(session, delivery, error, now)
        return
    scope = error.method if isinstance(error, MethodPaused) else _sender(delivery)
    logger.error("sending by %s is stopped: %s", scope, error)
    pause(session, scope, until=now + PAUSED_FOR, cause=error.cause)


def _sender(delivery: Delivery) -> Lane:
    return delivery.kind.description.lane or Lane.SLACK


def _pause_for_rate_limit(session: Session, delivery: Delivery, error: RateLimited, now: datetime) -> None:
    """Pause the channel, or the method when a second channel is refused (docs.slack.dev, "Rate limits": a
    message a second for each channel, and a limit for the workspace)."""
    until = now + timedelta(seconds=error.seconds)
    if error.channel is None or not pause_channel(
        session, (error.method, error.channel), delivery.recipient, now=now, until=until
    ):
        pause(session, error.method, until=until, cause=error.cause)


def _close_account(session: Session, delivery: Delivery, error: AccountClosed, now: datetime) -> None:
    """Mark the person as deactivated: the next attempt skips the delivery. Without a person, or for one that
    is marked already, it waits as after any failure."""
    person = session.get(Person, delivery.person_id) if delivery.person_id else None
    is_new = person is not None and not person.is_deactivated
    due_at = now if is_new else now + outbox.backoff(delivery.attempt)
    if outbox.retry_later(session, delivery, due_at=due_at, cause=error.cause) and person:
        person.is_deactivated = True


def _after_defect(session: Session, delivery: Delivery, error: Defect, now: datetime) -> DeliveryState:
    """Later deliveries wait for it during the first attempts only: it may never be sent."""
    since = delivery.defect_at or now
    if now - since >= DEFECT_MAX:
        return _give_up(session, delivery, error, now)
    is_frequent = delivery.defects + 1 >= DEFECTS_MAX
    outbox.retry_later(
        session,
        delivery,
        due_at=now + (DEFECT_PAUSE if is_frequent else outbox.backoff(delivery.attempt)),
        cause=error.cause,
        maybe_sent=error.maybe_sent,
        defects=delivery.defects + 1,
        defect_at=since,
    )
    return DeliveryState.PENDING


def _give_up(session: Session, delivery: Delivery, error: DeliveryError, now: datetime) -> DeliveryState:
    if outbox.complete(session, delivery, DeliveryState.DEAD, now=now, cause=error.cause):
        logger.error("delivery %s is dead: %s", delivery.id, error)
        announce_dead(session, delivery, error, now=now)
    return DeliveryState.DEAD


def _close_to_announcements(session: Session, delivery: Delivery, error: ChannelUnreachable) -> None:
    """Announce nothing more in a channel that Slack refused, until it was read again."""
    announcement = session.get_one(Announcement, Recipient.parse(delivery.recipient).id)
    channel = announcement.place.channel_id
    if channel is not None and error.cause.code in CHANNEL_GONE:
        announcement_channels.note_gone(session, channel)
    elif channel is not None and error.cause.code in POSTING_RESTRICTED:
        announcement_channels.refuse(session, channel)


def _save_restriction(session: Session, delivery: Delivery, error: ChannelUnreachable, now: datetime) -> None:
    """Mark a team's channel as read-only when Slack refused a post in it: later cards do not try it. What was
    for a card's thread follows the card, which goes where another team reads it."""
    if error.cause.code not in POSTING_RESTRICTED or delivery.team_id is None:
        return
    channels.refuse(session, message_references.channel_of(session, delivery), now=now)
    if not delivery.kind.description.is_team_card and delivery.event_id is not None:
        event = session.get_one(Event, delivery.event_id)
        why = f"delivery {delivery.id} refused at {delivery.attempt}"
        refresh_card(UnitOfWork(session, now), event.ticket, event, why=why)
