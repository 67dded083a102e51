"""Why a delivery never reached its requester, from the error of its last attempt; the team is notified.

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
    CommentNotSent,
    DeliveryError,
    Permanent,
)
from bot.notifications.undelivered import announce_undelivered
from bot.notifications.waits.outcome import keep_open, remind_again
from bot.services.approvals.dropping import drop_unreached
from bot.services.approvals.lookup import name_approvers
from bot.services.own_data.outcome import after_giving_up
from models.outbox.delivery import Delivery
from models.outbox.details import ApproversDetails, ReminderDetails
from models.outbox.kinds import UPDATE, DeliveryKind, Lane
from models.outbox.reasons import Reason, Undelivered

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

_SKIPPED: Mapping[Reason, Undelivered] = {
    Reason.ACCOUNT_DEACTIVATED: Undelivered.ACCOUNT_CLOSED,
    Reason.MAILS_EXHAUSTED: Undelivered.MAILS_EXHAUSTED,
}


def announce_dead(session: Session, delivery: Delivery, error: DeliveryError, *, now: datetime) -> None:
    """Tell the team of a delivery that is dead, or go on without it; `error`: that of its last attempt. An
    approver whom it was to ask is dropped."""
    if isinstance(delivery.details, ReminderDetails):
        keep_open(UnitOfWork(session, now), delivery, _why(delivery, error))
    elif isinstance(details := delivery.details, ApproversDetails):  # the step must not wait for nobody
        name_approvers(UnitOfWork(session, now), details.approval_id, [], is_fallback=details.is_fallback)
    elif delivery.kind is DeliveryKind.OWN_DATA:
        after_giving_up(UnitOfWork(session, now), delivery.id)
    elif delivery.kind is DeliveryKind.AGREEMENT:
        if delivery.method != UPDATE:  # an edit that fails leaves the message that asks
            drop_unreached(UnitOfWork(session, now), delivery)
    elif not isinstance(error, CommentNotSent):  # the line about that comment names its files
        announce_undelivered(UnitOfWork(session, now), delivery, _why(delivery, error))


def announce_skipped(session: Session, delivery: Delivery, reason: Reason, *, now: datetime) -> None:
    """Tell the team of a delivery that was skipped, if the requester misses it."""
    if isinstance(delivery.details, ReminderDetails):
        _follow_reminder(session, delivery, reason, now)
    elif delivery.kind is DeliveryKind.AGREEMENT:
        if reason in _SKIPPED:
            drop_unreached(UnitOfWork(session, now), delivery)
    elif reason in _SKIPPED:
        announce_undelivered(UnitOfWork(session, now), delivery, _SKIPPED[reason])


def _follow_reminder(session: Session, delivery: Delivery, reason: Reason, now: datetime) -> None:
    """A person who is gone gets no reminder; any other is still to be reminded."""
    if reason in _SKIPPED:
        keep_open(UnitOfWork(session, now), delivery, _SKIPPED[reason])
    else:
        remind_again(session, delivery, reason, now=now)


def _why(delivery: Delivery, error: DeliveryError) -> Undelivered:
    match error:
        case AddressMalformed():
            return Undelivered.ADDRESS_MALFORMED
        case AddressRefused():
            return Undelivered.ADDRESS_REFUSED
        case ChannelUnreachable():
            return Undelivered.NOT_ALLOWED
        case Permanent() if delivery.kind.description.lane is Lane.MAIL:
            return Undelivered.MAIL_REFUSED
        case Permanent():
            code = error.cause.code
            return next((why for why, codes in _CODES.items() if code in codes), Undelivered.REFUSED)
    return Undelivered.TOO_LATE  # it was retried until `MAIL_MAX` or `DEFECT_MAX`
