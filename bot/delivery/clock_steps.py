"""After a clock that was ahead has been set right: times that it wrote lie too far in the future.

No wait, lease or pause is longer than a known maximum; one that is was written by such a clock.
"""

from datetime import timedelta

from sqlalchemy import case, literal, update

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.failures.follow_up import DEFECT_PAUSE
from bot.delivery.failures.slack_errors import PAUSE_MAX
from bot.delivery.outbox import BACKOFF_MAX, DEFECTS_MAX, LEASE
from bot.notifications.mails import REMINDER_EVERY
from models.base import UtcDateTime
from models.outbox.delivery import Delivery, is_scheduled
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause

PAUSE = timedelta(seconds=PAUSE_MAX)
LONGEST = max(PAUSE, BACKOFF_MAX)
LONGEST_AFTER = max(REMINDER_EVERY, timedelta(days=1))  # version 0.1 queued e-mails a day ahead


def bring_near(uow: UnitOfWork) -> None:
    """Make what is due later than any wait due now, and shorten longer leases and pauses to one that began
    now: an attempt that holds such a lease has that long to finish."""
    now, later, own = uow.now, uow.now + LEASE, {"synchronize_session": False}
    pending = Delivery.state == DeliveryState.PENDING
    furthest = case(
        (is_scheduled(Delivery), literal(later + LONGEST_AFTER, UtcDateTime)),
        (Delivery.defects >= DEFECTS_MAX, literal(later + DEFECT_PAUSE, UtcDateTime)),
        else_=literal(later + LONGEST, UtcDateTime),
    )
    changes = (
        update(Delivery).where(pending, Delivery.due_at > furthest).values(due_at=now),
        update(Delivery)
        .where(pending, Delivery.lease_until > now + 2 * LEASE)
        .values(lease_until=now + LEASE),
        update(Pause).where(Pause.until > later + PAUSE).values(until=now + PAUSE),
    )
    for change in changes:
        uow.session.execute(change, execution_options=own)
