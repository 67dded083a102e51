"""A clock that was ahead and was put right: what it said is due, leased or resting is so for far too long.

Nothing here is far ahead by itself: what is further than it can be was written by such a clock.
"""

from datetime import timedelta

from sqlalchemy import case, literal, update

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.failures import DEFECT_PAUSE, DEFECTS_MAX, PAUSE_MAX
from bot.delivery.outbox import BACKOFF_MAX, LEASE
from models.base import UtcDateTime
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause

REST = timedelta(seconds=PAUSE_MAX)
LONGEST = max(REST, BACKOFF_MAX)


def bring_near(uow: UnitOfWork) -> None:
    """What is due further ahead than any wait is due now; a lease or a rest that is longer than any ends when
    one that began now would. Who holds such a lease has that long to finish."""
    now, later, own = uow.now, uow.now + LEASE, {"synchronize_session": False}
    pending = Delivery.state == DeliveryState.PENDING
    furthest = case(
        (Delivery.defects >= DEFECTS_MAX, literal(later + DEFECT_PAUSE, UtcDateTime)),
        else_=literal(later + LONGEST, UtcDateTime),
    )
    changes = (
        update(Delivery).where(pending, Delivery.due_at > furthest).values(due_at=now),
        update(Delivery)
        .where(pending, Delivery.lease_until > now + 2 * LEASE)
        .values(lease_until=now + LEASE),
        update(Pause).where(Pause.until > later + REST).values(until=now + REST),
    )
    for change in changes:
        uow.session.execute(change, execution_options=own)
