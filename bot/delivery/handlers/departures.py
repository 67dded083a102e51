"""Reads from Slack whether somebody who left a team's channel is really gone."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import Retryable
from bot.delivery.failures.slack_errors import fail
from bot.delivery.rendering.rendered import DepartureReading, Presence
from bot.services.departures.release import confirm as confirm_departure
from bot.slack.client import UNANSWERED
from bot.slack.directory import Directory
from bot.slack.people.presence import NobodyRead
from bot.slack.unanswered import explain
from models.outbox.delivery import Delivery
from models.outbox.details import DepartureDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason

logger = logging.getLogger("guichet.deliveries")
METHOD = DeliveryKind.DEPARTURE.description.method


def read(directory: Directory | None, reading: DepartureReading, *, keep: Callable[[], None]) -> Presence:
    """Read the channel and all its members, with the time-outs of a sender. `keep`: called for each page.
    Raises what `fail` does, to be tried again."""
    assert directory is not None
    try:
        is_gone = directory.presence.is_gone(reading.channel, reading.slack_id, keep=keep)
    except UNANSWERED as error:
        _warn(reading.channel, explain(error))
        fail(METHOD, error)
    except NobodyRead as error:
        _warn(reading.channel, "it named nobody")
        raise Retryable(Reason.REMOTE_ERROR, METHOD) from error
    return Presence(is_gone)


def _warn(channel: str, why: str) -> None:
    logger.warning("Slack did not name all members of %s (%s): no ticket is released", channel, why)


def confirm(session: Session, delivery: Delivery, presence: Presence, *, now: datetime) -> None:
    """Note what was read, in the transaction that completes the delivery: both happen, or neither."""
    departure_id = delivery.details_as(DepartureDetails).departure_id
    confirm_departure(UnitOfWork(session, now), departure_id, is_gone=presence.is_gone)
