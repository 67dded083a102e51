"""Why a delivery never reached its requester, of what its sender was refused; the team is told.

Slack's errors: docs.slack.dev, the pages of `chat.postMessage`, `conversations.open` and `files.*`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import (
    AddressMalformed,
    AddressRefused,
    ChannelUnreachable,
    DeliveryError,
    Permanent,
    WordsMissing,
)
from bot.notifications.undelivered import announce_undelivered
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import DEACTIVATED, Undelivered

_CODES: Mapping[Undelivered, Collection[str]] = {
    Undelivered.ACCOUNT_CLOSED: {"user_disabled"},
    Undelivered.NO_ACCOUNT: {"user_not_found", "users_not_found"},
    Undelivered.NOT_VISIBLE: {"user_not_visible"},
    Undelivered.AN_APP: {"cannot_dm_bot"},
    Undelivered.MESSAGES_OFF: {"messages_tab_disabled"},
    Undelivered.NOT_ALLOWED: {"access_denied", "invalid_user_combination"},
    Undelivered.TOO_LONG: {"msg_too_long", "msg_blocks_too_long"},
    Undelivered.STORAGE_FULL: {"storage_limit_reached"},
}


def tell_of_death(session: Session, delivery: Delivery, outcome: DeliveryError, *, now: datetime) -> None:
    """Tell the team of a delivery that is dead; `outcome`: how its last attempt ended."""
    if not isinstance(outcome, WordsMissing):  # the line about those words says it of their files
        announce_undelivered(UnitOfWork(session, now), delivery, _why(delivery, outcome))


def tell_of_closed_account(session: Session, delivery: Delivery, reason: str, *, now: datetime) -> None:
    """Tell the team of a delivery that was skipped because its account is deactivated, if that is why."""
    if reason == DEACTIVATED:
        announce_undelivered(UnitOfWork(session, now), delivery, Undelivered.ACCOUNT_CLOSED)


def _why(delivery: Delivery, outcome: DeliveryError) -> Undelivered:
    match outcome:
        case AddressMalformed():
            return Undelivered.ADDRESS_MALFORMED
        case AddressRefused():
            return Undelivered.ADDRESS_REFUSED
        case ChannelUnreachable():
            return Undelivered.NOT_ALLOWED
        case Permanent() if delivery.kind is DeliveryKind.MAIL:
            return Undelivered.MAIL_REFUSED
        case Permanent():
            code = outcome.reason.rpartition(": ")[2]
            return next((why for why, codes in _CODES.items() if code in codes), Undelivered.REFUSED)
    return Undelivered.TOO_LATE  # a failure that passes did not pass
