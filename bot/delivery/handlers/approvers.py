"""A delivery that sends nothing: the approvers of a step are read from Slack, then asked."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import Retryable, SenderPaused
from bot.delivery.failures.slack_errors import fail
from bot.delivery.rendering.rendered import ApproverReading, FoundApprovers
from bot.notifications.maintenance.lookups import METHODS
from bot.services.approvals.lookup import name_approvers
from bot.slack.client import UNANSWERED, AccessRefused
from bot.slack.directory import Directory
from models.errors import SlackUnavailable
from models.outbox.delivery import Delivery
from models.outbox.details import ApproversDetails
from models.outbox.reasons import Reason


def read(
    directory: Directory | None, reading: ApproverReading, *, keep: Callable[[], None]
) -> FoundApprovers:
    """Read them, with the time-outs of a sender. Whom Slack refuses for good is nobody. `keep`: called for
    each person. Raises what `fail` does, to be tried again."""
    assert directory is not None
    try:
        found = directory.approvers.find(reading.who, requester=reading.requester, keep=keep)
    except UNANSWERED as error:
        fail(METHODS[reading.who.source], error)
    except AccessRefused as error:
        raise SenderPaused(Reason.ACCESS_REFUSED, error.method, error.code) from error
    except SlackUnavailable as error:
        raise Retryable(Reason.REMOTE_ERROR, "users.info") from error
    return FoundApprovers(found.slack_ids, found.is_complete)


def name(
    session: Session,
    delivery: Delivery,
    found: FoundApprovers,
    *,
    now: datetime,
    settings: UseCaseSettings | None = None,
) -> None:
    """Ask them, in the transaction that completes the delivery: both happen, or neither."""
    details = delivery.details_as(ApproversDetails)
    uow = UnitOfWork(session, now, settings=settings or UseCaseSettings())
    name_approvers(
        uow,
        details.approval_id,
        found.slack_ids,
        is_fallback=details.is_fallback,
        is_complete=found.is_complete,
    )
